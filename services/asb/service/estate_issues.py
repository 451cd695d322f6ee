"""Problems on estates that are behaviour: each becomes a case here, and estates hears of it until its end.

The event says nothing of anybody. What was seen, where and whom to tell is asked of estates, at
`GET /internal/referrals/{reference}`, which answers `{property?, description, contact?}`.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from services.asb import events, queries
from services.asb.models import AsbCase, EstateIssue
from services.asb.policy import Reporter
from services.asb.schemas.answers import ReferredCase
from services.asb.service.opening import Referred, fill_in, open_referred
from shared.app_state import AppState
from shared.cases.asking import POLL_SECONDS, ask_due
from shared.cases.queries import get_for_update
from shared.events import Event
from shared.work import UnitOfWork, unit_of_work

ESTATES = "estates"
BY_ESTATES = "the estates service"
NOT_TOLD_YET = "Seen on an estate; the estates team knows what happened."


async def take_up(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Open a case for each problem that is referred to us and has none yet, and tell estates which it is.

    Racist or sexist graffiti is taken for hate until the team finds otherwise.
    """
    ours = {event.reference: event for event in received if event.facts["to"] == work.state.service}
    known = await queries.cases_of_issues(work, list(ours))
    for issue in sorted(ours.keys() - known):
        referred = Referred(
            by=BY_ESTATES,
            description=NOT_TOLD_YET,
            received_at=ours[issue].occurred_at,
            reporter=Reporter.OFFICER,
            hate_incident=bool(ours[issue].facts["offensive"]),
        )
        case = await open_referred(work, referred)
        work.add(EstateIssue(issue=issue, case=case.reference, ask_again_at=work.now))
        work.record(case, events.IssueTakenUp(issue_reference=issue))


async def run(state: AppState) -> None:
    """Ask estates about what it referred, until cancelled."""
    while True:
        await ask_due(state, EstateIssue, ask_about)
        await asyncio.sleep(POLL_SECONDS)


async def ask_about(state: AppState, asked: EstateIssue) -> None:
    """Ask estates what was seen and whom to tell, and keep it with the case.

    Raises httpx.HTTPError when estates is away or refuses, ValueError for an answer that cannot be read.
    """
    answer = await state.services.get(ESTATES, f"/internal/referrals/{asked.issue}")
    told = ReferredCase.model_validate_json(answer.raise_for_status().content)
    async with unit_of_work(state) as work:
        fill_in(work, await get_for_update(work, AsbCase, asked.case), told, NOT_TOLD_YET)
        (await work.session.get_one(EstateIssue, asked.issue)).answered_at = work.now


async def tell_estates(work: UnitOfWork, case: AsbCase, at: datetime) -> None:
    """Tell estates that the case which a problem of theirs became was closed, if it is one."""
    if case.reported_by != BY_ESTATES:
        return
    issue = await queries.issue_of_case(work, case.reference)
    if issue is not None:
        work.record(case, events.IssueEnded(issue_reference=issue, dealt_with=True), at=at)
