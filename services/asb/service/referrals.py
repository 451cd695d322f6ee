"""Complaints triaged as requests for this service: each becomes a case here, and is referred back to.

The event says nothing of anybody. What happened, where and whom to tell is asked of complaints, at
`GET /internal/referrals/{reference}`, which answers `{property?, description, contact}`.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from services.asb import events, policy, queries
from services.asb.events import Priority
from services.asb.models import AsbCase, Incident, Referral
from services.asb.policy import DEPARTMENT, Category, Reporter, Status
from services.asb.schemas.answers import ReferredCase
from services.asb.service import people
from services.asb.service.reporting import opened
from shared.app_state import AppState
from shared.cases.asking import POLL_SECONDS, ask_due
from shared.cases.queries import get_for_update
from shared.cases.schemas import Channel
from shared.events import Event
from shared.references import new_reference
from shared.standards.periods import civil_date
from shared.work import UnitOfWork, unit_of_work

COMPLAINTS = "complaints"
BY_COMPLAINTS = "the complaints service"
NOT_SAFE = {"safe_to_contact": False}
NOT_TOLD_YET = "Asked for in a complaint; the complaints team knows what happened."


async def take_up(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Open a case for each complaint that asks for this service and has none yet, and tell complaints."""
    ours = {event.reference: event for event in received if event.facts["service"] == work.state.service}
    known = await queries.referred(work, list(ours))
    for complaint in sorted(ours.keys() - known):
        case = _case(work, ours[complaint])
        await work.session.flush()  # the case, to which the rest refers
        day = civil_date(case.received_at)
        work.add(
            Incident(
                reference=case.reference,
                number=1,
                happened_on=day,
                reported_on=day,
                reported_to=policy.Body.COUNCIL,
                told_by=BY_COMPLAINTS,
                told_at=work.now,
            )
        )
        work.add(Referral(complaint=complaint, case=case.reference, ask_again_at=work.now))
        taken_up = events.ReferralTakenUp(complaint_reference=complaint, referral="service_request")
        work.record(case, taken_up)


def _case(work: UnitOfWork, event: Event) -> AsbCase:
    """A case of which nothing is known yet; nobody has told us that it is safe to write to the resident.

    Its clocks count from the receipt of the complaint, in which it was reported to us.
    """
    reported_at = datetime.fromisoformat(event.facts.get("received_at") or event.occurred_at.isoformat())
    resident = event.facts.get("resident")
    case = AsbCase(
        reference=new_reference("CAS"),
        status=Status.OPEN,
        channel=Channel.OFFICER,
        received_at=min(reported_at, event.occurred_at, work.now),
        imported=False,
        department=DEPARTMENT,
        reported_by=BY_COMPLAINTS,
        resident=resident,
        needs_scope=events.SCOPE,
        team=[],
        kept_from=[],
        reporter=Reporter.VICTIM,
        category=Category.OTHER,
        hate_incident=False,
        priority=Priority.OTHER,
        people=people.digests(work, None, (), resident),
        update_frequency=events.Every.TEN_WORKING_DAYS,
        high_risk=False,
        risk_to_assess=True,
        risk_review_due=False,
        recommendations_to_complete=0,
    )
    work.assign(case, contact=NOT_SAFE, description=NOT_TOLD_YET, alleged_perpetrators=[])
    work.add(case)
    work.record(case, opened(case), at=case.received_at)
    return case


async def run(state: AppState) -> None:
    """Ask complaints about what it referred, until cancelled."""
    while True:
        await ask_due(state, Referral, ask_about)
        await asyncio.sleep(POLL_SECONDS)


async def ask_about(state: AppState, referral: Referral) -> None:
    """Ask complaints what happened, where and whom to tell, and keep it with the case.

    Raises httpx.HTTPError when complaints is away or refuses, ValueError for an answer that cannot be read.
    """
    answer = await state.services.get(COMPLAINTS, f"/internal/referrals/{referral.complaint}")
    told = ReferredCase.model_validate_json(answer.raise_for_status().content)
    async with unit_of_work(state) as work:
        case = await get_for_update(work, AsbCase, referral.case)
        _fill_in(work, case, told)
        await queries.note_answered(work, referral.complaint)


def _fill_in(work: UnitOfWork, case: AsbCase, told: ReferredCase) -> None:
    """Take what is not known yet from the answer; whatever an officer has said since stands."""
    known = work.opened(case)
    if known.description == NOT_TOLD_YET:
        work.assign(case, description=told.description)
    if known.contact == NOT_SAFE:
        work.assign(case, contact=told.contact.kept())
    if known.property is None and told.property is not None:
        home = told.property.model_dump(mode="json", exclude_none=True)
        work.assign(case, property=home)
        case.people = sorted({*case.people, *people.digests(work, home, ())})
