"""Rules of inbound mail: what comes of it, and how often its sender hears from us.

A machine's reply touches no clock and gets none of ours, or two machines would write to each other for ever.
Its headers alone would also drop the answers that people write in another council's ticket system.
"""

from datetime import timedelta
from enum import StrEnum

from shared.cases.mail.mails import Sender


class Outcome(StrEnum):
    """The outcome of a mail; `joined` is one that was handed to the service that has the case it quotes."""

    ENQUIRY = "enquiry"
    REPLY = "reply"
    JOINED = "joined"
    FILED = "filed"
    BOUNCE = "bounce"


# At most so many acknowledgements go to one address in a day: no loop can start with a machine that does not
# say that it is one.
ACKNOWLEDGED_WITHIN = timedelta(days=1)
MOST_ACKNOWLEDGED = {Sender.PERSON: 10, Sender.TICKET_SYSTEM: 1}


def may_be_acknowledged(sender: Sender, acknowledged_today: int) -> bool:
    """Tell whether another acknowledgement may go to an address today."""
    return acknowledged_today < MOST_ACKNOWLEDGED.get(sender, 0)
