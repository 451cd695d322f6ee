"""A case names the resident whose own it is, and a resident's list is read by an index of its own."""

from alembic import op

from shared.db.migration_steps import add_residents

revision = "repairs_0009"
down_revision = "repairs_0008"


def upgrade() -> None:
    """The cases that there are get the resident who reported them, and so are changed for `updated_since`."""
    op.drop_index("ix_repairs_reported_by", "repairs")
    add_residents("repairs", "appliances")
