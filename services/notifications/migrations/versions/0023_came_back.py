"""A notice knows the letters that came back, as one of them may have arrived after all."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "notifications_0023"
down_revision = "notifications_0022"


def upgrade() -> None:
    """Add the column; of letters that came back before, it is not known."""
    came_back = sa.Column("came_back", JSONB, nullable=False, server_default=sa.text("'[]'"))
    op.add_column("notices", came_back)
