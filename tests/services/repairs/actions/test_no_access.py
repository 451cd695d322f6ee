"""Doors that stay shut: every attempt is kept with its time, its way and its outcome, and stops no clock."""

import httpx
import pytest

from tests.services.callers import Callers, Headers
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


async def test_the_story_of_a_job_is_for_officers_and_its_firm(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Operatives' remarks are no letter to the resident, and another firm's job is an unknown one."""
    job = await assigned(repairs, callers.officer(), "Fixit")
    path = f"/v1/repairs/{job['reference']}/updates"
    for headers, status in (
        (callers.resident(), 403),
        (callers.frontend(), 403),
        (callers.contractor("Fixit"), 200),
        (callers.contractor("Bodgit"), 404),
        (callers.officer("asb"), 404),
    ):
        assert (await repairs.get(path, headers=headers)).status_code == status


async def test_a_firm_reads_what_it_told_itself(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Not what an officer noted, nor the firm before it; the firm that lost the job reads nothing."""
    officer, fixit, bodgit = callers.officer(), callers.contractor("Fixit"), callers.contractor("Bodgit")
    job = await assigned(repairs, officer, "Fixit", received_at=ago(hours=6))
    path = f"/v1/repairs/{job['reference']}"

    async def tell(headers: Headers, notes: str, hours: int) -> None:
        body = {"type": "no_access", "notes": notes, "occurred_at": ago(hours=hours)}
        answer = await repairs.post(f"{path}/updates", json=body, headers=headers)
        assert answer.status_code == 201, answer.text

    async def read(headers: Headers) -> list[str]:
        answer = await repairs.get(f"{path}/updates", headers=headers)
        assert answer.status_code == 200, answer.text
        return [each["notes"] for each in answer.json()["items"]]

    await tell(fixit, "The bell is dead.", 5)
    await tell(officer, "The tenant phoned.", 4)
    assert await read(fixit) == ["The bell is dead."]
    await repairs.post(f"{path}/assignment", json={"contractor": "Bodgit"}, headers=officer)
    assert await read(bodgit) == []
    await tell(bodgit, "Nobody in.", 1)
    assert await read(bodgit) == ["Nobody in."]
    assert (await repairs.get(f"{path}/updates", headers=fixit)).status_code == 404
    assert await read(officer) == ["The bell is dead.", "The tenant phoned.", "Nobody in."]
    await repairs.post(f"{path}/assignment", json={"contractor": "Fixit"}, headers=officer)
    assert await read(fixit) == ["The bell is dead."]
