"""A repair of damage that was called off comes back to the case."""

import sqlalchemy as sa
from alembic import op

revision = "asb_0004"
down_revision = "asb_0003"


def upgrade() -> None:
    """Add the instant; of no repair was it told before."""
    op.add_column("damages", sa.Column("repair_cancelled_at", sa.DateTime(timezone=True), nullable=True))
