"""Letters are kept as they were sent, notices know their words and digests, inboxes what was read."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0021"
down_revision = "notifications_0020"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables and columns; of letters that have left, nobody has kept the words."""
    op.create_table(
        "sent_letters",
        sa.Column("letter", sa.Uuid(), primary_key=True),
        sa.Column("reference", sa.Text(), primary_key=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
    )
    op.create_index("ix_sent_letters_sent_at", "sent_letters", ["sent_at"], postgresql_using="brin")
    op.create_table(
        "notices_read",
        sa.Column("notice", sa.Uuid(), primary_key=True),
        sa.Column("reader", sa.Text(), primary_key=True),
        sa.Column("read_at", INSTANT, nullable=False),
    )
    false = sa.text("false")
    op.add_column("notices", sa.Column("in_digest", sa.Boolean(), nullable=False, server_default=false))
    op.add_column("notices", sa.Column("message", sa.Text()))
    op.add_column("notices", sa.Column("message_version", sa.Text()))
    sent = sa.text("sent_at IS NOT NULL")
    op.create_index("ix_notices_sent", "notices", ["sent_at", "id"], postgresql_where=sent)
