"""Promised actions: what answers promise and the ombudsman orders, numbered, with dates of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.complaints import events, policy, queries
from services.complaints.events import Origin, Stage
from services.complaints.models import Complaint, PromisedAction
from services.complaints.policy import NO_ACTION_IS_OPEN, Action
from services.complaints.schemas.acts import Completion
from services.complaints.service.judging import begin, check_not_before
from shared.cases.times import no_earlier
from shared.errors import MoveNotAllowed
from shared.standards.catalogue import UnknownStandard
from shared.standards.periods import civil_date
from shared.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Promised:
    """Something to be done; `pointer` is the place of its day in the request."""

    pointer: str
    description: str
    by: date | None
    owner: str | None = None
    amount: Decimal | None = None


def usual_day(work: UnitOfWork, complaint: Complaint, at: datetime) -> date | None:
    """The day by which something is done that was promised for none, if the standards have one."""
    try:
        row = work.state.catalogue.stands_under(policy.ACTION_STANDARDS[complaint.code], civil_date(at))
    except UnknownStandard:  # a council's own files
        return None
    usual = row.by_default
    return None if usual is None else civil_date(usual.after(at, work.state.calendar))


async def promise(
    work: UnitOfWork, complaint: Complaint, origin: Origin, promised: Sequence[Promised], at: datetime
) -> None:
    """Keep what is promised, and have its day watched; raises Invalid for a day that is past.

    The first of them owes updates, until the last is done.
    """
    outstanding = await queries.open_actions(work, complaint.reference)
    if promised and not outstanding:
        work.record(complaint, events.RemediesOutstanding(ombudsman=complaint.code), at=at)
    first = await queries.actions_promised(work, complaint.reference) + 1
    for number, each in enumerate(promised, first):
        work.add(
            PromisedAction(
                reference=complaint.reference,
                number=number,
                origin=origin,
                description=each.description,
                owner=each.owner,
                amount=each.amount,
                by=each.by,
            )
        )
        if each.by is not None:
            check_not_before(each.by, at, each.pointer)
            promised_for = each.by.isoformat()
            fact = events.ActionPromised(
                ombudsman=complaint.code, action=number, origin=origin, by=promised_for
            )
            work.record(complaint, fact, at=at)


async def not_before_promise(work: UnitOfWork, complaint: Complaint, number: int, at: datetime) -> datetime:
    """The instant of an act on a promised action; raises Invalid for one from before the promise."""
    for event in (await work.history([complaint.reference]))[complaint.reference]:
        if event.type == events.ActionPromised.type and event.facts["action"] == number:
            return no_earlier(at, event.occurred_at, "this was promised")
    return at  # a payment of an old answer, which had no day


async def complete(work: UnitOfWork, reference: str, number: int, body: Completion) -> Complaint:
    """Record that what was promised is done; raises NotFound for a number that nothing was promised by."""
    complaint, at = await begin(work, reference, Action.COMPLETION, body, of_stage=Stage.ONE)
    action = await queries.promised_action(work, complaint.reference, number)
    if not action.open:
        raise MoveNotAllowed(NO_ACTION_IS_OPEN)
    at = await not_before_promise(work, complaint, number, at)
    action.completed_at, action.notes = at, body.notes
    work.record(complaint, events.ActionCompleted(action=number), at=at)
    await work.session.flush()
    if not await queries.open_actions(work, complaint.reference):
        work.record(complaint, events.RemediesDelivered(), at=at)
    return complaint
