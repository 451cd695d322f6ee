"""The first tables of permits."""

import sqlalchemy as sa
from alembic import op

from shared.db.migration_steps import add_holidays_elsewhere, add_standing, case_columns, create_shared_tables

revision = "permits_0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    create_shared_tables()
    add_holidays_elsewhere()
    add_standing()
    own = [sa.Column(name, sa.Text(), nullable=False) for name in ("zone", "description")]
    op.create_table("permits", *case_columns("permits"), *own)
