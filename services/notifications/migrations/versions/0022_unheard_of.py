"""Providers are asked for receipts that never came, and attempts are kept for as long as letters are."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0022"
down_revision = "notifications_0021"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the column and indexes; of letters that left before, providers are asked some hours from now."""
    asked_at = sa.Column("asked_at", INSTANT, nullable=False, server_default=sa.func.now())
    op.add_column("letter_attempts", asked_at)
    op.create_index(
        "ix_letter_attempts_unheard_of",
        "letter_attempts",
        ["channel", "asked_at"],
        postgresql_where=sa.text("status = 'sent'"),
    )
    op.create_index("ix_letter_attempts_age", "letter_attempts", ["began_at"], postgresql_using="brin")
