"""The first tables of residents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.db import migration_steps as steps

revision = "residents_0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    steps.create_shared_tables()
    steps.add_holidays_elsewhere()
    steps.add_standing()
    steps.note_created_cases()
    steps.add_calendar_changes()
    _create_homes()
    _create_tenancies()
    _create_reads()
    _create_attachments()
    steps.add_property_spellings("tenancies")


def _create_homes() -> None:
    op.create_table(
        "homes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("uprn", sa.Text(), nullable=True),
        sa.Column("property_reference", sa.Text(), nullable=True),
        sa.Column("reference_key", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("block", sa.Text(), nullable=True),
        sa.Column("estate", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_homes")),
        sa.UniqueConstraint("uprn", name=op.f("uq_homes_uprn")),
        sa.UniqueConstraint("reference_key", name=op.f("uq_homes_reference_key")),
    )
    op.create_index("ix_homes_postcode", "homes", ["postcode", "id"])


def _create_tenancies() -> None:
    json, instant = postgresql.JSONB(astext_type=sa.Text()), sa.DateTime(timezone=True)
    op.create_table(
        "tenancies",
        *steps.case_columns("tenancies"),
        sa.Column("property", json, nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("joint_tenants", json, nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("care_leaver", sa.Boolean(), nullable=False),
        sa.Column("vulnerable", sa.Boolean(), nullable=False),
        sa.Column("visit_at", instant, nullable=True),
        sa.Column("visited_at", instant, nullable=True),
        sa.Column("identification_shown", sa.Boolean(), nullable=True),
        sa.Column("support_plan", json, nullable=True),
        sa.Column("why_no_plan", sa.Text(), nullable=True),
        sa.Column("plan_asked_for_at", instant, nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["home"], ["homes.id"], name=op.f("fk_tenancies_home_homes")),
    )
    steps.keep_changes("tenancies")
    steps.create_list_indexes("tenancies")
    steps.create_property_indexes("tenancies")
    steps.add_residents("tenancies")
    not_ended = sa.text("status <> 'ended'")
    op.create_index("ix_tenancies_home", "tenancies", ["home"], postgresql_where=not_ended)


def _create_reads() -> None:
    op.create_table(
        "reads",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_reads")),
        sa.ForeignKeyConstraint(
            ["reference"], ["tenancies.reference"], name=op.f("fk_reads_reference_tenancies")
        ),
    )
    op.create_index("ix_reads_reference", "reads", ["reference", "number"])


def _create_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("firm", sa.Text(), nullable=True),
        sa.Column("firm_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reference"], ["tenancies.reference"], name=op.f("fk_attachments_reference_tenancies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint(
            "reference",
            "uploaded_by",
            "kind",
            "digest",
            name=op.f("uq_attachments_reference_uploaded_by_kind_digest"),
        ),
    )
