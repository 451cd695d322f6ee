"""The frame of every act: find the case, judge the act, keep its words in the diary, record its fact."""

from collections.abc import Callable, Collection
from datetime import datetime

from services.asb import queries
from services.asb.models import AsbCase, DiaryEntry
from services.asb.policy import LIFECYCLE, MANAGER, Action, Situation
from services.asb.schemas.requests import Dated
from shared.caller import Caller, Role
from shared.cases.acts import check
from shared.cases.schemas import RequestModel
from shared.cases.times import occurred_at
from shared.events import Facts
from shared.work import UnitOfWork

DATES = frozenset({"occurred_at"})


def situation(case: AsbCase, caller: Caller) -> Situation:
    """The situation in which the lifecycle judges an act of this caller."""
    sees = not caller.is_a(Role.OFFICER) or not case.team or caller.subject in case.team
    return case.situation(sees=sees, is_manager=MANAGER in caller.scopes)


Earliest = Callable[[AsbCase], tuple[datetime | None, str]]
"""The instant before which an act cannot have happened, and what was then."""


def received(case: AsbCase) -> tuple[datetime | None, str]:
    """The receipt, before which nothing was done."""
    return case.received_at, "the case was received"


def closed(case: AsbCase) -> tuple[datetime | None, str]:
    """The closing, which some acts follow."""
    return case.closed_at, "the case was closed"


async def begin(
    work: UnitOfWork, reference: str, action: Action, body: Dated, *, after: Earliest = received
) -> tuple[AsbCase, datetime]:
    """The case, locked, and the instant of an act that it allows.

    Raises NotFound and StaleVersion, MoveNotAllowed, and Invalid for a time in the future or before `after`.
    """
    case = await queries.case_for_update(work, reference)
    check(LIFECYCLE, action, situation(case, work.caller))
    not_before, what = after(case)
    return case, await occurred_at(work, case, body, not_before=not_before, what=what)


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
