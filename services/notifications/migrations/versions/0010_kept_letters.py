"""Letters that the case's owner wrote are fetched and leave alone; of every letter a digest is kept."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0010"
down_revision = "notifications_0009"


def upgrade() -> None:
    """Add the columns."""
    no = sa.text("false")
    op.add_column("notices", sa.Column("kept_by_owner", sa.Boolean(), server_default=no, nullable=False))
    op.add_column("notices", sa.Column("digest", sa.Text(), nullable=True))
