"""Repairs that complaints asked for, each complaint with one."""

import sqlalchemy as sa
from alembic import op

revision = "repairs_0010"
down_revision = "repairs_0009"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "referrals",
        sa.Column("complaint", sa.Text(), nullable=False),
        sa.Column("repair", sa.Text(), nullable=False),
        sa.Column("times_asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("ask_again_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["repair"], ["repairs.reference"], name=op.f("fk_referrals_repair_repairs")),
        sa.PrimaryKeyConstraint("complaint", name=op.f("pk_referrals")),
        sa.UniqueConstraint("repair", name=op.f("uq_referrals_repair")),
    )
    op.create_index(
        "ix_referrals_unanswered",
        "referrals",
        [sa.literal_column("asked_at NULLS FIRST")],
        postgresql_where=sa.text("answered_at IS NULL"),
    )
