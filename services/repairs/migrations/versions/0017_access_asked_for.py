"""asb is asked who may learn of a case of which it has never told that."""

import sqlalchemy as sa
from alembic import op

revision = "repairs_0017"
down_revision = "repairs_0016"


def upgrade() -> None:
    """Have the index serve the damages to ask about for either reason, and ask about the old ones at once."""
    op.execute("UPDATE asb_damages SET times_asked = 0, ask_again_at = now() WHERE access_as_of = 0")
    op.drop_index("ix_asb_damages_not_located", "asb_damages")
    op.create_index(
        "ix_asb_damages_to_ask_about",
        "asb_damages",
        [sa.text("asked_at NULLS FIRST"), "repair"],
        postgresql_where=sa.text("located_at IS NULL OR access_as_of = 0"),
    )
