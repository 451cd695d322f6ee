"""Events keep whose act they tell of, and the inbox is pruned."""

from shared.db import migration_steps as steps

revision = "estates_0002"
down_revision = "estates_0001"


def upgrade() -> None:
    """Add the column; the callers of earlier acts stand in the log alone."""
    steps.add_callers()
