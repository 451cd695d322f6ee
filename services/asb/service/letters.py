"""Letters to whoever applied for a case review and is not the one who reported (2014 Act, section 104).

They say what was decided and no more of the case: its words are the victim's, and are told by an officer.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from services.asb import queries
from services.asb.events import CaseReviewApplied, CaseReviewConcluded, CaseReviewDecided
from services.asb.schemas.case_review import contact_of_applicant
from shared.cases.queries import known
from shared.cases.schemas import WrittenLetter
from shared.errors import NotFound
from shared.events import Event
from shared.work import UnitOfWork

SUBJECT = "Your application for a review"
LATER = "We will write to you again when the review has ended."


def _applied(event: Event) -> tuple[str, ...]:
    if event.facts["must_be_held"]:
        return "You asked us for a review of a case. There will be a review.", LATER
    return ("You asked us for a review of a case. We will decide if there is one, and write to you again.",)


def _decided(event: Event) -> tuple[str, ...]:
    if event.facts["threshold_met"]:
        return "We have decided that there will be a review of the case.", LATER
    return ("We have decided that there will be no review of the case.", "Please ask us for the reasons.")


def _concluded(event: Event) -> tuple[str, ...]:
    return "The review of the case has ended.", "Please ask us for its outcome and what was recommended."


PARAGRAPHS: Mapping[str, Callable[[Event], tuple[str, ...]]] = {
    CaseReviewApplied.type: _applied,
    CaseReviewDecided.type: _decided,
    CaseReviewConcluded.type: _concluded,
}


async def letter_to_applicant(work: UnitOfWork, reference: str, sequence: int) -> WrittenLetter:
    """The letter about the event of that sequence, and the applicant's contact.

    Raises NotFound where the event is about no application, or the applicant is the one who reported.
    """
    reference = known(reference)
    for event in await queries.history(work, reference):
        if event.sequence == sequence and event.type in PARAGRAPHS:
            review = await queries.case_review(work, reference, event.facts["application"])
            contact = None if review is None else contact_of_applicant(work.opened(review).said)
            if contact is not None:
                return _letter(event, contact, work.state.settings.council)
    raise NotFound("There is no such letter.")


def _letter(event: Event, contact: dict[str, Any], council: str) -> WrittenLetter:
    # no name: a copy goes to a mailbox that more people read than may know who applied
    paragraphs = [*PARAGRAPHS[event.type](event), f"Our reference is {event.reference}.", council]
    html = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return WrittenLetter(subject=SUBJECT, text="\n\n".join(paragraphs), html=html, contact=contact)
