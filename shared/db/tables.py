"""The tables that every service's database has besides its own."""

from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import UserDefinedType

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
INSTANT = DateTime(timezone=True)


class TransactionId(UserDefinedType[int]):
    """PostgreSQL's xid8: the id of a transaction, which never wraps around."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


ischema_names["xid8"] = TransactionId  # so that a table that is read back has it too

_shared = MetaData(naming_convention=NAMING)

# Queue-like: rows are written once and updated twice soon after, so leave room in the page and vacuum early.
events = Table(
    "events",
    _shared,
    Column("reference", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("position", BigInteger, Identity(), nullable=False),
    Column("id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("occurred_at", INSTANT, nullable=False),
    Column("recorded_at", INSTANT, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("request_id", Text),
    # whose act it was, which is never published; null: recorded before callers were kept
    Column("caller", Text),
    Column("published_at", INSTANT),
    Column("leased_by", Uuid),
    Column("leased_until", INSTANT),
    PrimaryKeyConstraint("reference", "sequence"),
    # serves outbox.claim
    Index("ix_events_unpublished", "position", postgresql_where=text("published_at IS NULL")),
    postgresql_with={"fillfactor": "70", "autovacuum_vacuum_scale_factor": "0.02"},
)

inbox = Table(
    "inbox",
    _shared,
    Column("queue", Text, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("received_at", INSTANT, nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("queue", "event_id"),
    # serves inbox.forget; rows come in the order of their time, so a few pages are all it needs
    Index("ix_inbox_received_at", "received_at", postgresql_using="brin"),
)

idempotency_keys = Table(
    "idempotency_keys",
    _shared,
    Column("caller", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    # the caller's roles, scopes, departments and firm; null: kept before they were
    Column("standing", JSONB(none_as_null=True)),
    Column("status", SmallInteger, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("body", Text, nullable=False),
    # the case that was created under the key; null: the answer to an act, or kept before cases were noted
    Column("reference", Text),
    Column("created_at", INSTANT, nullable=False),
    # null: kept for good, as the key of a row imported from an old system is
    Column("expires_at", INSTANT),
    PrimaryKeyConstraint("caller", "key"),
    Index("ix_idempotency_keys_expires_at", "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
)

# One row: the holidays and closures that this service counts with; absent until they first differ from
# the bundled list.
calendar = Table(
    "calendar",
    _shared,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    # {"2026-12-25": "Christmas Day"}; null: the bundled list
    Column("official", JSONB),
    Column("official_as_of", INSTANT),
    Column("closures", JSONB, nullable=False),
    # bank holidays of other parts of the United Kingdom alone; null: the bundled list
    Column("elsewhere", JSONB),
    # each {"at", "days_off", "day", "was"}, in order of time; null: none is known
    Column("changes", JSONB),
)

# The address book as far as every service must know it: how each home is spelt. It is fed by residents'
# events, and read when cases are looked for by a spelling that they were not reported with.
property_spellings = Table(
    "property_spellings",
    _shared,
    # the id of the home in the address book
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("uprn", Text),
    Column("property_reference", Text),
    # as references are compared
    Column("reference_key", Text),
    # serve shared/cases/address_book.py
    Index("ix_property_spellings_uprn", "uprn"),
    Index("ix_property_spellings_reference_key", "reference_key"),
)


def table_of(model: type[DeclarativeBase]) -> Table:
    """The table behind a model, for statements over many rows that need no objects."""
    return cast(Table, model.__table__)


def service_metadata() -> MetaData:
    """A service's own metadata, with the shared tables already in it."""
    metadata = MetaData(naming_convention=NAMING)
    for table in _shared.sorted_tables:
        table.to_metadata(metadata)
    return metadata
