"""The questions about sources are found by the index that every service has for its questions."""

import sqlalchemy as sa
from alembic import op

revision = "complaints_0003"
down_revision = "complaints_0002"


def upgrade() -> None:
    """Replace it."""
    op.drop_index("ix_sources_unanswered", "sources")
    op.create_index(
        "ix_sources_unanswered",
        "sources",
        [sa.literal_column("asked_at NULLS FIRST")],
        postgresql_where=sa.text("answered_at IS NULL"),
    )
