"""The frame of every act: find the case, note its reading, judge the act, record its fact and its words.

Whoever acts is shown the case: an act reads it, too.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from services.asb import queries
from services.asb.models import AsbCase, DiaryEntry, Read
from services.asb.policy import LIFECYCLE, MANAGER, Action, Situation
from services.asb.policy.order import FOLLOWS, OPENED_AGAIN, WHILE_OPEN, was_open
from services.asb.schemas.requests import Dated
from shared.caller import Caller, Role
from shared.cases.access import is_worked_by
from shared.cases.acts import check
from shared.cases.reads import note_reads
from shared.cases.schemas import RequestModel
from shared.cases.times import after_facts, no_earlier, occurred_at
from shared.events import Event, Facts
from shared.order import latest_of
from shared.work import UnitOfWork

DATES = frozenset({"occurred_at"})


def situation(case: AsbCase, caller: Caller) -> Situation:
    """The situation in which the lifecycle judges an act of this caller."""
    sees = not caller.is_a(Role.OFFICER) or is_worked_by(case, caller)
    return case.situation(sees=sees, is_manager=MANAGER in caller.scopes)


async def begin(work: UnitOfWork, reference: str, action: Action, body: Dated) -> tuple[AsbCase, datetime]:
    """The case, locked, and the instant of an act that it allows.

    Raises NotFound and StaleVersion, MoveNotAllowed, and Invalid for a time in the future, before the receipt
    or before what the act follows, or of what happens to an open case, while it was closed
    (policy/order.py).
    """
    case = await to_act_on(work, reference, action)
    check(LIFECYCLE, action, situation(case, work.caller))
    at = await occurred_at(work, case, body)
    if body.occurred_at is not None and action in FOLLOWS.keys() | WHILE_OPEN:
        history = await queries.history(work, case.reference)
        at = after_facts(at, history, FOLLOWS.get(action, ()))
        reopened = latest_of(history, OPENED_AGAIN.types)
        if action in WHILE_OPEN and reopened and not was_open(history, at):
            at = no_earlier(at, reopened, OPENED_AGAIN.what)
    return case, at


async def to_act_on(work: UnitOfWork, reference: str, action: Action) -> AsbCase:
    """The case, locked, its reading noted; raises NotFound and StaleVersion."""
    case = await queries.case_for_update(work, reference)
    note_reading(work, case, action)
    return case


def note_reading(work: UnitOfWork, case: AsbCase, action: Action) -> None:
    """Note that the caller reads the case in the answer to an act."""
    note_reads(work, Read, [case.reference], f"acted on it: {action}")


def note(
    work: UnitOfWork,
    case: AsbCase,
    action: Action,
    body: RequestModel,
    fact: Facts,
    at: datetime,
    *,
    elsewhere: Collection[str] = (),
) -> Event:
    """Record the fact of an act, and keep its words in the diary but for fields that are kept elsewhere."""
    event = work.record(case, fact, at=at)
    said = body.model_dump(mode="json", exclude_none=True, exclude={*DATES, *elsewhere})
    enter(work, event, action, said)
    return event


def enter(work: UnitOfWork, event: Event, act: str, said: Mapping[str, Any]) -> None:
    """Enter an act into the diary, under its event."""
    of_event = {"reference": event.reference, "sequence": event.sequence, "occurred_at": event.occurred_at}
    entry = DiaryEntry(**of_event, act=act, told_by=work.caller.subject)
    work.assign(entry, said={**said})
    work.add(entry)
