"""The standards that open cases were derived from are remembered by their digest."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0014"
down_revision = "notifications_0013"


def upgrade() -> None:
    """The first start with an empty table derives every open case once, which moves nothing."""
    op.create_table(
        "standards_changes",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("derived_at", sa.DateTime(timezone=True), nullable=False),
    )
