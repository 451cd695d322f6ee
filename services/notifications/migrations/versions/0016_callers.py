"""Events keep whose act they tell of, and the inbox is pruned."""

from shared.db import migration_steps as steps

revision = "notifications_0016"
down_revision = "notifications_0015"


def upgrade() -> None:
    """Add the column; the callers of earlier acts stand in the log alone."""
    steps.add_callers()
