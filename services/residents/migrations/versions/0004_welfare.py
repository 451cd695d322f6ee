"""Worries about residents, who read them, and the problems that told of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.db import migration_steps as steps

revision = "residents_0004"
down_revision = "residents_0003"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    create_welfare()
    create_reads()
    create_referrals()


def create_welfare() -> None:
    json = postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "welfare",
        *steps.case_columns("welfare"),
        sa.Column("property", json, nullable=False),
        sa.Column("made_from", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("household", json, nullable=True),
        sa.Column("visited_at", INSTANT, nullable=True),
        sa.Column("seen", sa.Boolean(), nullable=True),
        sa.Column("visit_notes", sa.Text(), nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("closing_notes", sa.Text(), nullable=True),
    )
    steps.keep_changes("welfare")
    steps.create_list_indexes("welfare")
    steps.create_property_indexes("welfare")
    key = sa.text("ltrim(lower(property ->> 'property_reference'), '0')")
    columns = [key, sa.text("received_at"), sa.text("reference")]
    has_one = sa.text("(property ->> 'property_reference') IS NOT NULL")
    op.create_index("ix_welfare_property_reference", "welfare", columns, postgresql_where=has_one)
    steps.add_residents("welfare")


def create_reads() -> None:
    op.create_table(
        "welfare_reads",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.Column("read_by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_welfare_reads")),
        sa.ForeignKeyConstraint(
            ["reference"], ["welfare.reference"], name=op.f("fk_welfare_reads_reference_welfare")
        ),
    )
    op.create_index("ix_welfare_reads_reference", "welfare_reads", ["reference", "number"])


def create_referrals() -> None:
    op.create_table(
        "welfare_referrals",
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("times_asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("ask_again_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["reference"], ["welfare.reference"], name=op.f("fk_welfare_referrals_reference_welfare")
        ),
        sa.PrimaryKeyConstraint("issue", name=op.f("pk_welfare_referrals")),
    )
    op.create_index(
        "ix_welfare_referrals_unanswered",
        "welfare_referrals",
        [sa.literal_column("asked_at NULLS FIRST")],
        postgresql_where=sa.text("answered_at IS NULL"),
    )
