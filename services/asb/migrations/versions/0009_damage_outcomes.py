"""Damage ends by an officer's word, too, where its repair was called off."""

import sqlalchemy as sa
from alembic import op

revision = "asb_0009"
down_revision = "asb_0008"

OPEN = """
UPDATE cases SET damages_open = (
    SELECT count(*) FROM damages
    WHERE damages.reference = cases.reference AND our_repair_responsibility AND made_safe_at IS NULL
)
"""


def upgrade() -> None:
    """Add the outcome, and count the damages of each case that are not known to be safe."""
    op.add_column("damages", sa.Column("not_ours_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("damages_open", sa.Integer(), nullable=False, server_default="0"))
    op.execute(OPEN)
    op.alter_column("cases", "damages_open", server_default=None)
