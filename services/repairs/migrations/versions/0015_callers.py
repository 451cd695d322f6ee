"""Events keep whose act they tell of, and the inbox is pruned."""

from shared.db import migration_steps as steps

revision = "repairs_0015"
down_revision = "repairs_0014"


def upgrade() -> None:
    """Of the acts before this nobody knows the caller but the log."""
    steps.add_callers()
