"""A stored answer keeps the standing of the caller it was given to, and is replayed to no lesser one."""

from shared.db.migration_steps import add_standing

revision = "notifications_0005"
down_revision = "notifications_0004"


def upgrade() -> None:
    """Add the column; answers kept before have none."""
    add_standing()
