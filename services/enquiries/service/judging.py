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
from services.enquiries.policy.order import FOLLOWS
from services.enquiries.queries import enquiry as queries
from services.enquiries.schemas.acts import Act
from shared.cases.acts import check
from shared.cases.deadlines import deadlines_of
from shared.cases.times import in_order
from shared.errors import Invalid, MoveNotAllowed
from shared.standards.deadlines import Deadline
from shared.standards.periods import civil_date
from shared.work import UnitOfWork

TOLD_TOO_LATE = "The promised day has passed since, and the enquirer was not told before; this is told now."
GIVE_TIME = frozenset({Action.HOLDING_REPLY, Action.NEED})
"""Acts that put a promised day off, if the enquirer is told before it is past."""


async def begin(work: UnitOfWork, reference: str, action: Action, body: Act) -> tuple[Enquiry, datetime]:
    """The enquiry, locked, if its lifecycle allows the act, and the instant of the act.

    Raises NotFound, StaleVersion, MoveNotAllowed, and Invalid for an instant in the future, before the
    receipt or before what the act follows (policy/order.py), and for time that would be given after the
    promise has lapsed.
    """
    enquiry = await queries.enquiry_for_update(work, reference)
    promises = (await deadlines_of(work, [enquiry.reference]))[enquiry.reference]
    at = await in_order(work, enquiry, body, FOLLOWS.get(action, ()))
    # its letter leaves now: nobody was told in time of what has lapsed since
    told_at = at if enquiry.imported else work.now
    situation = situation_of(enquiry, promises, told_at)
    if action is Action.EXTENSION and situation.status in LIFECYCLE.rules[action].moves:
        why = why_not_extended(situation)
        if why is not None:
            raise MoveNotAllowed(why)
    check(LIFECYCLE, action, situation)
    if action in GIVE_TIME and _lapses_between(promises, at, told_at):
        raise Invalid(TOLD_TOO_LATE, "/occurred_at")
    return enquiry, at


def _lapses_between(promises: Sequence[Deadline], at: datetime, told_at: datetime) -> bool:
    """Tell whether a promise was to be kept still at the first instant, and is broken at the second."""
    put_off = [each for each in promises if each.open and (each.row.extension or each.row.pausing)]
    return any(each.state(at) == "running" and each.state(told_at) == "breached" for each in put_off)


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
