"""Parts of calls that come before their call, and the list of mails that belong to no case."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "enquiries_0003"
down_revision = "enquiries_0002"


def upgrade() -> None:
    """Add both."""
    op.create_table(
        "early_call_parts",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("part", postgresql.JSONB(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_early_call_parts")),
    )
    op.create_index(
        "ix_inbound_mails_of_no_case",
        "inbound_mails",
        ["received_at", "digest"],
        postgresql_where=sa.text("reference IS NULL"),
    )
