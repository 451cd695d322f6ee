"""Facts on which the law of repairs depends: tenure, estimate, toilet pan, emergency hazards, decisions."""

import sqlalchemy as sa
from alembic import op

revision = "repairs_0012"
down_revision = "repairs_0011"

# an emergency that was named or found, and is neither made safe yet nor found to be less
EMERGENCIES = """
    UPDATE repairs SET emergency_hazard = true FROM hazards
    WHERE hazards.reference = repairs.reference
    AND COALESCE(hazards.finding, hazards.severity) = 'emergency' AND hazards.made_safe_at IS NULL
    AND repairs.status <> 'cancelled'
"""


def upgrade() -> None:
    """A repair whose emergency hazard stands open is an emergency from now on."""
    op.add_column("repairs", sa.Column("at_toilet_pan", sa.Boolean(), nullable=True))
    op.add_column("repairs", sa.Column("tenure", sa.Text(), nullable=True))
    op.add_column("repairs", sa.Column("estimate", sa.Numeric(precision=10, scale=2), nullable=True))
    op.add_column(
        "repairs", sa.Column("emergency_hazard", sa.Boolean(), server_default="false", nullable=False)
    )
    op.execute(EMERGENCIES)
    op.alter_column("repairs", "emergency_hazard", server_default=None)
    op.add_column("job_updates", sa.Column("decision", sa.Text(), nullable=True))
    instant = sa.DateTime(timezone=True)
    for name in (
        "preventive_steps_at",
        "last_investigated_at",
        "in_person_requested_at",
        "decant_offered_at",
    ):
        op.add_column("hazards", sa.Column(name, instant, nullable=True))
    for name in ("in_person", "decant_accepted"):
        op.add_column("hazards", sa.Column(name, sa.Boolean(), nullable=True))
    op.add_column("hazards", sa.Column("ended_because", sa.Text(), nullable=True))
    op.execute("UPDATE hazards SET last_investigated_at = investigated_at WHERE finding IS NOT NULL")
