"""The statuses of GOV.UK Notify: what each says of a message, whoever asks or is told."""

from collections.abc import Mapping

from services.notifications.policy import Attempt, Failure

NAME = "notify"
"""The channel, as attempts to deliver name it."""

STATUSES: Mapping[str, tuple[Attempt, Failure | None]] = {
    "created": (Attempt.SENT, None),
    "pending-virus-check": (Attempt.SENT, None),
    "accepted": (Attempt.SENT, None),
    "sending": (Attempt.SENT, None),
    "pending": (Attempt.SENT, None),
    "sent": (Attempt.SENT, None),  # a text abroad, of which no more is heard
    "delivered": (Attempt.DELIVERED, None),
    "received": (Attempt.DELIVERED, None),  # a letter that is printed and posted
    "permanent-failure": (Attempt.FAILED, Failure.PERMANENT),
    "validation-failed": (Attempt.FAILED, Failure.PERMANENT),
    "virus-scan-failed": (Attempt.FAILED, Failure.PERMANENT),
    "cancelled": (Attempt.FAILED, Failure.PERMANENT),
    # Notify has tried for three days: the telephone is off, or the mailbox full
    "temporary-failure": (Attempt.FAILED, Failure.PERMANENT),
    # a fault of Notify or of its provider, and of no address
    "technical-failure": (Attempt.FAILED, Failure.TEMPORARY),
}
"""The meaning of each status, of all kinds of messages, and if it has failed, how."""
