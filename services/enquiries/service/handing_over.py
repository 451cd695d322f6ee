"""Telling complaints the words of an enquiry or of feedback that was made a complaint."""

from services.enquiries.models import Enquiry, Feedback
from shared.cases.handover import Handover

ONLY_A_SCORE = "A score of {score}, without a word."


def handover(case: Enquiry | Feedback) -> Handover:
    """The case in the words of whoever brought it."""
    if isinstance(case, Enquiry):
        return Handover.of(case, case.message)
    return Handover.of(case, case.comment or ONLY_A_SCORE.format(score=case.score))
