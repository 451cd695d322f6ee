"""What enquiries hears from others: letters that were delivered, and what complaints ask of it."""

from typing import Any
from uuid import uuid4

import pytest

from services.enquiries.service.following import follow
from shared.app_state import AppState
from shared.clock import Clock
from shared.events import Event
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.enquiries.asking import OLA, Desk, due
from tests.services.repairs.reporting import london
from tests.support.in_process import InProcess

FRIDAY = london("Friday 2026-11-27 23:20")


@pytest.fixture
async def state(services: InProcess, clock: Clock) -> AppState:
    return await services.state("enquiries", clock)


@pytest.fixture
async def desk(services: InProcess, state: AppState, callers: Callers) -> Desk:
    return Desk(await services.serve(state), callers)


def told(type: str, reference: str, **facts: Any) -> Event:
    return Event(
        id=uuid4(),
        type=type,
        reference=reference,
        sequence=1,
        occurred_at=FRIDAY,
        recorded_at=FRIDAY,
        facts=facts,
    )


def delivered(case: str, kind: str, *, handler_named: bool) -> Event:
    facts = {"case": case, "about": 1, "kind": kind, "letter": str(uuid4()), "handler_named": handler_named}
    return told("notifications.notice-delivered", str(uuid4()), **facts)


@pytest.mark.parametrize(
    ("kind", "handler_named", "counts"),
    [("acknowledgement", True, True), ("acknowledgement", False, False), ("answered", True, False)],
)
async def test_only_an_acknowledgement_that_names_the_officer_counts(
    desk: Desk, state: AppState, kind: str, handler_named: bool, counts: bool
) -> None:
    """And only once it was delivered; letters about other services' cases are none of ours."""
    reference = (await desk.ask())["reference"]
    await desk.act("assignment", reference, handler=OLA)
    await desk.act("acknowledgement", reference)
    async with unit_of_work(state) as work:
        letters = [delivered(case, kind, handler_named=handler_named) for case in (reference, "REP-1")]
        await follow(work, letters)
    case = await desk.read(f"enquiries/{reference}")
    assert ("email.acknowledgement" in due(case)) is not counts


async def test_what_a_complaint_asks_for_becomes_one_enquiry(desk: Desk, state: AppState) -> None:
    """However often it is told; what it asks of another service is left to that one."""
    asked = [
        told("complaints.service-requested", "CMP-1", service="enquiries"),
        told("complaints.service-requested", "CMP-2", service="repairs"),
    ]
    for _ in range(2):
        async with unit_of_work(state) as work:
            await follow(work, asked)
    [case] = (await desk.read("enquiries"))["items"]
    assert (case["made_from"], due(case)) == ("CMP-1", {"promised-answer": "2026-12-11"})
