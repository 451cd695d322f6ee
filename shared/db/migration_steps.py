"""Steps that every service's migrations take alike; a step once released never changes."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


def create_shared_tables() -> None:
    """Events, inbox and idempotency keys, as of the first version."""
    op.create_table(
        "calendar",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("official", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("official_as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
    )
    op.create_table(
        "events",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("reference", "sequence", name=op.f("pk_events")),
        postgresql_with={"fillfactor": "70", "autovacuum_vacuum_scale_factor": "0.02"},
    )
    op.create_index(
        "ix_events_unpublished",
        "events",
        ["position"],
        unique=False,
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(
        "ix_idempotency_keys_expires_at",
        "idempotency_keys",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.create_table(
        "inbox",
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("queue", "event_id", name=op.f("pk_inbox")),
    )


def add_holidays_elsewhere() -> None:
    """The bank holidays of other parts of the United Kingdom, which some periods leave out too."""
    op.add_column("calendar", sa.Column("elsewhere", postgresql.JSONB(astext_type=sa.Text()), nullable=True))


# The snapshot is taken before the clock is read: whatever was older than `snapshot_xmin` had then ended by
# `changed_at`, on which updated_since rests.
KEEP_CHANGE = """
CREATE OR REPLACE FUNCTION keep_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.changed_in := pg_current_xact_id();
    NEW.snapshot_xmin := pg_snapshot_xmin(pg_current_snapshot());
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
END $$"""
KEPT_CHANGE = """
ALTER TABLE {table}
    ADD handler_subject text,
    ADD changed_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
    ADD snapshot_xmin xid8 NOT NULL DEFAULT pg_snapshot_xmin(pg_current_snapshot()),
    ADD changed_at timestamptz NOT NULL DEFAULT clock_timestamp()"""
KEEPS_CHANGE = """
CREATE TRIGGER keep_change BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION keep_change()"""


def keep_changes(*tables: str) -> None:
    """The transaction that last wrote each row of these tables of cases, kept by the database itself.

    Defaults for what is inserted and a trigger for what is updated, so that no way of writing can forget it.
    """
    op.execute(KEEP_CHANGE)
    for table in tables:
        op.execute(KEPT_CHANGE.format(table=table))
        op.execute(KEEPS_CHANGE.format(table=table))


def create_list_indexes(table: str) -> None:
    """The indexes of a list of cases with its filters."""
    order = ["received_at", "reference"]
    subject, name = sa.text("handler_subject IS NOT NULL"), "handler_name IS {}NULL"
    op.create_index(f"ix_{table}_received_at", table, order)
    op.create_index(f"ix_{table}_department", table, ["department", *order])
    op.create_index(f"ix_{table}_status", table, ["status", *order])
    op.create_index(f"ix_{table}_imported", table, ["imported", *order])
    op.create_index(f"ix_{table}_handler", table, ["handler_subject", *order], postgresql_where=subject)
    op.create_index(f"ix_{table}_unassigned", table, order, postgresql_where=sa.text(name.format("")))
    op.create_index(f"ix_{table}_assigned", table, order, postgresql_where=sa.text(name.format("NOT ")))
    op.create_index(f"ix_{table}_changed_in", table, ["changed_in", "reference"])
    op.create_index(f"ix_{table}_changed_at", table, ["changed_at"])


def create_property_indexes(table: str) -> None:
    """The indexes of a list of cases about homes, by their UPRN and postcode."""
    order = ["received_at", "reference"]
    uprn, postcode = sa.text("(property ->> 'uprn')"), sa.text("(property ->> 'postcode')")
    has_uprn = sa.text("(property ->> 'uprn') IS NOT NULL")
    op.create_index(f"ix_{table}_uprn", table, [uprn, *order], postgresql_where=has_uprn)
    op.create_index(f"ix_{table}_postcode", table, [postcode, *order])


FIRST_KNOWN_RESIDENT = """
UPDATE {table} SET resident = events.facts ->> 'resident' FROM events
WHERE events.reference = {table}.reference AND events.sequence = 1
    AND events.facts ->> 'resident' IS NOT NULL"""


def add_residents(*tables: str) -> None:
    """The resident whose own each case of these tables is; of those that there are, who reported it."""
    for table in tables:
        op.add_column(table, sa.Column("resident", sa.Text(), nullable=True))
        op.execute(FIRST_KNOWN_RESIDENT.format(table=table))
        op.create_index(
            f"ix_{table}_resident",
            table,
            ["resident", "received_at", "reference"],
            postgresql_where=sa.text("resident IS NOT NULL"),
        )


def note_created_cases() -> None:
    """The case that was created with a stored answer, and its body as text, so that JSON can carry both."""
    op.add_column("idempotency_keys", sa.Column("reference", sa.Text(), nullable=True))
    op.alter_column(
        "idempotency_keys", "body", type_=sa.Text(), postgresql_using="convert_from(body, 'UTF8')"
    )


def add_standing() -> None:
    """A stored answer keeps the standing of the caller it was given to; answers kept before have none."""
    op.add_column("idempotency_keys", sa.Column("standing", postgresql.JSONB(), nullable=True))


def case_columns(table: str) -> list[sa.Column[Any] | sa.PrimaryKeyConstraint]:
    """The columns of every case, as of the first version, and the primary key of its table."""
    json, instant = postgresql.JSONB(astext_type=sa.Text()), sa.DateTime(timezone=True)
    return [
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_at", instant, nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("handler_name", sa.Text(), nullable=True),
        sa.Column("contact", json, nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f(f"pk_{table}")),
    ]


def add_property_spellings(*tables: str) -> None:
    """The spellings of each home, and for these tables of cases the index of those with a reference."""
    op.create_table(
        "property_spellings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uprn", sa.Text(), nullable=True),
        sa.Column("property_reference", sa.Text(), nullable=True),
        sa.Column("reference_key", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_property_spellings")),
    )
    op.create_index("ix_property_spellings_uprn", "property_spellings", ["uprn"])
    op.create_index("ix_property_spellings_reference_key", "property_spellings", ["reference_key"])
    key = sa.text("ltrim(lower(property ->> 'property_reference'), '0')")
    has_one = sa.text("(property ->> 'property_reference') IS NOT NULL")
    columns = [key, sa.text("received_at"), sa.text("reference")]
    for table in tables:
        op.create_index(f"ix_{table}_property_reference", table, columns, postgresql_where=has_one)


def add_callers() -> None:
    """The caller of each event, and an index by which the inbox's oldest notes are found."""
    op.add_column("events", sa.Column("caller", sa.Text(), nullable=True))
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"], postgresql_using="brin")


def add_calendar_changes() -> None:
    """The changes of the calendar, by which promises that were settled before keep their dates."""
    op.add_column("calendar", sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=True))


# A statement that would change nothing is refused too, so that a mistaken one is noticed where it is made.
KEEP_FOR_GOOD = """
CREATE OR REPLACE FUNCTION keep_for_good() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'rows are only ever added to %', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$"""
KEEPS_FOR_GOOD = """
CREATE TRIGGER keep_for_good BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION keep_for_good()"""


def keep_for_good(table: str) -> None:
    """Make a table append-only for every role: no row of it is changed or deleted."""
    op.execute(KEEP_FOR_GOOD)
    op.execute(KEEPS_FOR_GOOD.format(table=table))
