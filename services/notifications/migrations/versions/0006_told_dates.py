"""A notice that was sent keeps which dates it told: later letters tell of those that changed since."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "notifications_0006"
down_revision = "notifications_0005"

# Of letters sent before, the dates are those that their words most likely had: an acknowledgement the first
# that was counted, a letter with new dates the latest, or the one before it where another letter is still to
# leave. Only open promises matter, and residents' letters: nobody else is written to about new dates.
DATES_OF_LETTERS_SENT = """
UPDATE notices SET told_dates = letters.dates
FROM (
    SELECT letter.id, jsonb_agg(jsonb_build_object(
        'standard', deadline.standard,
        'started_by', deadline.started_by,
        'due_at', CASE
            WHEN letter.kind = 'acknowledgement'
                THEN coalesce((deadline.moves -> 0 ->> 'from')::timestamptz, deadline.due_at)
            WHEN letter.kind <> 'new_dates'
                THEN letter.due_at
            WHEN EXISTS (
                SELECT FROM notices AS waiting
                WHERE waiting.reference = letter.reference
                    AND waiting.kind = 'new_dates' AND waiting.status = 'pending'
            )
                THEN (deadline.moves -> -1 ->> 'from')::timestamptz
            ELSE deadline.due_at
        END
    )) AS dates
    FROM notices AS letter JOIN deadlines AS deadline USING (reference)
    WHERE letter.sent_at IS NOT NULL AND letter.audience = 'resident'
        AND deadline.met_at IS NULL AND deadline.cancelled_at IS NULL
        AND (
            (letter.kind = 'acknowledgement' AND deadline.started_at <= letter.sent_at)
            OR (letter.kind = 'new_dates' AND jsonb_array_length(deadline.moves) > 0)
            OR (letter.kind IN ('reminder', 'breach', 'escalation')
                AND (letter.standard, letter.started_by) = (deadline.standard, deadline.started_by))
        )
    GROUP BY letter.id
) AS letters
WHERE letters.id = notices.id
"""


def upgrade() -> None:
    """Add the column, and fill it for the letters that a later one may have to be compared with."""
    op.add_column("notices", sa.Column("told_dates", JSONB(), nullable=True))
    op.execute(DATES_OF_LETTERS_SENT)
