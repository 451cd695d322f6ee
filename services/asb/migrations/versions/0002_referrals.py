"""Cases that complaints asked for, each complaint with one."""

import sqlalchemy as sa
from alembic import op

revision = "asb_0002"
down_revision = "asb_0001"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "referrals",
        sa.Column("complaint", sa.Text(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("times_asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("ask_again_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.reference"], name=op.f("fk_referrals_case_cases")),
        sa.PrimaryKeyConstraint("complaint", name=op.f("pk_referrals")),
        sa.UniqueConstraint("case", name=op.f("uq_referrals_case")),
    )
    op.create_index(
        "ix_referrals_unanswered",
        "referrals",
        [sa.literal_column("asked_at NULLS FIRST")],
        postgresql_where=sa.text("answered_at IS NULL"),
    )
