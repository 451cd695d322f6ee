"""Tenancies say if two people must go to the household, and why."""

import sqlalchemy as sa
from alembic import op

revision = "residents_0006"
down_revision = "residents_0005"


def upgrade() -> None:
    """Add the columns; nobody has said so of any household yet."""
    no = sa.text("false")
    op.add_column("tenancies", sa.Column("visit_in_pairs", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("tenancies", sa.Column("visit_in_pairs_reason", sa.Text()))
