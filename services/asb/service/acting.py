"""The frame of every act: find the case, judge the act, keep its words in the diary, record its fact."""

from collections.abc import Collection
from datetime import datetime

from services.asb import queries
from services.asb.models import AsbCase, DiaryEntry
from services.asb.policy import LIFECYCLE, MANAGER, Action, Situation
from services.asb.policy.order import FOLLOWS, latest_of
from services.asb.schemas.requests import Dated
from shared.caller import Caller, Role
from shared.cases.acts import check
from shared.cases.schemas import RequestModel
from shared.cases.times import no_earlier, occurred_at
from shared.events import Facts
from shared.work import UnitOfWork

DATES = frozenset({"occurred_at"})


def situation(case: AsbCase, caller: Caller) -> Situation:
    """The situation in which the lifecycle judges an act of this caller."""
    sees = not caller.is_a(Role.OFFICER) or not case.team or caller.subject in case.team
    return case.situation(sees=sees, is_manager=MANAGER in caller.scopes)


async def begin(work: UnitOfWork, reference: str, action: Action, body: Dated) -> tuple[AsbCase, datetime]:
    """The case, locked, and the instant of an act that it allows.

    Raises NotFound and StaleVersion, MoveNotAllowed, and Invalid for a time in the future, before the receipt
    or before what the act follows (policy/order.py).
    """
    case = await queries.case_for_update(work, reference)
    check(LIFECYCLE, action, situation(case, work.caller))
    at = await occurred_at(work, case, body)
    if body.occurred_at is not None and action in FOLLOWS:
        history = await queries.history(work, case.reference)
        for follows in FOLLOWS[action]:
            if latest := latest_of(history, follows.types):
                at = no_earlier(at, latest, follows.what)
    return case, at


def note(
    work: UnitOfWork,
    case: AsbCase,
    action: Action,
    body: RequestModel,
    fact: Facts,
    at: datetime,
    *,
    elsewhere: Collection[str] = (),
) -> None:
    """Record the fact of an act, and keep its words in the diary but for fields that are kept elsewhere."""
    event = work.record(case, fact, at=at)
    said = body.model_dump(mode="json", exclude_none=True, exclude={*DATES, *elsewhere})
    entry = {"reference": case.reference, "sequence": event.sequence, "act": action, "said": said}
    work.add(DiaryEntry(**entry, told_by=work.caller.subject, occurred_at=at))
