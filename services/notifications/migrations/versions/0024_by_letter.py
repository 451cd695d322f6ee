"""Receipts find the notices that left in a letter, without reading all that ever left."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0024"
down_revision = "notifications_0023"


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_notices_sent_with", "notices", ["sent_with"], postgresql_where=sa.text("sent_with IS NOT NULL")
    )
