"""A stored answer keeps the standing of the caller it was given to, and is replayed to no lesser one."""

from shared.db.migration_steps import add_standing

revision = "repairs_0004"
down_revision = "repairs_0003"


def upgrade() -> None:
    """Add the column; answers kept before have none."""
    add_standing()
