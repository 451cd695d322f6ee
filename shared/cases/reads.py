"""The audit of reads: who read what is kept of a person, when, and what for.

A read is noted in the unit of work that reads, which is committed before the answer is sent: nothing is shown
that was not noted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import BigInteger, Identity, Table, Text, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from shared.caller import Role
from shared.cases.formats import Instant
from shared.cases.schemas import AnswerModel
from shared.db.bulk_insert import ROWS, as_json, insert_rows
from shared.db.tables import INSTANT
from shared.http.paging import PageRequest
from shared.telemetry import request_id
from shared.work import UnitOfWork

REPLAYED = "was shown a stored answer again"
"""The purpose of a read by an Idempotency-Key that was answered before."""


class ReadColumns:
    """Columns of a service's table of reads; the table adds the foreign key of its cases and their index."""

    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    reference: Mapped[str] = mapped_column(Text)
    read_at: Mapped[datetime] = mapped_column(INSTANT)
    # the subject of a token, with its sign-in where that is not ours
    read_by: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(Text)


AnyRead = TypeVar("AnyRead", bound=ReadColumns)


@dataclass(frozen=True, slots=True)
class Reading:
    """One read of a case: what it is for, and the request whose logs tell more."""

    reference: str
    purpose: str
    request_id: str | None


_COLUMNS = ("reference", "read_at", "read_by", "role", "purpose", "request_id")


class ReadOut(AnswerModel):
    """One read: who, in which role, when, and what for; `request_id` finds it in the logs."""

    read_at: Instant
    read_by: str
    role: str
    purpose: str
    request_id: str | None


def note_reads(work: UnitOfWork, table: type[AnyRead], references: Iterable[str], purpose: str) -> None:
    """Note that the caller reads these cases."""
    here = request_id.get()
    rows = _rows(work, (Reading(reference, purpose, here) for reference in references))
    work.session.add_all(table(**row) for row in rows)


async def note_readings(work: UnitOfWork, table: type[AnyRead], readings: Sequence[Reading]) -> None:
    """Note, by one statement, many reads that the caller asked for together."""
    if readings:
        insert = insert_rows(cast(Table, inspect(table).local_table), _COLUMNS)
        await work.session.execute(insert, {ROWS: as_json(_rows(work, readings))})


def _rows(work: UnitOfWork, readings: Iterable[Reading]) -> list[dict[str, Any]]:
    caller = work.caller
    role = next((str(role) for role in Role if caller.is_a(role)), "")
    read = {"read_at": work.now, "read_by": caller.identity, "role": role}
    return [{**asdict(reading), **read} for reading in readings]


async def reads_of(
    work: UnitOfWork, table: type[AnyRead], reference: str, page: PageRequest
) -> tuple[Sequence[AnyRead], str | None]:
    """A page of the reads of a case, the latest first, and the cursor of the next."""
    query = select(table).where(table.reference == reference)
    if (after := page.after(1)) is not None:
        query = query.where(table.number < int(after[0]))
    rows = (await work.session.scalars(query.order_by(table.number.desc()).limit(page.limit + 1))).all()
    return page.cut(rows, lambda row: (row.number,))
