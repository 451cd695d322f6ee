"""Bank holidays of other parts of the United Kingdom."""

from shared.db.migration_steps import add_holidays_elsewhere

revision = "repairs_0002"
down_revision = "repairs_0001"


def upgrade() -> None:
    """Add holidays elsewhere; until the next announcement the bundled list stands for them."""
    add_holidays_elsewhere()
