"""The audit of reads is append-only."""

from shared.db import migration_steps as steps

revision = "residents_0003"
down_revision = "residents_0002"


def upgrade() -> None:
    """Refuse every other statement."""
    steps.keep_for_good("reads")
