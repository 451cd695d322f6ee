"""A complaint keeps which officers declared a conflict of interest."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "complaints_0005"
down_revision = "complaints_0004"


def upgrade() -> None:
    """Add them; nobody declared one before."""
    nobody = sa.text("'[]'")
    conflicts = sa.Column("conflicts", postgresql.JSONB(), server_default=nobody, nullable=False)
    op.add_column("complaints", conflicts)
