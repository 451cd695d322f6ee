"""Text messages as GOV.UK Notify calls back with them."""

from uuid import UUID

from shared.cases.formats import Instant
from shared.cases.mail.joining import TextWords
from shared.cases.schemas import CallbackModel
from shared.cases.words import Line


class NotifyText(CallbackModel):
    """A text message that somebody sent to a number of ours at GOV.UK Notify."""

    id: UUID
    source_number: Line
    destination_number: Line
    message: TextWords
    date_received: Instant
