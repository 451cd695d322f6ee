"""Effects of an act before it is done: what it would meet, and how its resident would be told."""

from typing import Any

import httpx
import pytest

from shared.app_state import AppState
from tests.services.callers import Callers, Headers
from tests.services.notifications.consuming import COMPLETED, MADE_SAFE, ago, consume, emergency
from tests.services.notifications.posting import a_reported_repair

SAFE, DONE = "repairs.repair-made-safe", "repairs.repair-completed"
BOOKED = "repairs.appointment-booked"


async def asked(
    client: httpx.AsyncClient, headers: Headers, reference: str, *events: str
) -> tuple[int, dict[str, Any]]:
    """The status, and the effects by their events."""
    answer = await client.get(f"/v1/cases/{reference}/effects", params={"event": events}, headers=headers)
    return answer.status_code, {each["event"]: each for each in answer.json().get("items", ())}


async def test_an_event_meets_the_open_promises_whose_condition_it_is(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """A promise that was kept is met no more; to ask changes nothing."""
    case = emergency(ago(hours=1))
    await consume(resources, *case.history)
    status, told = await asked(notifications, callers.officer(), case.reference, SAFE, DONE)
    assert status == 200
    assert [each["standard"] for each in told[SAFE]["meets"]] == [MADE_SAFE]
    assert [each["standard"] for each in told[DONE]["meets"]] == [MADE_SAFE, COMPLETED]
    assert (told[SAFE]["meets"][0]["when"], told[SAFE]["meets"][0]["state"]) == ({}, "running")
    case.event(SAFE, ago(minutes=5))
    await consume(resources, case.history[-1])
    _, told = await asked(notifications, callers.officer(), case.reference, SAFE, DONE)
    assert told[SAFE]["meets"] == []
    assert [each["standard"] for each in told[DONE]["meets"]] == [COMPLETED]


@pytest.mark.parametrize(
    ("contact", "form"),
    [
        ({"email": "sam@example.org"}, "email"),
        ({"email": "sam@example.org", "phone": "07700 900123", "preferred_channel": "mobile"}, "text"),
        ({"email": "sam@example.org", "safe_channels": ["phone"], "phone": "01632 960001"}, "call"),
        ({"email": "sam@example.org", "safe_to_contact": False}, None),
    ],
    ids=["by email", "as they prefer", "as is safe", "not at all"],
)
@pytest.mark.usefixtures("owner")
async def test_the_resident_is_told_in_the_form_in_which_the_letter_would_leave(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    notifications: httpx.AsyncClient,
    contact: dict[str, Any],
    form: str | None,
) -> None:
    """Or not at all, where that is not safe: the department is told in their place."""
    contact = {"name": "Sam Jones", **contact}
    reference = await a_reported_repair(resources, repairs, callers, contact=contact)
    _, told = await asked(notifications, callers.officer(), reference, BOOKED, SAFE)
    [message] = told[BOOKED]["tells"]
    assert (message["form"], message["needs"]) == (form, ["starts_at", "ends_at"])
    assert (told[SAFE]["tells"], told[SAFE]["may_change_dates"]) == ([], False)


async def test_only_who_works_a_case_asks_and_only_of_its_own_events(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """What would be told is for those who act; another service's event is none of the case's."""
    case = emergency(ago(hours=1))
    await consume(resources, *case.history)
    assert (await asked(notifications, callers.resident(), case.reference, SAFE))[0] == 403
    assert (await asked(notifications, callers.officer("asb"), case.reference, SAFE))[0] == 404
    for event in ("asb.case-opened", "repairs.no-such-event", "x"):
        assert (await asked(notifications, callers.officer(), case.reference, event))[0] == 422


async def test_while_its_owner_is_silent_nobody_knows_how_the_resident_is_told(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """What it meets is known all the same."""
    case = emergency(ago(hours=1))
    await consume(resources, *case.history)
    _, told = await asked(notifications, callers.officer(), case.reference, DONE)
    assert (told[DONE]["tells"], len(told[DONE]["meets"])) == (None, 2)
