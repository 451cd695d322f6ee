"""Events keep whose act they tell of, and the inbox is pruned."""

from shared.db import migration_steps as steps

revision = "complaints_0010"
down_revision = "complaints_0009"


def upgrade() -> None:
    """Of the acts before this nobody knows the caller but the log."""
    steps.add_callers()
