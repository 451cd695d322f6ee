"""A promised action that cannot be delivered ends, with the reason."""

import sqlalchemy as sa
from alembic import op

revision = "complaints_0004"
down_revision = "complaints_0003"


def upgrade() -> None:
    """Add when and why it failed."""
    op.add_column("promised_actions", sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("promised_actions", sa.Column("failure_reason", sa.Text(), nullable=True))
