"""Cases of which another event is known than was heard, and cases that their owner no longer has."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0004"
down_revision = "notifications_0003"


def upgrade() -> None:
    """Add the two columns, and the indexes by which such cases are found."""
    op.add_column("cases", sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_cases_disputed_at",
        "cases",
        ["disputed_at"],
        unique=False,
        postgresql_where=sa.text("disputed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_case_events_received_at", "case_events", ["received_at"], unique=False, postgresql_using="brin"
    )
