"""Add the review date of visits in pairs: whether two people must go is looked at again by then."""

import sqlalchemy as sa
from alembic import op

revision = "residents_0007"
down_revision = "residents_0006"


def upgrade() -> None:
    """Add the column; what was said before has no such day until it is said again."""
    op.add_column("tenancies", sa.Column("visit_in_pairs_review_on", sa.Date()))
