"""Deadlines across cases are listed with high risk first."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0018"
down_revision = "notifications_0017"


def upgrade() -> None:
    """Add the index of that order."""
    op.create_index(
        "ix_deadlines_order",
        "deadlines",
        [sa.text("(NOT high_risk)"), "due_at", "reference", "standard", "started_by"],
    )
