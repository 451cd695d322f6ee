"""The spellings of homes, which every service's database has."""

from shared.db.migration_steps import add_property_spellings

revision = "notifications_0011"
down_revision = "notifications_0010"


def upgrade() -> None:
    """Add the table."""
    add_property_spellings()
