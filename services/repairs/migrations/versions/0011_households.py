"""Homes by either spelling, and the needs of the household as they were when a repair was reported."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.db.migration_steps import add_property_spellings

revision = "repairs_0011"
down_revision = "repairs_0010"


def upgrade() -> None:
    """Add them; of repairs reported before nothing was asked."""
    add_property_spellings("repairs", "appliances")
    op.add_column("repairs", sa.Column("household", postgresql.JSONB(), nullable=True))
