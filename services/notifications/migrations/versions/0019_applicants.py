"""Letters to whoever applied for a case review have an audience of their own."""

from alembic import op

revision = "notifications_0019"
down_revision = "notifications_0018"


def upgrade() -> None:
    """Tell those that there are from the letters to the resident."""
    op.execute("UPDATE notices SET audience = 'applicant' WHERE kind = 'applicant' AND audience = 'resident'")
    op.execute("UPDATE notices SET told = 'applicant' WHERE kind = 'applicant' AND told = 'resident'")
