"""A stored answer names the case that was created with it, and is text, so that group commit can keep it."""

from shared.db.migration_steps import note_created_cases

revision = "notifications_0007"
down_revision = "notifications_0006"


def upgrade() -> None:
    """Answers kept before name no case."""
    note_created_cases()
