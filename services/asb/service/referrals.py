"""Complaints triaged as requests for this service: each becomes a case here, and is referred back to.

The event says nothing of anybody. What happened, where and whom to tell is asked of complaints, at
`GET /internal/referrals/{reference}`, which answers `{property?, description, contact}`.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from services.asb import events, queries
from services.asb.models import AsbCase, Referral
from services.asb.policy import Reporter
from services.asb.schemas.answers import ReferredCase
from services.asb.service.opening import Referred, fill_in, open_referred
from shared.app_state import AppState
from shared.cases.asking import POLL_SECONDS, ask_due
from shared.cases.queries import get_for_update
from shared.events import Event
from shared.work import UnitOfWork, unit_of_work

COMPLAINTS = "complaints"
BY_COMPLAINTS = "the complaints service"
NOT_TOLD_YET = "Asked for in a complaint; the complaints team knows what happened."


async def take_up(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Open a case for each complaint that asks for this service and has none yet, and tell complaints.

    Its clocks count from the receipt of the complaint, in which it was reported to us.
    """
    ours = {event.reference: event for event in received if event.facts["service"] == work.state.service}
    known = await queries.referred(work, list(ours))
    for complaint in sorted(ours.keys() - known):
        case = await open_referred(work, _referred(ours[complaint]))
        work.add(Referral(complaint=complaint, case=case.reference, ask_again_at=work.now))
        taken_up = events.ReferralTakenUp(complaint_reference=complaint, referral="service_request")
        work.record(case, taken_up)


def _referred(event: Event) -> Referred:
    reported_at = datetime.fromisoformat(event.facts.get("received_at") or event.occurred_at.isoformat())
    return Referred(
        by=BY_COMPLAINTS,
        description=NOT_TOLD_YET,
        received_at=min(reported_at, event.occurred_at),
        reporter=Reporter.VICTIM,
        resident=event.facts.get("resident"),
    )


async def run(state: AppState) -> None:
    """Ask complaints about what it referred, until cancelled."""
    while True:
        await ask_due(state, Referral, ask_about)
        await asyncio.sleep(POLL_SECONDS)


async def ask_about(state: AppState, referral: Referral) -> None:
    """Ask complaints what happened, where and whom to tell, and keep it with the case.

    Raises httpx.HTTPError when complaints is away or refuses, ValueError for an answer that cannot be read.
    """
    answer = await state.services.get(COMPLAINTS, f"/internal/referrals/{referral.complaint}", asked_by="asb")
    told = ReferredCase.model_validate_json(answer.raise_for_status().content)
    async with unit_of_work(state) as work:
        case = await get_for_update(work, AsbCase, referral.case)
        fill_in(work, case, told, NOT_TOLD_YET)
        await queries.note_answered(work, referral.complaint)
