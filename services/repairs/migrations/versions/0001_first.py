"""The first tables of repairs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migration_steps import create_shared_tables

revision = "repairs_0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    create_shared_tables()
    op.create_table(
        "repairs",
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("property", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("vulnerable", sa.Boolean(), nullable=False),
        sa.Column("other_working_toilet", sa.Boolean(), nullable=True),
        sa.Column("caused_by_resident", sa.Boolean(), nullable=False),
        sa.Column("handyperson", sa.Boolean(), nullable=False),
        sa.Column("contractor", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("handler_name", sa.Text(), nullable=True),
        sa.Column("contact", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_repairs")),
    )
    op.create_index(
        "ix_repairs_contractor",
        "repairs",
        ["contractor"],
        unique=False,
        postgresql_where=sa.text("contractor IS NOT NULL"),
    )
    op.create_index(
        "ix_repairs_received_at",
        "repairs",
        [sa.literal_column("received_at DESC"), sa.literal_column("reference DESC")],
        unique=False,
    )
    op.create_index("ix_repairs_reported_by", "repairs", ["reported_by"], unique=False)
    op.create_table(
        "job_updates",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("operative", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference"], ["repairs.reference"], name=op.f("fk_job_updates_reference_repairs")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_job_updates")),
        sa.UniqueConstraint(
            "reference", "type", "occurred_at", name=op.f("uq_job_updates_reference_type_occurred_at")
        ),
    )
