"""Homes by either spelling."""

from shared.db.migration_steps import add_property_spellings

revision = "complaints_0002"
down_revision = "complaints_0001"


def upgrade() -> None:
    """Add the table, and the index of complaints about homes that have a reference."""
    add_property_spellings("complaints")
