"""Dead letters that were discarded are kept, with who did it and why."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0017"
down_revision = "notifications_0016"


def upgrade() -> None:
    """None was ever discarded before."""
    op.create_table(
        "discarded_letters",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("letter_id", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("failed_with", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("discarded_by", sa.Text(), nullable=False),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=False),
    )
