"""The first tables of permits."""

import sqlalchemy as sa
from alembic import op

from shared.db import migration_steps as steps

revision = "permits_0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    steps.create_shared_tables()
    steps.add_holidays_elsewhere()
    steps.add_standing()
    steps.note_created_cases()
    steps.add_calendar_changes()
    steps.add_property_spellings()
    steps.add_callers()
    description = sa.Column("description", sa.Text(), nullable=False)
    op.create_table("permits", *steps.case_columns("permits"), description)
    steps.keep_changes("permits")
    steps.create_list_indexes("permits")
    steps.add_residents("permits")
