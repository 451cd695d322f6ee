"""The reads of one caller are found among those of all cases."""

from alembic import op

revision = "asb_0006"
down_revision = "asb_0005"


def upgrade() -> None:
    """Index them by their callers."""
    op.create_index("ix_reads_read_by", "reads", ["read_by", "number"])
