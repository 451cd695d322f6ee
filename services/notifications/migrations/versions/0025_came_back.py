"""Receipts find the notices of a letter that came back, of whatever case, without reading them all."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0025"
down_revision = "notifications_0024"


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_notices_came_back",
        "notices",
        ["came_back"],
        postgresql_using="gin",
        postgresql_ops={"came_back": "jsonb_path_ops"},
        postgresql_where=sa.text("came_back <> '[]'"),
    )
