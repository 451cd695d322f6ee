"""Bank holidays elsewhere in the United Kingdom, versions of standards, and cases that lack promises."""

import sqlalchemy as sa
from alembic import op

from shared.db.migration_steps import add_holidays_elsewhere

revision = "notifications_0003"
down_revision = "notifications_0002"


def upgrade() -> None:
    """Cases known by now are looked at when something next becomes known about them."""
    add_holidays_elsewhere()
    op.add_column("deadlines", sa.Column("version", sa.Date(), nullable=True))
    op.add_column(
        "cases", sa.Column("without_promises", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_index(
        "ix_cases_without_promises",
        "cases",
        ["reference"],
        unique=False,
        postgresql_where=sa.text("without_promises"),
    )
