"""A fingerprint of all the words of a job update, in place of its type and time, as what makes it unique.

Two attempts to get in, or two operatives, of one second were taken for one.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "repairs_0003"
down_revision = "repairs_0002"

ROWS_AT_ONCE = 5000
SOME = sa.text(
    "SELECT number, type, occurred_at, recorded_at, recorded_by, firm, operative, notes, details"
    " FROM job_updates WHERE number > :after ORDER BY number LIMIT :limit"
)
FILL = sa.text(
    "UPDATE job_updates SET fingerprint = filled.fingerprint"
    " FROM unnest(CAST(:numbers AS bigint[]), CAST(:fingerprints AS bytea[])) AS filled (number, fingerprint)"
    " WHERE job_updates.number = filled.number"
)


def upgrade() -> None:
    """Fill it in for what was told so far: a phone may send that again."""
    op.add_column("job_updates", sa.Column("fingerprint", sa.LargeBinary(), nullable=True))
    connection = op.get_bind()
    for rows in _batches(connection):
        numbers = [row.number for row in rows]
        fingerprints = [_fingerprint(row) for row in rows]
        connection.execute(FILL, {"numbers": numbers, "fingerprints": fingerprints})
    op.alter_column("job_updates", "fingerprint", nullable=False)
    op.drop_constraint(op.f("uq_job_updates_reference_type_occurred_at"), "job_updates")
    op.create_unique_constraint(
        op.f("uq_job_updates_reference_fingerprint"), "job_updates", ["reference", "fingerprint"]
    )


def _batches(connection: sa.Connection) -> Iterator[list[Any]]:
    after = 0
    while rows := list(connection.execute(SOME, {"after": after, "limit": ROWS_AT_ONCE})):
        yield rows
        after = rows[-1].number


def _fingerprint(row: Any) -> bytes:
    """The hash that services/repairs/fingerprints.py made of these words when this was released."""
    told: dict[str, Any] = {**row.details, "type": row.type, "occurred_at": _zulu(row.occurred_at)}
    told |= {name: said for name in ("operative", "notes") if (said := getattr(row, name)) is not None}
    # one told without a time has that of its arrival
    if row.type == "completed" and row.occurred_at == row.recorded_at:
        del told["occurred_at"]
    elif row.occurred_at == row.recorded_at:
        told["occurred_at"] = row.occurred_at.astimezone(UTC).isoformat()
    slot = told.get("appointment", {}).get("slot_id")
    if slot is not None:  # its window is the slot's, and was not told
        told["appointment"] = {"slot_id": slot}
    told["by"] = {"firm": row.firm} if row.firm else {"subject": row.recorded_by}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).digest()


def _zulu(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
