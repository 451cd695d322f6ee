"""A damage keeps who may learn of the ASB case behind it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "repairs_0016"
down_revision = "repairs_0015"


def upgrade() -> None:
    """Add the columns; of the damages that there are, the scope alone decides until their case tells more."""
    for name in ("team", "kept_from"):
        op.add_column("asb_damages", sa.Column(name, postgresql.ARRAY(sa.Text()), nullable=True))
    op.add_column(
        "asb_damages", sa.Column("access_as_of", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.alter_column("asb_damages", "access_as_of", server_default=None)
