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
    description = sa.Column("description", sa.Text(), nullable=False)
    op.create_table("permits", *case_columns("permits"), description)
