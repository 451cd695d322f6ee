"""Requests that complaints refers to us, taken up as a matter of the tenancy of the complaint's home."""

import asyncio
from collections.abc import Sequence

from services.residents import events, queries
from services.residents.models import Referral
from shared.app_state import AppState
from shared.cases.asking import POLL_SECONDS, ask_due
from shared.cases.handover import Handover
from shared.cases.property import Property
from shared.events import Event
from shared.work import UnitOfWork, unit_of_work

COMPLAINTS, OURS = "complaints", "residents"


class NoTenancy(ValueError):
    """No tenancy is known at the home of a complaint; it is asked for again, and complaints sees it waits."""


async def take_in(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Note each complaint that refers a request to us, once; its home is asked of complaints."""
    told = {event.reference for event in received if event.facts["service"] == OURS}
    for complaint in sorted(told - await queries.referred(work, told)):
        work.add(Referral(complaint=complaint, ask_again_at=work.now))


async def ask_about(state: AppState, referral: Referral) -> None:
    """Ask complaints for the home, and tell it which tenancy the request is dealt with under.

    Raises httpx.HTTPError when complaints is away or refuses, ValueError for an answer that cannot be read or
    a home without a tenancy.
    """
    answer = await state.services.get(COMPLAINTS, f"/internal/referrals/{referral.complaint}")
    asked = Handover.model_validate_json(answer.raise_for_status().content)
    async with unit_of_work(state) as work:
        await take_up(work, referral.complaint, asked)


async def take_up(work: UnitOfWork, complaint: str, asked: Handover) -> None:
    """Record a request with the tenancy of its home; raises NoTenancy."""
    home = Property.model_construct(**(asked.property or {}))
    [household] = await queries.households(work, [home])
    if not household:
        raise NoTenancy
    tenancy = await queries.locked(work, household[0].reference)
    referral = await work.session.get_one(Referral, complaint)
    if referral.tenancy is None:
        referral.tenancy, referral.answered_at = tenancy.reference, work.now
        work.record(
            tenancy, events.ReferralTakenUp(complaint_reference=complaint, referral="service_request")
        )


async def run(state: AppState) -> None:
    """Ask until cancelled."""
    while True:
        await ask_due(state, Referral, ask_about)
        await asyncio.sleep(POLL_SECONDS)
