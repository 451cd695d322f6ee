"""Access to a case: the scope that it needs, its team, and somebody from whom it is kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "notifications_0012"
down_revision = "notifications_0011"


def upgrade() -> None:
    """Add the columns; of the cases that there are, none has a fact that says so."""
    for table in ("cases", "deadlines"):
        op.add_column(table, sa.Column("needs_scope", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("team", postgresql.ARRAY(sa.Text()), nullable=True))
        op.add_column(table, sa.Column("kept_from", sa.Text(), nullable=True))
