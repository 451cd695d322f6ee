"""Texts to duty telephones of which nobody says that they arrived are found without reading all notices."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0028"
down_revision = "notifications_0027"


def upgrade() -> None:
    """Add the index."""
    unheard_of = "to_duty_phone AND NOT beside_email AND status = 'sent' AND delivered_at IS NULL"
    op.create_index("ix_notices_duty_phone", "notices", ["sent_at"], postgresql_where=sa.text(unheard_of))
