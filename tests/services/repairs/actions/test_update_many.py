"""Many updates at once, from a phone that was without signal: each answered on its own."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.services.callers import Callers, Headers
from tests.services.repairs.reporting import COMPLETED, ago, assigned

UNKNOWN = "REP-7K3M-Q9TY"


async def uploaded(
    client: httpx.AsyncClient, headers: Headers, updates: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The results of a batch that was taken."""
    body = json.dumps({"updates": updates})
    headers = headers | {"Content-Type": "application/json"}
    answer = await client.post("/v1/repairs/updates", content=body, headers=headers)
    assert answer.status_code == 201, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    assert len(results) == len(updates)
    return results


async def version(client: httpx.AsyncClient, reference: str, officer: Headers) -> int:
    answer = await client.get(f"/v1/repairs/{reference}", headers=officer)
    found: int = answer.json()["version"]
    return found


async def test_five_hundred_updates_are_each_answered_on_their_own(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Good ones are taken, wrong ones refused with a reason, and both in the order they were sent."""
    officer = callers.officer()
    job = await assigned(repairs, officer, "Fixit", received_at=ago(days=1))
    anothers = await assigned(repairs, officer, "Bodgit", received_at=ago(days=1))
    kinds: list[tuple[dict[str, Any], int]] = [
        ({"reference": job["reference"], "type": "no_access"}, 201),
        ({"reference": anothers["reference"], "type": "attended"}, 404),
        ({"reference": UNKNOWN, "type": "attended"}, 404),
        ({"reference": job["reference"], "type": "completed"}, 422),
        ({"reference": job["reference"], "type": "attended", "occurred_at": ago(days=2)}, 422),
    ]
    updates, statuses = [], []
    for number in range(500):
        update, status = kinds[number % len(kinds)]
        if status == 201:
            update = {**update, "occurred_at": ago(seconds=number + 1)}
        updates.append(update)
        statuses.append(status)
    results = await uploaded(repairs, callers.contractor("Fixit"), updates)
    assert [result["status"] for result in results] == statuses
    assert [result["reference"] for result in results] == [update["reference"] for update in updates]
    assert [result["problem"] is None for result in results] == [status == 201 for status in statuses]
    assert await version(repairs, job["reference"], officer) == job["version"] + 100
    assert await version(repairs, anothers["reference"], officer) == anothers["version"]


async def test_a_refused_update_says_why(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The problem of one item is the same as that of the same update sent alone."""
    job = await assigned(repairs, callers.officer(), received_at=ago(hours=2))
    reference = job["reference"]
    results = await uploaded(
        repairs,
        callers.contractor(),
        [
            {"reference": reference, "type": "attended", "weather": "rain"},
            {"reference": reference, **COMPLETED, "occurred_at": ago(hours=1)},
            {"reference": reference, "type": "attended"},
            {"type": "attended"},
        ],
    )
    unknown_field, _, after_the_end, nameless = results
    assert unknown_field["problem"]["errors"][0]["pointer"] == ""
    assert (after_the_end["status"], after_the_end["problem"]["allowed"]) == (409, [])
    assert (nameless["status"], nameless["reference"]) == (422, None)
    assert nameless["problem"]["errors"][0]["pointer"] == "/reference"


async def test_the_same_batch_twice_changes_nothing_more(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """An upload whose answer was lost is sent again as a whole, and answered as before."""
    job = await assigned(repairs, callers.officer(), received_at=ago(hours=6))
    reference = job["reference"]
    updates = [
        {"reference": reference, **COMPLETED, "occurred_at": ago(hours=1)},
        {"reference": reference, "type": "attended", "occurred_at": ago(hours=2)},
        {"reference": reference, "type": "accepted", "occurred_at": ago(hours=4)},
    ]
    first = await uploaded(repairs, callers.contractor(), updates)
    second = await uploaded(repairs, callers.contractor(), list(reversed(updates)))
    assert [result["status"] for result in first + second] == [201] * 6
    assert await version(repairs, reference, callers.officer()) == job["version"] + 3


async def test_other_words_of_one_second_are_kept_or_refused(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Two operatives who saved in the same second are two; a completion corrected in it is refused."""
    job = await assigned(repairs, callers.officer(), received_at=ago(hours=2))
    reference, at = job["reference"], ago(hours=1)
    visit = {"reference": reference, "type": "attended", "occurred_at": at}
    done = {"reference": reference, **COMPLETED, "occurred_at": at}
    mason, hall = ({**visit, "operative": name} for name in ("J. Mason", "P. Hall"))
    updates = [mason, hall, mason, done, {**done, "clean_and_tidy": False}, done]
    results = await uploaded(repairs, callers.contractor(), updates)
    assert [result["status"] for result in results] == [201, 201, 201, 201, 409, 201]
    assert await version(repairs, reference, callers.officer()) == job["version"] + 3


async def test_batches_about_the_same_jobs_in_other_orders_are_all_taken(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Phones that find their signal at the same moment wait for each other, and none is turned away."""
    officer = callers.officer()
    jobs = [await assigned(repairs, officer, received_at=ago(hours=6)) for _ in range(10)]

    def batch(number: int) -> list[dict[str, Any]]:
        told = {"type": "no_access", "occurred_at": ago(minutes=number + 1)}
        updates = [{"reference": job["reference"], **told} for job in jobs]
        return updates if number % 2 else updates[::-1]

    batches = [batch(number) for number in range(6)]
    answers = await asyncio.gather(*(uploaded(repairs, callers.contractor(), sent) for sent in batches))
    for sent, results in zip(batches, answers, strict=True):
        assert [result["status"] for result in results] == [201] * 10
        assert [result["reference"] for result in results] == [update["reference"] for update in sent]
    for job in jobs:
        assert await version(repairs, job["reference"], officer) == job["version"] + 6


async def test_two_untimed_updates_alike_are_one(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """All untimed updates of one batch happened at its arrival, so two alike are the same one."""
    job = await assigned(repairs, callers.officer())
    knock = {"reference": job["reference"], "type": "no_access"}
    results = await uploaded(repairs, callers.contractor(), [knock, knock])
    assert [result["status"] for result in results] == [201, 201]
    assert await version(repairs, job["reference"], callers.officer()) == job["version"] + 1


@pytest.mark.parametrize(
    "reference", ["\ud800", "x" * 41, "\x00", 7, None], ids=["half a letter", "long", "nul", "number", "null"]
)
async def test_a_nonsense_reference_spoils_only_its_own_update(
    repairs: httpx.AsyncClient, callers: Callers, reference: Any
) -> None:
    """Whatever stands where the reference should, the next update is taken all the same."""
    job = await assigned(repairs, callers.officer())
    updates = [
        {"reference": reference, "type": "accepted"},
        {"reference": job["reference"], "type": "accepted"},
    ]
    refused, taken = await uploaded(repairs, callers.contractor(), updates)
    assert refused["status"] in {404, 422}
    assert taken["status"] == 201


async def test_half_a_letter_spoils_only_its_own_update(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A phone that cuts a note in the middle of an emoji sends half of a surrogate pair, which is no text."""
    job = await assigned(repairs, callers.officer())
    good = {"reference": job["reference"], "type": "accepted"}
    refused, taken = await uploaded(repairs, callers.contractor(), [{**good, "notes": "cut \ud83d"}, good])
    assert (refused["status"], taken["status"]) == (422, 201)
    assert [error["pointer"] for error in refused["problem"]["errors"]] == ["/notes"]


@pytest.mark.parametrize("item", [None, 7, "REP-7K3M-Q9TX", [], {}])
async def test_an_item_that_is_no_update_spoils_no_other(
    repairs: httpx.AsyncClient, callers: Callers, item: Any
) -> None:
    """Half of a lost upload may be garbage: it is told what it lacks, and the update after it is taken."""
    job = await assigned(repairs, callers.officer())
    good = {"reference": job["reference"], "type": "accepted"}
    refused, taken = await uploaded(repairs, callers.contractor(), [item, good])
    assert (refused["status"], taken["status"]) == (422, 201)
    assert {error["pointer"] for error in refused["problem"]["errors"]} == {"/type", "/reference"}


@pytest.mark.parametrize("count", [0, 501])
async def test_a_batch_has_one_to_five_hundred_updates(
    repairs: httpx.AsyncClient, callers: Callers, count: int
) -> None:
    """More would keep everybody waiting; none is a mistake."""
    updates = [{"reference": UNKNOWN, "type": "accepted"}] * count
    answer = await repairs.post(
        "/v1/repairs/updates", json={"updates": updates}, headers=callers.contractor()
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/updates"
