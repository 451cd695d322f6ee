"""A complaint keeps how contact with its complainant is restricted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "complaints_0007"
down_revision = "complaints_0006"


def upgrade() -> None:
    """Add it; no contact was restricted before."""
    op.add_column("complaints", sa.Column("restriction", postgresql.JSONB(), nullable=True))
