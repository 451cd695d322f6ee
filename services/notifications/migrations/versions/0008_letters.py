"""Notices name the letter they left in, deadlines know of pauses, and the calendar keeps its changes."""

import sqlalchemy as sa
from alembic import op

from shared.db.migration_steps import add_calendar_changes

revision = "notifications_0008"
down_revision = "notifications_0007"

# Each was a letter of its own. One that was tried may have left as the last process ended.
LETTERS_SENT_BEFORE = """
UPDATE notices SET sent_with = id
WHERE sent_at IS NOT NULL OR (status = 'pending' AND attempts > 0)
"""


def upgrade() -> None:
    """Indicators are counted from the events themselves, so that their verdicts need not be kept."""
    add_calendar_changes()
    op.add_column("deadlines", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notices", sa.Column("sent_with", sa.Uuid(), nullable=True))
    op.execute(LETTERS_SENT_BEFORE)
    pending = sa.text("status = 'pending'")
    op.create_index("ix_notices_pending_of", "notices", ["reference"], unique=False, postgresql_where=pending)
    op.create_index("ix_case_events_type", "case_events", ["type", "occurred_at"], unique=False)
    op.drop_table("indicator_verdicts")
