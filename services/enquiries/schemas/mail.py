"""The answer about a mail that came in."""

from services.enquiries.policy.mail import Outcome, Sender
from shared.cases.schemas import AnswerModel


class MailOut(AnswerModel):
    """The outcome of a mail: the case that it opened or joined, if any."""

    reference: str | None
    outcome: Outcome
    written_by: Sender
