"""Updates that are sent again, corrected, or told of one second."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.actions.telling import (
    AGREED_ON_SITE,
    COMPLETED,
    given_to,
    next_visit,
    seen,
    told,
    window,
)
from tests.services.repairs.reporting import ago, assigned, london, timed, zulu


@pytest.mark.parametrize("seconds_fast", [0, 3], ids=["a good clock", "a clock three seconds fast"])
async def test_an_update_sent_again_is_the_same_update(
    repairs: httpx.AsyncClient, callers: Callers, seconds_fast: int
) -> None:
    """A phone that never heard our answer repeats itself; also one whose clock is a little fast."""
    job = await assigned(repairs, callers.officer())
    done = {**COMPLETED, "occurred_at": ago(seconds=-seconds_fast)}
    first = await told(repairs, job["reference"], callers.contractor(), **done)
    second = await told(repairs, job["reference"], callers.contractor(), **done)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json()["version"] == first.json()["version"] == job["version"] + 1


ONE_SECOND = zulu(london("Tuesday 2026-03-03 10:00"))
BEFORE = zulu(london("Tuesday 2026-03-03 08:00"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"type": "no_access", "way": "knocked"}, {"type": "no_access", "way": "phoned"}),
        ({"type": "no_access"}, {"type": "no_access", "outcome": "refused"}),
        ({"type": "attended", "operative": "J. Mason"}, {"type": "attended", "operative": "P. Hall"}),
        ({"type": "made_safe"}, {"type": "made_safe", "notes": "Water is off."}),
        (COMPLETED, {**COMPLETED, "operative": "P. Hall"}),
        (next_visit(**window(days=2), slot_id=None), next_visit(**window(days=3), slot_id=None)),
    ],
    ids=["two ways", "an outcome", "a second operative", "a note", "two who finished", "another visit"],
)
async def test_other_words_of_the_same_second_are_another_update(
    repairs: httpx.AsyncClient, callers: Callers, first: dict[str, Any], second: dict[str, Any]
) -> None:
    """Each is kept with its fact, once: what is answered 201 is there to be read."""
    job = await assigned(repairs, callers.officer(), received_at=BEFORE)
    reference, firm = job["reference"], callers.contractor()
    first, second = timed(first), timed(second)
    for update in (first, second, first, second):
        answer = await told(repairs, reference, firm, **update, occurred_at=ONE_SECOND)
        assert answer.status_code == 201, answer.text
    assert answer.json()["version"] == job["version"] + 2
    kept = (await repairs.get(f"/v1/repairs/{reference}/updates", headers=firm)).json()["items"]
    read = zip(kept, (first, second), strict=True)
    assert [{name: each[name] for name in update} for each, update in read] == [first, second]


async def test_the_same_words_of_a_firm_and_of_an_officer_are_two_updates(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The author is part of an update; a firm reads its own only."""
    job = await assigned(repairs, callers.officer(), received_at=BEFORE)
    reference, firm = job["reference"], callers.contractor()
    for headers in (callers.officer(), firm):
        answer = await told(repairs, reference, headers, type="attended", occurred_at=ONE_SECOND)
        assert answer.status_code == 201
    kept = (await repairs.get(f"/v1/repairs/{reference}/updates", headers=firm)).json()["items"]
    assert len(kept) == 1


async def test_identical_updates_at_once_are_one(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A phone that tries on two networks at the same moment tells of one visit; two operatives of two."""
    job = await assigned(repairs, callers.officer(), received_at=BEFORE)
    reference, firm = job["reference"], callers.contractor()
    visit = {"type": "attended", "occurred_at": ONE_SECOND}
    updates = [{**visit, "operative": name} for name in ("J. Mason", "P. Hall") * 3]
    answers = await asyncio.gather(*(told(repairs, reference, firm, **update) for update in updates))
    assert {answer.status_code for answer in answers} == {201}
    assert (await seen(repairs, reference, callers.officer()))["version"] == job["version"] + 2


@pytest.mark.parametrize("fraction", ["", ".4"], ids=["to the second", "within the second"])
@pytest.mark.parametrize("word", ["clean_and_tidy", "identification_shown"])
async def test_a_completion_is_not_corrected_in_silence(
    repairs: httpx.AsyncClient, callers: Callers, word: str, fraction: str
) -> None:
    """Left tidy, and then not: the first word stands, and whoever tells the other hears that it does."""
    job = await assigned(repairs, callers.officer(), received_at=BEFORE)
    reference, firm = job["reference"], callers.contractor()
    first_told = ONE_SECOND.replace("Z", f"{fraction}Z")
    first = await told(repairs, reference, firm, **COMPLETED, occurred_at=first_told)
    corrected = {**COMPLETED, word: False, "occurred_at": ONE_SECOND}
    answer = await told(repairs, reference, firm, **corrected)
    assert (answer.status_code, answer.json()["allowed"]) == (409, [])
    assert answer.json()["detail"].endswith(f"with other words for its {word}.")
    kept = (await repairs.get(f"/v1/repairs/{reference}/updates", headers=firm)).json()["items"]
    assert [each[word] for each in kept] == [True]
    assert (await seen(repairs, reference, callers.officer()))["version"] == first.json()["version"]


async def test_a_completion_without_a_time_may_be_sent_again(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A job is completed once, so the same words mean the same; other words come after the end."""
    job = await assigned(repairs, callers.officer())
    reference, firm = job["reference"], callers.contractor()
    first, again = [await told(repairs, reference, firm, **COMPLETED) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["version"] == first.json()["version"] == job["version"] + 1
    other = await told(repairs, reference, firm, **{**COMPLETED, "clean_and_tidy": False})
    assert other.status_code == 409


async def test_what_a_firm_agreed_before_it_lost_the_job_is_known_when_it_is_sent_again(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Its phone never heard our answer; the job has gone to another firm meanwhile."""
    officer, firm = callers.officer(), callers.contractor("Fixit")
    job = await assigned(repairs, officer, "Fixit", received_at=ago(hours=1))
    agreed = timed({**next_visit(**AGREED_ON_SITE), "occurred_at": ago()})
    assert (await told(repairs, job["reference"], firm, **agreed)).status_code == 201
    await given_to(repairs, job["reference"], "Bodgit", officer)
    again = await told(repairs, job["reference"], firm, **agreed)
    assert (again.status_code, again.json()["view"]) == (201, "past_contractor")
