"""The first tables of enquiries."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db import migration_steps as steps

revision = "enquiries_0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)


def text(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def given(name: str) -> sa.Column[Any]:
    return text(name, nullable=False)


def instant(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, INSTANT, nullable=nullable)


def day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=True)


def number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=nullable)


def of_enquiries(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_reference_enquiries")
    return sa.ForeignKeyConstraint(["reference"], ["enquiries.reference"], name=name)


def upgrade() -> None:
    """Create them."""
    steps.create_shared_tables()
    steps.add_holidays_elsewhere()
    steps.add_standing()
    steps.note_created_cases()
    steps.add_calendar_changes()
    steps.add_property_spellings()
    create_enquiries()
    create_messages()
    create_attachments_and_reasons()


def create_enquiries() -> None:
    op.create_table(
        "enquiries",
        *steps.case_columns("enquiries"),
        given("kind"),
        given("subject"),
        given("message"),
        sa.Column("resolved_at_first_contact", sa.Boolean(), nullable=False),
        day("expected_answer_on"),
        text("referred_to"),
        day("respond_by"),
        text("need"),
        instant("need_told_at"),
        instant("extended_at"),
        instant("complaint_requested_at"),
        text("about_reference"),
        text("made_from"),
    )
    steps.keep_changes("enquiries")
    steps.create_list_indexes("enquiries")
    steps.add_residents("enquiries")
    order = ["received_at", "reference"]
    op.create_index("ix_enquiries_kind", "enquiries", ["kind", *order])
    op.create_index(
        "ix_enquiries_about_reference",
        "enquiries",
        ["about_reference", *order],
        postgresql_where=sa.text("about_reference IS NOT NULL"),
    )


def create_messages() -> None:
    op.create_table(
        "messages",
        given("reference"),
        number("number"),
        number("sequence", nullable=True),
        given("kind"),
        given("subject"),
        given("text"),
        instant("written_at", nullable=False),
        given("written_by"),
        of_enquiries("messages"),
        sa.PrimaryKeyConstraint("reference", "number", name=op.f("pk_messages")),
    )
    op.create_table(
        "message_attachments",
        given("reference"),
        number("message"),
        number("number"),
        given("name"),
        given("media_type"),
        number("size"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference", "message"],
            ["messages.reference", "messages.number"],
            name=op.f("fk_message_attachments_reference_message_messages"),
        ),
        sa.PrimaryKeyConstraint("reference", "message", "number", name=op.f("pk_message_attachments")),
    )


def create_attachments_and_reasons() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        given("reference"),
        given("kind"),
        given("media_type"),
        number("size"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        instant("uploaded_at", nullable=False),
        given("uploaded_by"),
        text("firm"),
        text("firm_key"),
        of_enquiries("attachments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint(
            "reference",
            "uploaded_by",
            "kind",
            "digest",
            name=op.f("uq_attachments_reference_uploaded_by_kind_digest"),
        ),
    )
    op.create_table(
        "reasons",
        given("reference"),
        number("sequence"),
        given("act"),
        given("reason"),
        given("given_by"),
        instant("occurred_at", nullable=False),
        of_enquiries("reasons"),
        sa.PrimaryKeyConstraint("reference", "sequence", name=op.f("pk_reasons")),
    )
