"""A text to a duty telephone is a notice of its own, beside the one that tells its department by email."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0026"
down_revision = "notifications_0025"

IDENTITY = ("reference", "standard", "started_by", "rung", "audience", "due_at")


def upgrade() -> None:
    """Add the columns; of texts that have left beside an email, no notice is made."""
    for name in ("to_duty_phone", "beside_email"):
        column: sa.Column[bool] = sa.Column(
            name, sa.Boolean(), nullable=False, server_default=sa.text("false")
        )
        op.add_column("notices", column)
    op.drop_constraint(op.f("_".join(("uq_notices", *IDENTITY))), "notices", type_="unique")
    op.create_unique_constraint("uq_notices_identity", "notices", [*IDENTITY, "beside_email"])
