"""The first tables of complaints."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.db import migration_steps as steps

revision = "complaints_0001"
down_revision = None

JSON = postgresql.JSONB(astext_type=sa.Text())
INSTANT = sa.DateTime(timezone=True)


def text(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def given(name: str) -> sa.Column[Any]:
    return text(name, nullable=False)


def instant(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, INSTANT, nullable=nullable)


def json(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, JSON, nullable=nullable)


def of_complaints(table: str, column: str = "reference") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["complaints.reference"], name=op.f(f"fk_{table}_{column}_complaints")
    )


def upgrade() -> None:
    """Create them."""
    steps.create_shared_tables()
    steps.add_holidays_elsewhere()
    steps.add_standing()
    steps.note_created_cases()
    steps.add_calendar_changes()
    create_complaints()
    create_stages()
    create_promised_actions()
    create_letters()
    create_referrals()
    create_attachments_and_reasons()


def create_complaints() -> None:
    op.create_table(
        "complaints",
        *steps.case_columns("complaints"),
        json("property"),
        given("about"),
        text("about_reference"),
        given("ombudsman"),
        text("needs_scope"),
        given("description"),
        json("points"),
        text("outcome_sought"),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("aware_on", sa.Date(), nullable=True),
        json("representative", nullable=True),
        json("complainants"),
        json("hazard", nullable=True),
        text("route"),
        json("triage", nullable=True),
        instant("escalated_at"),
        text("made_from"),
    )
    steps.keep_changes("complaints")
    steps.create_list_indexes("complaints")
    steps.create_property_indexes("complaints")
    steps.add_residents("complaints")
    op.create_index("ix_complaints_about", "complaints", ["about", "received_at", "reference"])


def create_stages() -> None:
    op.create_table(
        "stages",
        given("reference"),
        sa.Column("stage", sa.SmallInteger(), autoincrement=False, nullable=False),
        instant("acknowledged_at"),
        text("method"),
        text("understanding"),
        text("next_steps"),
        sa.Column("extended_by", sa.Integer(), nullable=True),
        text("extension_reason"),
        text("good_reason"),
        text("approved_by"),
        instant("responded_at"),
        text("responded_by"),
        text("handler_name"),
        text("handler_subject"),
        text("outcome"),
        text("findings"),
        json("points"),
        json("remedies"),
        text("learning"),
        of_complaints("stages"),
        sa.PrimaryKeyConstraint("reference", "stage", name=op.f("pk_stages")),
    )


def create_promised_actions() -> None:
    op.create_table(
        "promised_actions",
        given("reference"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        given("origin"),
        given("description"),
        text("owner"),
        sa.Column("amount", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("by", sa.Date(), nullable=True),
        instant("completed_at"),
        text("notes"),
        of_complaints("promised_actions"),
        sa.PrimaryKeyConstraint("reference", "number", name=op.f("pk_promised_actions")),
    )
    op.create_table(
        "ombudsman_cases",
        given("reference"),
        text("their_reference"),
        instant("referred_at"),
        instant("determined_at"),
        text("determination"),
        text("findings"),
        of_complaints("ombudsman_cases"),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_ombudsman_cases")),
    )


def create_letters() -> None:
    op.create_table(
        "letters",
        given("reference"),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        given("kind"),
        given("subject"),
        given("text"),
        given("html"),
        instant("written_at", nullable=False),
        of_complaints("letters"),
        sa.PrimaryKeyConstraint("reference", "sequence", name=op.f("pk_letters")),
    )
    op.create_index("ix_letters_kind", "letters", ["reference", "kind", "sequence"])


def create_referrals() -> None:
    op.create_table(
        "referrals",
        given("reference"),
        given("referral"),
        given("service"),
        instant("referred_at", nullable=False),
        text("taken_up_as"),
        of_complaints("referrals"),
        sa.PrimaryKeyConstraint("reference", "referral", name=op.f("pk_referrals")),
    )
    op.create_table(
        "sources",
        given("source"),
        given("service"),
        given("complaint"),
        sa.Column("times_asked", sa.Integer(), nullable=False),
        instant("asked_at"),
        instant("ask_again_at", nullable=False),
        instant("answered_at"),
        of_complaints("sources", "complaint"),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_sources")),
        sa.UniqueConstraint("complaint", name=op.f("uq_sources_complaint")),
    )
    op.create_index(
        "ix_sources_unanswered",
        "sources",
        [sa.literal_column("asked_at NULLS FIRST"), "source"],
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def create_attachments_and_reasons() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        given("reference"),
        given("kind"),
        given("media_type"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        instant("uploaded_at", nullable=False),
        given("uploaded_by"),
        text("firm"),
        text("firm_key"),
        of_complaints("attachments"),
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
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        given("act"),
        given("reason"),
        given("given_by"),
        instant("occurred_at", nullable=False),
        of_complaints("reasons"),
        sa.PrimaryKeyConstraint("reference", "sequence", name=op.f("pk_reasons")),
    )
