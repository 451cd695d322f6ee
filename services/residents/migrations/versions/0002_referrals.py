"""Requests that complaints referred to us, each with the tenancy that it is dealt with under."""

import sqlalchemy as sa
from alembic import op

revision = "residents_0002"
down_revision = "residents_0001"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "referrals",
        sa.Column("complaint", sa.Text(), nullable=False),
        sa.Column("tenancy", sa.Text(), nullable=True),
        sa.Column("times_asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("ask_again_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenancy"], ["tenancies.reference"], name=op.f("fk_referrals_tenancy_tenancies")
        ),
        sa.PrimaryKeyConstraint("complaint", name=op.f("pk_referrals")),
    )
    op.create_index(
        "ix_referrals_unanswered",
        "referrals",
        [sa.literal_column("asked_at NULLS FIRST")],
        postgresql_where=sa.text("answered_at IS NULL"),
    )
