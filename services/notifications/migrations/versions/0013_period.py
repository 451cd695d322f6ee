"""Deadlines keep the period that was promised, in words."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0013"
down_revision = "notifications_0012"


def upgrade() -> None:
    """A letter about an older one names each period that its standard may give."""
    op.add_column("deadlines", sa.Column("period", sa.Text(), nullable=True))
