"""Judging an act on an enquiry: its row locked, and its situation read, before anything is changed."""

from collections.abc import Sequence
from datetime import date, datetime

from services.enquiries.models import Enquiry
from services.enquiries.policy.enquiry import (
    ANSWERING_STANDARDS,
    LIFECYCLE,
    Action,
    Kind,
    Situation,
    Status,
    why_not_extended,
)
from services.enquiries.queries import enquiry as queries
from services.enquiries.schemas.acts import Act
from shared.cases.acts import check
from shared.cases.deadlines import deadlines_of
from shared.cases.times import occurred_at
from shared.errors import Invalid, MoveNotAllowed
from shared.standards.deadlines import Deadline
from shared.standards.periods import civil_date
from shared.work import UnitOfWork


async def begin(work: UnitOfWork, reference: str, action: Action, body: Act) -> tuple[Enquiry, datetime]:
    """The enquiry, locked, if its lifecycle allows the act, and the instant of the act.

    Raises NotFound, StaleVersion, MoveNotAllowed, and Invalid for an instant in the future or before the
    receipt.
    """
    enquiry = await queries.enquiry_for_update(work, reference)
    promises = (await deadlines_of(work, [enquiry.reference]))[enquiry.reference]
    at = await occurred_at(work, enquiry, body)
    situation = situation_of(enquiry, promises, at)
    if action is Action.EXTENSION and situation.status in LIFECYCLE.rules[action].moves:
        why = why_not_extended(situation)
        if why is not None:
            raise MoveNotAllowed(why)
    check(LIFECYCLE, action, situation)
    return enquiry, at


def situation_of(enquiry: Enquiry, promises: Sequence[Deadline], at: datetime) -> Situation:
    """The facts by which the lifecycle judges an act on an enquiry at that instant."""
    owed = [promise for promise in promises if promise.standard in ANSWERING_STANDARDS and promise.open]
    return Situation(
        status=Status(enquiry.status),
        kind=Kind(enquiry.kind),
        has_handler=enquiry.handler_name is not None,
        is_extended=enquiry.extended_at is not None,
        has_lapsed=any(promise.state(at) == "breached" for promise in owed),
        is_complaint=enquiry.complaint_requested_at is not None,
    )


def check_not_past(day: date, at: datetime, pointer: str) -> None:
    """Raise Invalid for a day that was past when it was promised."""
    if day < civil_date(at):
        raise Invalid("This day is past.", pointer)
