"""The firms that jobs can be given to, and who recorded a signature for a charge."""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "repairs_0013"
down_revision = "repairs_0012"

# of several spellings the latest; a slot that names no firm is the council's own operatives'
NAMED = sa.text("""
    SELECT DISTINCT ON (key) key, name FROM (
        SELECT contractor_key AS key, contractor AS name, received_at AS at FROM repairs
        UNION ALL SELECT contractor_key, contractor, published_at FROM slots
        UNION ALL SELECT 'council operatives', 'council operatives', '-infinity'
    ) AS given WHERE key <> '' ORDER BY key, at DESC
""")

# a resident who signed was noted as whoever took the signature
BY_THE_RESIDENT = """
    UPDATE recharges SET recorded_by = NULL FROM repairs
    WHERE repairs.reference = recharges.reference
    AND recharges.recorded_by = split_part(repairs.resident, E'\\n', -1)
"""


def upgrade() -> None:
    """Every firm that a job or a slot names is registered."""
    contractors = op.create_table(
        "contractors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contractors")),
        sa.UniqueConstraint("key", name=op.f("uq_contractors_key")),
    )
    named = op.get_bind().execute(NAMED).all()
    told = {"registered_at": datetime.now(UTC), "registered_by": "the repairs service"}
    op.bulk_insert(contractors, [{"id": uuid4(), "key": row.key, "name": row.name, **told} for row in named])
    op.alter_column("recharges", "signature_taken_by", new_column_name="recorded_by")
    op.execute(BY_THE_RESIDENT)
