"""Each attempt to deliver a letter is kept; a promise is open again when its letter came back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "notifications_0020"
down_revision = "notifications_0019"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table and columns; of letters that have left, nobody has heard more than that they did."""
    op.create_table(
        "letter_attempts",
        sa.Column("letter", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_at", INSTANT, nullable=False),
        sa.Column("leased_until", INSTANT),
        sa.Column("began_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("receipt", sa.Text()),
        sa.Column("failure", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("content", sa.Text()),
    )
    _index("receipt", ["receipt"], where="receipt IS NOT NULL")
    _index("began_at", ["channel", "began_at"])
    _index("content", ["content", "began_at"], where="content IS NOT NULL")
    op.add_column("notices", sa.Column("delivered_at", INSTANT))
    forms = postgresql.ARRAY(sa.Text())
    op.add_column("notices", sa.Column("failed_forms", forms, nullable=False, server_default=sa.text("'{}'")))
    op.add_column("deadlines", sa.Column("reopened_at", INSTANT))


def _index(name: str, columns: list[str], *, where: str | None = None) -> None:
    condition = sa.text(where) if where else None
    op.create_index(f"ix_letter_attempts_{name}", "letter_attempts", columns, postgresql_where=condition)
