"""A stage keeps since when its reply is late."""

import sqlalchemy as sa
from alembic import op

revision = "complaints_0006"
down_revision = "complaints_0005"


def upgrade() -> None:
    """Add it."""
    op.add_column("stages", sa.Column("overdue_since", sa.DateTime(timezone=True), nullable=True))
