"""A complaint keeps reasonable adjustments for its complainant, and how often they agreed to hear from us."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "complaints_0008"
down_revision = "complaints_0007"


def upgrade() -> None:
    """Add both; nothing was agreed before."""
    op.add_column("complaints", sa.Column("adjustments", postgresql.JSONB(), nullable=True))
    op.add_column("complaints", sa.Column("update_interval", sa.Text(), nullable=True))
