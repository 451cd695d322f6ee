"""Answers about mails and text messages that came in."""

from pydantic import Field

from services.enquiries.policy.mail import Outcome
from shared.cases.formats import Instant
from shared.cases.mail.mails import Sender
from shared.cases.schemas import AnswerModel


class MailOut(AnswerModel):
    """The outcome of a mail or text message: the case that it opened or joined, if any."""

    reference: str | None
    outcome: Outcome
    written_by: Sender


class FiledMailOut(AnswerModel):
    """A mail or text that belongs to no case: a machine's, or a letter of ours that came back."""

    received_at: Instant
    outcome: Outcome
    written_by: Sender
    sender: str = Field(description="The address, as addresses are compared, or the telephone number")
    subject: str | None
    text: str | None
