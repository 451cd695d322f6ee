"""Texts are compared as people read them: firms, homes and postcodes that are stored get their forms.

By byte, "Demo-Contractor" saw none of the jobs of "demo-contractor", and one boiler was registered twice. The
forms are those of the running code, which compares with them: whoever changes that writes them all again.
"""

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.repairs.appliances.policy import home_of
from shared.cases.contact import as_kept
from shared.text import canonical_postcode, compared

revision = "repairs_0005"
down_revision = "repairs_0004"

ROWS_AT_ONCE = 5000
# by table: the column with a firm's name, and that with the form in which firms are compared
FIRMS = (
    ("repairs", "contractor", "contractor_key"),
    ("slots", "contractor", "contractor_key"),
    ("attachments", "firm", "firm_key"),
    ("job_updates", "firm", "firm"),
)
ASSIGNED = "type = 'repairs.repair-assigned'"


def upgrade() -> None:
    """Fill them in; a postcode that does not look like one stays as it is."""
    op.add_column("repairs", sa.Column("contractor_key", sa.Text(), nullable=True))
    op.add_column("repairs", sa.Column("firms", ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.add_column("slots", sa.Column("contractor_key", sa.Text(), nullable=True))
    op.add_column("attachments", sa.Column("firm_key", sa.Text(), nullable=True))
    connection = op.get_bind()
    for table, name, key in FIRMS:
        _map_distinct(connection, table, name, key)
    _note_firms_of_repairs(connection)
    _rewrite(connection, "repairs", _repair)
    _rewrite(connection, "appliances", _appliance)
    op.alter_column("repairs", "firms", server_default=None)
    op.alter_column("slots", "contractor_key", nullable=False)
    op.drop_index("ix_repairs_contractor", table_name="repairs")
    op.create_index(
        "ix_repairs_contractor_key",
        "repairs",
        ["contractor_key"],
        unique=False,
        postgresql_where=sa.text("contractor_key IS NOT NULL"),
    )


def _map_distinct(connection: sa.Connection, table: str, name: str, key: str) -> None:
    """There are few firms, however many jobs each has."""
    names = connection.scalars(sa.text(f"SELECT DISTINCT {name} FROM {table} WHERE {name} IS NOT NULL"))
    for given in names.all():
        values = {"name": given, "key": compared(given)}
        connection.execute(sa.text(f"UPDATE {table} SET {key} = :key WHERE {name} = :name"), values)


def _note_firms_of_repairs(connection: sa.Connection) -> None:
    """The events tell of every firm that has or had a job."""
    names = connection.scalars(sa.text(f"SELECT DISTINCT facts->>'contractor' FROM events WHERE {ASSIGNED}"))
    had = sa.text(
        f"UPDATE repairs SET firms = array_append(array_remove(firms, :key), :key) WHERE reference IN"
        f" (SELECT reference FROM events WHERE {ASSIGNED} AND facts->>'contractor' = :name)"
    ).bindparams(sa.bindparam("key", type_=sa.Text), sa.bindparam("name", type_=sa.Text))
    for given in names.all():
        connection.execute(had, {"name": given, "key": compared(given)})


def _rewrite(connection: sa.Connection, table: str, changed: Callable[[Any], dict[str, Any]]) -> None:
    """Write these columns of every row anew, some rows at a time."""
    for rows in _batches(connection, table):
        for row in rows:
            values = changed(row)
            given = ", ".join(f"{name} = :{name}" for name in values)
            statement = sa.text(f"UPDATE {table} SET {given} WHERE reference = :reference")
            objects = [name for name, value in values.items() if isinstance(value, dict)]
            typed = statement.bindparams(*(sa.bindparam(name, type_=JSONB) for name in objects))
            connection.execute(typed, {"reference": row.reference, **values})


def _batches(connection: sa.Connection, table: str) -> Iterator[list[Any]]:
    some = sa.text(
        f"SELECT reference, property, contact FROM {table} WHERE reference > :after"
        " ORDER BY reference LIMIT :limit"
    )
    after = ""
    while rows := list(connection.execute(some, {"after": after, "limit": ROWS_AT_ONCE})):
        yield rows
        after = rows[-1].reference


def _repair(row: Any) -> dict[str, Any]:
    return {"property": _property(row.property), "contact": as_kept(row.contact)}


def _appliance(row: Any) -> dict[str, Any]:
    home = _property(row.property)
    return {
        "property": home,
        "home": home_of(home.get("uprn"), home["address"], home["postcode"]),
    }


def _property(stored: dict[str, Any]) -> dict[str, Any]:
    """A home with its postcode and UPRN in the one form that each has."""
    home = {**stored, "postcode": canonical_postcode(stored["postcode"]) or stored["postcode"]}
    if uprn := stored.get("uprn"):
        home["uprn"] = uprn.lstrip("0") or uprn
    return home
