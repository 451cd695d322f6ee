"""Doors that stay shut: every attempt is kept with its time, its way and its outcome, and stops no clock."""

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.reporting import ago, assigned


async def test_every_attempt_is_kept_with_time_way_and_outcome(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Officers see when it happened and when it reached us; the promises run on as they were."""
    job = await assigned(repairs, callers.officer(), fault="loss-of-gas", received_at=ago(hours=3))
    path = f"/v1/repairs/{job['reference']}/updates"
    attempts = [
        {"type": "no_access", "occurred_at": ago(hours=2), "way": "knocked", "outcome": "no answer"},
        {"type": "no_access", "occurred_at": ago(hours=1), "way": "phoned", "outcome": "voicemail"},
        {"type": "no_access", "occurred_at": ago(minutes=5)},
    ]
    for attempt in attempts:
        answer = await repairs.post(path, json=attempt, headers=callers.contractor())
        assert answer.status_code == 201
    assert answer.json()["status"] == "reported"
    assert answer.json()["deadlines"] == job["deadlines"]
    kept = (await repairs.get(path, headers=callers.officer())).json()["items"]
    told = [{name: each[name] for name in ("type", "occurred_at", "way", "outcome")} for each in kept]
    assert told == [{"way": None, "outcome": None, **attempt} for attempt in attempts]
    assert all(each["recorded_at"] > each["occurred_at"] for each in kept)


async def test_a_long_story_is_read_in_pages(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """In the order in which it reached us, nothing twice and nothing left out."""
    job = await assigned(repairs, callers.officer(), received_at=ago(hours=6))
    path, story = f"/v1/repairs/{job['reference']}/updates", [ago(hours=hour) for hour in range(1, 6)]
    for occurred_at in story:
        body = {"type": "no_access", "occurred_at": occurred_at}
        await repairs.post(path, json=body, headers=callers.contractor())
    read: list[str] = []
    query = {"limit": "2"}
    while query:
        page = (await repairs.get(path, params=query, headers=callers.officer())).json()
        read += [each["occurred_at"] for each in page["items"]]
        query = {"limit": "2", "cursor": page["next"]} if page["next"] else {}
    assert read == story


@pytest.mark.parametrize("field", ["way", "outcome"])
async def test_only_a_shut_door_has_a_way_and_an_outcome(
    repairs: httpx.AsyncClient, callers: Callers, field: str
) -> None:
    """With any other update they would be a mistake."""
    job = await assigned(repairs, callers.officer())
    body = {"type": "attended", field: "knocked"}
    path = f"/v1/repairs/{job['reference']}/updates"
    answer = await repairs.post(path, json=body, headers=callers.contractor())
    assert answer.status_code == 422


async def test_the_story_of_a_job_is_for_officers(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Operatives' remarks are no letter to the resident, and no firm reads another's."""
    job = await assigned(repairs, callers.officer())
    path = f"/v1/repairs/{job['reference']}/updates"
    for headers, status in (
        (callers.resident(), 403),
        (callers.contractor(), 403),
        (callers.frontend(), 403),
        (callers.officer("asb"), 404),
    ):
        assert (await repairs.get(path, headers=headers)).status_code == status
