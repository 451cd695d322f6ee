"""The worklist: who deals with a case, its risk, and which of its promises is to be kept next."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0009"
down_revision = "notifications_0008"

# The rule of deadlines.recalculate, for the cases that there are; handlers are in events from now on.
NEXT_OF_EACH_CASE = """
UPDATE deadlines SET on_worklist = true
FROM (
    SELECT DISTINCT ON (reference) reference, standard, started_by
    FROM deadlines JOIN cases USING (reference)
    WHERE met_at IS NULL AND cancelled_at IS NULL AND NOT imported
    ORDER BY reference, paused_at IS NOT NULL, due_at, standard, started_by
) AS following
WHERE (deadlines.reference, deadlines.standard, deadlines.started_by)
    = (following.reference, following.standard, following.started_by)
"""


def upgrade() -> None:
    """Add the columns, fill them, and add the indexes that the list is read by."""
    no = sa.text("false")
    op.add_column("deadlines", sa.Column("handler", sa.Text(), nullable=True))
    op.add_column("deadlines", sa.Column("high_risk", sa.Boolean(), server_default=no, nullable=False))
    op.add_column("deadlines", sa.Column("on_worklist", sa.Boolean(), server_default=no, nullable=False))
    op.execute(NEXT_OF_EACH_CASE)
    order: tuple[sa.TextClause | str, ...] = (sa.text("(NOT high_risk)"), "due_at", "reference")
    of_somebody = sa.text("on_worklist AND handler IS NOT NULL")
    op.create_index("ix_deadlines_worklist", "deadlines", [*order], postgresql_where=sa.text("on_worklist"))
    op.create_index("ix_deadlines_handler", "deadlines", ["handler", *order], postgresql_where=of_somebody)
