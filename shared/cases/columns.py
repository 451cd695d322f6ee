"""The columns and indexes of every case's table."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import FetchedValue, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.tables import INSTANT, TransactionId


class CaseColumns:
    """Columns of every case; `version` is the sequence of its latest event, and its ETag.

    The last three are written by the database alone, at every insert and update (`keep_changes` in
    shared/db/migration_steps.py), and say which transaction wrote the row, when, and which was the oldest
    then running; queries.listed rests on them (docs/decisions/0017-changes-in-order.md).
    """

    # an update returns what the database wrote: nothing is loaded lazily
    __mapper_args__: ClassVar[dict[str, Any]] = {"eager_defaults": True}

    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]
    status: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(INSTANT)
    imported: Mapped[bool]
    department: Mapped[str] = mapped_column(Text)
    handler_name: Mapped[str | None] = mapped_column(Text)
    # the subject of the handler's token, where it is known
    handler_subject: Mapped[str | None] = mapped_column(Text)
    # a mapping; in a service that encrypts, ciphertext: read it by work.opened, write it by work.assign
    contact: Mapped[Any] = mapped_column(JSONB)
    # the identity of who reported it: the resident, or the client that did so on their behalf
    reported_by: Mapped[str] = mapped_column(Text)
    # the identity of the resident whose own it is: who reported it themselves, or has claimed it
    resident: Mapped[str | None] = mapped_column(Text)
    changed_in: Mapped[int] = mapped_column(TransactionId, FetchedValue(), server_onupdate=FetchedValue())
    changed_at: Mapped[datetime] = mapped_column(INSTANT, FetchedValue(), server_onupdate=FetchedValue())
    snapshot_xmin: Mapped[int] = mapped_column(TransactionId, FetchedValue(), server_onupdate=FetchedValue())

    @property
    def written_to(self) -> dict[str, Any]:
        """The contact that letters go to; a service may know better than who is named first."""
        contact: dict[str, Any] = self.contact
        return contact


class AccessColumns:
    """Columns of a case that not every officer of its department sees; see shared/cases/access.py."""

    # the scope without which no officer sees it
    needs_scope: Mapped[str | None] = mapped_column(Text)
    # the subjects of the officers who alone see it; none: everybody with the scope
    team: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    # the pseudonyms of the subjects of those who never see it (shared/caller.py)
    kept_from: Mapped[list[str] | None] = mapped_column(ARRAY(Text))


class PropertyColumns(CaseColumns):
    """Columns of a case about a home."""

    property: Mapped[dict[str, Any]] = mapped_column(JSONB)


def case_indexes(table: str) -> tuple[Index, ...]:
    """The indexes that serve queries.listed: one a filter, each with the order of the list in it.

    They are read forwards and backwards, so each serves both sorts. Every index costs each new case; so those
    about handlers are partial, and a case is in one of `unassigned` and `assigned`.
    """
    order = "received_at", "reference"
    return (
        # everybody's
        Index(f"ix_{table}_received_at", *order),
        # a resident's
        Index(f"ix_{table}_resident", "resident", *order, postgresql_where=text("resident IS NOT NULL")),
        # filters of the same names
        Index(f"ix_{table}_department", "department", *order),
        Index(f"ix_{table}_status", "status", *order),
        Index(f"ix_{table}_imported", "imported", *order),
        Index(
            f"ix_{table}_handler",
            "handler_subject",
            *order,
            postgresql_where=text("handler_subject IS NOT NULL"),
        ),
        # unassigned, true and false
        Index(f"ix_{table}_unassigned", *order, postgresql_where=text("handler_name IS NULL")),
        Index(f"ix_{table}_assigned", *order, postgresql_where=text("handler_name IS NOT NULL")),
        # updated_since: the pages, and the transaction that an instant begins with
        Index(f"ix_{table}_changed_in", "changed_in", "reference"),
        Index(f"ix_{table}_changed_at", "changed_at"),
    )


def property_indexes(table: str) -> tuple[Index, ...]:
    """The indexes that serve queries.listed for a home."""
    order = text("received_at"), text("reference")
    uprn, postcode = text("(property ->> 'uprn')"), text("(property ->> 'postcode')")
    has_uprn = text("(property ->> 'uprn') IS NOT NULL")
    # as references are compared
    key = text("ltrim(lower(property ->> 'property_reference'), '0')")
    has_reference = text("(property ->> 'property_reference') IS NOT NULL")
    return (
        Index(f"ix_{table}_uprn", uprn, *order, postgresql_where=has_uprn),
        Index(f"ix_{table}_property_reference", key, *order, postgresql_where=has_reference),
        Index(f"ix_{table}_postcode", postcode, *order),
    )
