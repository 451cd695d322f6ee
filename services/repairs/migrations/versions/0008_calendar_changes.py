"""The calendar keeps its changes: promises that were settled before keep their dates."""

from shared.db.migration_steps import add_calendar_changes

revision = "repairs_0008"
down_revision = "repairs_0007"


def upgrade() -> None:
    """Add the column; of changes made before nothing is known."""
    add_calendar_changes()
