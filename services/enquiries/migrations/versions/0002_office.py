"""Mails, calls, visits, appointments, feedback, and what complaints ask for."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db import migration_steps as steps

revision = "enquiries_0002"
down_revision = "enquiries_0001"

INSTANT = sa.DateTime(timezone=True)


def text(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def given(name: str) -> sa.Column[Any]:
    return text(name, nullable=False)


def instant(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, INSTANT, nullable=nullable)


def yes_or_no(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def upgrade() -> None:
    """Create their tables."""
    create_taken_up()
    create_mails()
    create_cases("calls", *of_a_call())
    op.create_index(
        "ix_calls_call_id", "calls", ["call_id"], unique=True, postgresql_where=sa.text("call_id IS NOT NULL")
    )
    create_cases("visits", *of_a_visit())
    create_cases("appointments", *of_an_appointment())
    create_cases("feedback", *of_feedback())
    create_improvements()


def create_taken_up() -> None:
    op.create_table(
        "taken_up",
        given("complaint"),
        given("reference"),
        sa.Column("times_asked", sa.Integer(), nullable=False),
        instant("asked_at"),
        instant("ask_again_at", nullable=False),
        instant("answered_at"),
        sa.ForeignKeyConstraint(
            ["reference"], ["enquiries.reference"], name=op.f("fk_taken_up_reference_enquiries")
        ),
        sa.PrimaryKeyConstraint("complaint", name=op.f("pk_taken_up")),
    )
    op.create_index(
        "ix_taken_up_unanswered",
        "taken_up",
        [sa.literal_column("asked_at NULLS FIRST")],
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def create_mails() -> None:
    op.create_table(
        "inbound_mails",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        text("reference"),
        given("outcome"),
        given("written_by"),
        given("sender"),
        yes_or_no("acknowledged", nullable=False),
        instant("received_at", nullable=False),
        text("subject"),
        text("text"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_inbound_mails")),
    )
    op.create_index(
        "ix_inbound_mails_acknowledged",
        "inbound_mails",
        ["sender", "received_at"],
        postgresql_where=sa.text("acknowledged"),
    )
    op.create_index("ix_inbound_mails_reference", "inbound_mails", ["reference", "received_at"])


def create_cases(table: str, *own: sa.Column[Any]) -> None:
    op.create_table(table, *steps.case_columns(table), *own)
    steps.keep_changes(table)
    steps.create_list_indexes(table)
    steps.add_residents(table)


def of_a_call() -> tuple[sa.Column[Any], ...]:
    return (
        text("call_id"),
        instant("answered_at"),
        instant("abandoned_at"),
        text("answered_in"),
        yes_or_no("resolved_at_first_contact"),
        text("referred_to"),
        sa.Column("expected_answer_on", sa.Date(), nullable=True),
        yes_or_no("told_about_online", nullable=False),
        text("recording_reference"),
    )


def of_a_visit() -> tuple[sa.Column[Any], ...]:
    return (
        text("subject"),
        text("access_needs"),
        instant("seen_at"),
        instant("left_at"),
        text("passed_to"),
        yes_or_no("resolved_at_first_contact"),
    )


def of_an_appointment() -> tuple[sa.Column[Any], ...]:
    return (
        given("subject"),
        instant("at", nullable=False),
        given("place"),
        text("access_needs"),
        yes_or_no("private_room", nullable=False),
        yes_or_no("kept"),
        yes_or_no("identification_shown"),
        yes_or_no("access_needs_met"),
        text("notes"),
    )


def of_feedback() -> tuple[sa.Column[Any], ...]:
    return (
        given("about"),
        given("kind"),
        sa.Column("score", sa.Integer(), nullable=True),
        text("comment"),
        text("about_reference"),
        text("follow_up"),
        instant("complaint_requested_at"),
    )


def create_improvements() -> None:
    op.create_table(
        "improvements",
        sa.Column("id", sa.Uuid(), nullable=False),
        given("about"),
        given("you_said"),
        given("we_did"),
        sa.Column("done_on", sa.Date(), nullable=False),
        given("noted_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvements")),
    )
