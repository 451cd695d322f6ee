"""A letter knows its stage; asb is asked from whom the complaints made from its cases are kept."""

import sqlalchemy as sa
from alembic import op

revision = "complaints_0012"
down_revision = "complaints_0011"

# stage two begins with its event
STAGES = """
UPDATE letters SET stage = CASE WHEN EXISTS (
    SELECT FROM events WHERE events.reference = letters.reference
        AND events.type = 'complaints.complaint-escalated' AND events.sequence < letters.sequence
) THEN 2 ELSE 1 END
"""
ASK_AGAIN = """
UPDATE sources SET answered_at = NULL, times_asked = 0, ask_again_at = now() WHERE service = 'asb'
"""


def upgrade() -> None:
    """Add the stage, and have each source in asb asked once more."""
    op.add_column("letters", sa.Column("stage", sa.SmallInteger(), nullable=True))
    op.execute(STAGES)
    op.alter_column("letters", "stage", nullable=False)
    op.execute(ASK_AGAIN)
