"""A complaint made from a guarded case is kept from those whom that case is kept from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "complaints_0011"
down_revision = "complaints_0010"


def upgrade() -> None:
    """Add the columns; the cases that there are tell of it when it changes."""
    op.add_column("complaints", sa.Column("kept_from", postgresql.ARRAY(sa.Text()), nullable=True))
    op.add_column("complaints", sa.Column("kept_from_as_of", sa.Integer(), nullable=True))
