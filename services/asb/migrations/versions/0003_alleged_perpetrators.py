"""Several people may be complained of, and are named when they become known."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "asb_0003"
down_revision = "asb_0002"

KEPT_FROM = """
UPDATE events SET facts = jsonb_set(facts, '{kept_from}', CASE jsonb_typeof(facts -> 'kept_from')
    WHEN 'string' THEN jsonb_build_array(facts -> 'kept_from') ELSE '[]' END)
WHERE type = 'asb.case-opened' AND jsonb_typeof(facts -> 'kept_from') IS DISTINCT FROM 'array'
"""


def upgrade() -> None:
    """Make one person a list of one, in the cases and in the facts that opened them."""
    op.add_column(
        "cases",
        sa.Column("alleged_perpetrators", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'")),
    )
    op.execute(
        "UPDATE cases SET alleged_perpetrators = jsonb_build_array(alleged_perpetrator)"
        " WHERE alleged_perpetrator IS NOT NULL"
    )
    op.alter_column("cases", "alleged_perpetrators", server_default=None)
    op.drop_column("cases", "alleged_perpetrator")
    op.alter_column(
        "cases",
        "kept_from",
        type_=postgresql.ARRAY(sa.Text()),
        postgresql_using="CASE WHEN kept_from IS NOT NULL THEN ARRAY[kept_from] END",
    )
    op.execute(KEPT_FROM)
