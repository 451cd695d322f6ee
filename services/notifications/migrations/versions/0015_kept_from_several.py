"""A case may be kept from several people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "notifications_0015"
down_revision = "notifications_0014"

AS_FACTS = """
UPDATE case_events SET facts = jsonb_set(facts, '{kept_from}', jsonb_build_array(facts -> 'kept_from'))
WHERE type = 'asb.case-opened' AND jsonb_typeof(facts -> 'kept_from') = 'string'
"""


def upgrade() -> None:
    """Make one digest a list of one, in the rows and in the facts that they are derived from."""
    for table in ("cases", "deadlines"):
        op.alter_column(
            table,
            "kept_from",
            type_=postgresql.ARRAY(sa.Text()),
            postgresql_using="CASE WHEN kept_from IS NOT NULL THEN ARRAY[kept_from] END",
        )
    op.execute(AS_FACTS)
