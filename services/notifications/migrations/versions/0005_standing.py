"""A stored answer keeps the standing of the caller it was given to, and is replayed to no lesser one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "notifications_0005"
down_revision = "notifications_0004"


def upgrade() -> None:
    """Add the column; answers kept before have none."""
    op.add_column("idempotency_keys", sa.Column("standing", JSONB(), nullable=True))
