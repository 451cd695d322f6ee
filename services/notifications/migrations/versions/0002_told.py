"""A notice keeps whom it was meant for, and beside it who was really told."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0002"
down_revision = "notifications_0001"


def upgrade() -> None:
    """Add the column; of what was sent before, `audience` says who was told."""
    op.add_column("notices", sa.Column("told", sa.Text(), nullable=True))
