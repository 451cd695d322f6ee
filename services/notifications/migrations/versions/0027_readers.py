"""Each reader of a letter has an attempt; what a letter says of a notice is noted before it leaves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "notifications_0027"
down_revision = "notifications_0026"


def upgrade() -> None:
    """Add the columns and an index; every letter of before has one attempt at a time."""
    op.add_column("notices", sa.Column("leaving", JSONB))
    op.add_column("letter_attempts", sa.Column("part_of", sa.Uuid()))
    is_copy: sa.Column[bool] = sa.Column(
        "is_copy", sa.Boolean(), nullable=False, server_default=sa.text("false")
    )
    op.add_column("letter_attempts", is_copy)
    op.create_index(
        "ix_letter_attempts_part_of",
        "letter_attempts",
        ["part_of"],
        postgresql_where=sa.text("part_of IS NOT NULL"),
    )
