"""Letters about a case that came back or arrived: facts of its history, at the instants of their provider."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.app import consumption
from shared.app_state import AppState
from shared.cases.queries import get_for_update
from shared.events import NOTICE_RETURNED, Event
from shared.work import unit_of_work
from tests.shared.cases.rows import NOTIFIER, RECEIVED_AT, stored_case
from tests.shared.example.events import PermitIssued
from tests.shared.example.main import SERVICE
from tests.shared.example.models import Permit

NOW = datetime(2026, 11, 24, 14, tzinfo=UTC)  # the Tuesday after
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ISSUED_AT = NOW - 4 * HOUR


def what_became(reference: str, outcome: str, at: datetime, about: int | None) -> Event:
    facts = {"case": reference, "about": about, "kind": "issued", "outcome": outcome}
    return Event(
        id=uuid4(),
        type=NOTICE_RETURNED,
        reference=str(uuid4()),
        sequence=1,
        occurred_at=at,
        recorded_at=NOW,
        facts=facts,
    )


async def issued(state: AppState) -> str:
    """A permit that was issued, which the resident is told by letter."""
    reference = await stored_case(state)
    async with unit_of_work(state) as work:
        permit = await get_for_update(work, Permit, reference)
        work.record(permit, PermitIssued(), at=ISSUED_AT)
    return reference


@pytest.mark.parametrize(
    ("outcome", "fact"),
    [
        ("came_back", "permits.letter-returned"),
        ("given_up", "permits.letter-returned"),
        ("arrived", "permits.letter-arrived"),
    ],
)
@pytest.mark.parametrize(
    ("about", "told", "noted"),
    [
        (1, NOW - 3 * HOUR, NOW - 3 * HOUR),
        (1, NOW + DAY, NOW),
        (1, ISSUED_AT - HOUR, ISSUED_AT),
        (None, RECEIVED_AT - DAY, RECEIVED_AT),
    ],
    ids=["hours ago", "by a clock ahead of ours", "before what it is about", "before the case"],
)
async def test_what_became_of_a_letter_bears_its_providers_time(
    state: AppState,
    outcome: str,
    fact: str,
    about: int | None,
    told: datetime,
    noted: datetime,
) -> None:
    """A reply that arrived in time is in time, however late we hear of it."""
    reference = await issued(state)
    async with unit_of_work(state, NOTIFIER, now=NOW) as work:
        await consumption(SERVICE).use_case(work, [what_became(reference, outcome, told, about)])
    async with unit_of_work(state) as work:
        [_, recorded] = (await work.history([reference]))[reference]
    assert (recorded.type, recorded.occurred_at, recorded.recorded_at) == (fact, noted, NOW)
