"""Referrals of other services than complaints: of each, the case that asked."""

from alembic import op

revision = "repairs_0014"
down_revision = "repairs_0013"


def upgrade() -> None:
    """Name the column for any case."""
    op.alter_column("referrals", "complaint", new_column_name="made_from")
