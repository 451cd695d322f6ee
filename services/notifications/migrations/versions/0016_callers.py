"""Events keep whose act they tell of, and the inbox is pruned."""

from shared.db import migration_steps as steps

revision = "notifications_0016"
down_revision = "notifications_0015"


def upgrade() -> None:
    """Of the acts before this nobody knows the caller but the log."""
    steps.add_callers()
