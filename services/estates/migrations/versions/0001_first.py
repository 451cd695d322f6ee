"""The first tables of estates."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.db import migration_steps as steps

revision = "estates_0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)
ORDER = ["received_at", "reference"]


def text(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def given(name: str) -> sa.Column[Any]:
    return text(name, nullable=False)


def instant(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, INSTANT, nullable=nullable)


def yes_or_no(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def small(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.SmallInteger(), nullable=nullable)


def json(name: str) -> sa.Column[Any]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=False)


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.reference"], name=op.f(f"fk_{table}_{column}_{to}"))


def numbered(table: str, key: str, *own: sa.Column[Any]) -> None:
    """A table of things that are numbered within a site."""
    op.create_table(
        table,
        given("reference"),
        number(key),
        *own,
        refers(table, "reference", "sites"),
        sa.PrimaryKeyConstraint("reference", key, name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    """Create them."""
    steps.create_shared_tables()
    steps.add_holidays_elsewhere()
    steps.add_standing()
    steps.note_created_cases()
    steps.add_calendar_changes()
    create_sites()
    create_work_at_sites()
    create_issues()
    create_referrals()
    create_attachments()
    steps.add_property_spellings("issues")


def create_sites() -> None:
    op.create_table(
        "sites",
        *steps.case_columns("sites"),
        given("name"),
        given("kind"),
        given("address"),
        given("key"),
        number("walking_order", nullable=True),
        small("landings"),
        json("landings_cleaned"),
        instant("cleaned_at"),
        number("clean", nullable=True),
        instant("inspected_at"),
        number("inspection", nullable=True),
        small("cleanliness", nullable=True),
        instant("retired_at"),
        text("why_retired"),
    )
    steps.keep_changes("sites")
    steps.create_list_indexes("sites")
    steps.add_residents("sites")
    op.create_index("ix_sites_kind", "sites", ["kind", *ORDER])
    op.create_index("ix_sites_key", "sites", ["key"])


def create_work_at_sites() -> None:
    numbered(
        "cleans",
        "sequence",
        instant("cleaned_at", nullable=False),
        sa.Column("parts", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("landings", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        yes_or_no("swept"),
        yes_or_no("complete"),
        given("told_by"),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_cleans_cleaned_at", "cleans", ["reference", "cleaned_at", "sequence"])
    op.create_index("ix_cleans_fingerprint", "cleans", ["reference", "fingerprint"], unique=True)
    numbered(
        "inspections",
        "sequence",
        instant("inspected_at", nullable=False),
        small("cleanliness"),
        text("notes"),
        given("inspected_by"),
    )
    op.create_index("ix_inspections_inspected_at", "inspections", ["reference", "inspected_at", "sequence"])
    numbered(
        "follow_ups",
        "number",
        number("inspection"),
        given("element"),
        instant("found_at", nullable=False),
        instant("resolved_at"),
        text("resolved_by"),
        text("caretaker"),
        text("notes"),
    )
    is_open = sa.text("resolved_at IS NULL")
    op.create_index("ix_follow_ups_open", "follow_ups", ["reference"], postgresql_where=is_open)
    numbered(
        "clearances",
        "number",
        sa.Column("planned_on", sa.Date(), nullable=False),
        text("partner"),
        given("planned_by"),
        yes_or_no("carried_out", nullable=True),
        instant("ended_at"),
        text("notes"),
    )
    is_planned = sa.text("carried_out IS NULL")
    op.create_index("ix_clearances_planned", "clearances", ["reference"], postgresql_where=is_planned)


def create_issues() -> None:
    op.create_table(
        "issues",
        *steps.case_columns("issues"),
        json("property"),
        given("kind"),
        yes_or_no("offensive"),
        yes_or_no("urgent"),
        text("site"),
        given("location"),
        given("description"),
        yes_or_no("by_appointment"),
        instant("appointment_at"),
        instant("attended_at"),
        instant("resolved_at"),
        text("resolution"),
        text("notes"),
        text("made_from"),
        refers("issues", "site", "sites"),
    )
    steps.keep_changes("issues")
    steps.create_list_indexes("issues")
    steps.create_property_indexes("issues")
    steps.add_residents("issues")
    op.create_index("ix_issues_kind", "issues", ["kind", *ORDER])
    has_site = sa.text("site IS NOT NULL")
    op.create_index("ix_issues_site", "issues", ["site", *ORDER], postgresql_where=has_site)
    op.create_index("ix_issues_is_urgent", "issues", ORDER, postgresql_where=sa.text("urgent"))
    op.create_index("ix_issues_urgent", "issues", [sa.text("(NOT urgent)"), *ORDER])
    offensive = sa.text("offensive")
    op.create_index("ix_issues_offensive", "issues", ["site", "received_at"], postgresql_where=offensive)
    is_open = sa.text("status <> 'resolved'")
    op.create_index("ix_issues_open", "issues", ["received_at"], postgresql_where=is_open)


def create_referrals() -> None:
    op.create_table(
        "issue_referrals",
        given("reference"),
        given("to"),
        text("reason"),
        given("referred_by"),
        instant("referred_at", nullable=False),
        text("taken_up_as"),
        instant("ended_at"),
        yes_or_no("dealt_with", nullable=True),
        refers("issue_referrals", "reference", "issues"),
        sa.PrimaryKeyConstraint("reference", "to", name=op.f("pk_issue_referrals")),
    )
    op.create_table(
        "taken_up",
        given("complaint"),
        given("reference"),
        number("times_asked"),
        instant("asked_at"),
        instant("ask_again_at", nullable=False),
        instant("answered_at"),
        refers("taken_up", "reference", "issues"),
        sa.PrimaryKeyConstraint("complaint", name=op.f("pk_taken_up")),
    )
    op.create_index(
        "ix_taken_up_unanswered",
        "taken_up",
        [sa.literal_column("asked_at NULLS FIRST")],
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def create_attachments() -> None:
    table = "attachments"
    op.create_table(
        table,
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
        refers(table, "reference", "issues"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint(
            "reference",
            "uploaded_by",
            "kind",
            "digest",
            name=op.f("uq_attachments_reference_uploaded_by_kind_digest"),
        ),
    )
