"""What contractors tell of a job: in any order, twice, late, and sometimes impossible."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.callers import Callers, Headers
from tests.services.repairs.reporting import ago, assigned, london, timed, zulu

COMPLETED = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}


def window(**span: float) -> dict[str, timedelta]:
    """A visit from so long ahead, for three hours."""
    start = timedelta(**span)
    return {"starts_at": start, "ends_at": start + timedelta(hours=3)}


AGREED_ON_SITE = window(days=2)
A_SLOT = {"slot_id": "00000000-0000-4000-8000-000000000000"}


def next_visit(**appointment: str | timedelta | None) -> dict[str, Any]:
    return {"type": "follow_on_needed", "appointment": appointment}


async def told(client: httpx.AsyncClient, reference: str, headers: Headers, **update: Any) -> httpx.Response:
    return await client.post(f"/v1/repairs/{reference}/updates", json=timed(update), headers=headers)


async def seen(client: httpx.AsyncClient, reference: str, officer: Headers) -> dict[str, Any]:
    case: dict[str, Any] = (await client.get(f"/v1/repairs/{reference}", headers=officer)).json()
    return case


def state(case: dict[str, Any], standard: str) -> str:
    """Where one of the case's promises stands."""
    found: str = next(row["state"] for row in case["deadlines"] if row["standard"] == standard)
    return found


@pytest.mark.parametrize(
    ("update", "status"),
    [
        ({"type": "accepted"}, "accepted"),
        ({"type": "en_route"}, "en_route"),
        ({"type": "attended", "operative": "J. Mason", "notes": "Tiles slipped."}, "attended"),
        ({"type": "made_safe"}, "made_safe"),
        ({"type": "no_access", "notes": "Knocked three times."}, "reported"),
        ({"type": "follow_on_needed", "appointment": AGREED_ON_SITE}, "follow_on_needed"),
        ({"type": "follow_on_needed", "appointment": window(days=364)}, "follow_on_needed"),
        (COMPLETED, "completed"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_every_kind_of_update_is_taken(
    repairs: httpx.AsyncClient, callers: Callers, update: dict[str, Any], status: str
) -> None:
    """Each is answered with the job as it now is, one version on."""
    job = await assigned(repairs, callers.officer())
    answer = await told(repairs, job["reference"], callers.contractor(), **update)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/repairs/{job['reference']}"
    assert answer.headers["ETag"] == f'"{job["version"] + 1}"'
    assert (answer.json()["status"], answer.json()["version"]) == (status, job["version"] + 1)


async def test_a_time_told_to_the_second_may_be_that_of_the_report(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A report is noted with its fraction of a second, which a phone that counts in whole ones leaves out."""
    job = await assigned(repairs, callers.officer())
    assert "." in job["received_at"]
    same_second = job["received_at"].partition(".")[0] + "Z"
    update = {"type": "accepted", "occurred_at": same_second}
    first = await told(repairs, job["reference"], callers.contractor(), **update)
    again = await told(repairs, job["reference"], callers.contractor(), **update)
    assert (first.status_code, first.json()["version"]) == (201, job["version"] + 1)
    assert (again.status_code, again.json()["version"]) == (201, job["version"] + 1)


async def test_completion_at_ten_uploaded_at_six_meets_noon(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A promise is kept when the work is done, not when the phone finds a signal again."""
    job = await assigned(
        repairs,
        callers.officer(),
        fault="loss-of-gas",
        received_at=zulu(london("Tuesday 2024-06-04 08:00")),
    )
    assert state(job, "repairs.priority-1.completed") == "breached"
    done_at = zulu(london("Tuesday 2024-06-04 10:00"))
    await told(repairs, job["reference"], callers.contractor(), **COMPLETED, occurred_at=done_at)
    case = await seen(repairs, job["reference"], callers.officer())
    promise = next(row for row in case["deadlines"] if row["standard"] == "repairs.priority-1.completed")
    assert promise["due_at"] == zulu(london("Tuesday 2024-06-04 12:00"))
    assert (promise["state"], promise["met_at"]) == ("met", done_at)


async def test_completion_after_noon_is_late(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """One second after the four hours the promise is broken, however soon it is told."""
    job = await assigned(
        repairs,
        callers.officer(),
        fault="loss-of-gas",
        received_at=zulu(london("Tuesday 2024-06-04 08:00")),
    )
    late = zulu(london("Tuesday 2024-06-04 12:00:01"))
    await told(repairs, job["reference"], callers.contractor(), **COMPLETED, occurred_at=late)
    case = await seen(repairs, job["reference"], callers.officer())
    assert state(case, "repairs.priority-1.completed") == "late"


async def test_making_safe_keeps_one_promise_and_leaves_the_other(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """An emergency that is made safe still has to be completed within its four hours."""
    job = await assigned(repairs, callers.officer(), fault="loss-of-gas")
    answer = await told(repairs, job["reference"], callers.contractor(), type="made_safe")
    assert state(answer.json(), "repairs.emergency.made-safe") == "met"
    assert state(answer.json(), "repairs.priority-1.completed") == "running"


async def test_no_access_changes_nothing_but_is_remembered(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A door that stays shut stops no clock and moves no status."""
    job = await assigned(repairs, callers.officer(), fault="loss-of-gas")
    answer = await told(repairs, job["reference"], callers.contractor(), type="no_access")
    assert answer.json()["status"] == job["status"]
    assert answer.json()["deadlines"] == job["deadlines"]
    assert answer.json()["version"] == job["version"] + 1


async def test_updates_may_come_in_any_order(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The last thing to arrive is the first that happened, and takes nothing back."""
    job = await assigned(repairs, callers.officer(), received_at=ago(hours=6))
    upload: list[dict[str, Any]] = [
        {**COMPLETED, "occurred_at": ago(hours=1)},
        {"type": "attended", "occurred_at": ago(hours=2)},
        {"type": "accepted", "occurred_at": ago(hours=4)},
        {"type": "en_route", "occurred_at": ago(hours=3)},
    ]
    for update in upload:
        answer = await told(repairs, job["reference"], callers.contractor(), **update)
        assert answer.status_code == 201
        assert answer.json()["status"] == "completed"


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
    """Whose word it is, is part of what was told; a firm reads its own only."""
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


async def test_an_earlier_completion_that_comes_later_counts(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Two operatives report the same repair done; it was done when the first of them did it."""
    job = await assigned(repairs, callers.officer(), fault="loss-of-gas", received_at=ago(hours=6))
    reference, firm = job["reference"], callers.contractor()
    await told(repairs, reference, firm, **COMPLETED, occurred_at=ago(hours=1))
    answer = await told(repairs, reference, firm, **COMPLETED, occurred_at=ago(hours=3))
    assert answer.status_code == 201
    assert state(answer.json(), "repairs.priority-1.completed") == "met"


async def test_nothing_happens_after_the_end(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A finished repair cannot be attended again: the answer says which acts it still allows."""
    job = await assigned(repairs, callers.officer(), received_at=ago(hours=2))
    reference, firm = job["reference"], callers.contractor()
    await told(repairs, reference, firm, **COMPLETED, occurred_at=ago(hours=1))
    for update in ({"type": "attended"}, COMPLETED):
        answer = await told(repairs, reference, firm, **update)
        assert answer.status_code == 409
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["allowed"] == []
    history = await told(repairs, reference, firm, type="attended", occurred_at=ago(minutes=90))
    assert history.status_code == 201


@pytest.mark.parametrize(
    ("update", "pointer"),
    [
        ({"type": "attended", "occurred_at": timedelta(days=-400)}, "/occurred_at"),
        ({"type": "attended", "occurred_at": timedelta(minutes=5)}, "/occurred_at"),
        ({"type": "attended", "occurred_at": "2024-06-04T10:00:00"}, "/occurred_at"),
        ({"type": "vanished"}, "/type"),
        ({"type": "attended", "weather": "rain"}, "/weather"),
        ({"type": "follow_on_needed"}, "/appointment"),
        ({"type": "completed"}, "/clean_and_tidy"),
        ({"type": "completed", "identification_shown": True}, "/clean_and_tidy"),
        ({"type": "completed", "clean_and_tidy": True}, "/identification_shown"),
        ({"type": "attended", "appointment": AGREED_ON_SITE}, "/appointment"),
        (next_visit(), "/appointment"),
        (next_visit(**A_SLOT, **AGREED_ON_SITE), "/appointment"),
        (next_visit(**A_SLOT, ends_at=AGREED_ON_SITE["ends_at"]), "/appointment"),
        (next_visit(starts_at=AGREED_ON_SITE["starts_at"]), "/appointment/ends_at"),
        (next_visit(ends_at=AGREED_ON_SITE["ends_at"]), "/appointment/starts_at"),
        (next_visit(slot_id="Tuesday"), "/appointment/slot_id"),
        (next_visit(**A_SLOT), "/appointment/slot_id"),
        (next_visit(**AGREED_ON_SITE | {"ends_at": timedelta(days=1)}), "/appointment/ends_at"),
        (next_visit(starts_at=timedelta(hours=1), ends_at=timedelta(hours=25.1)), "/appointment/ends_at"),
        (next_visit(**window(days=-2)), "/appointment/starts_at"),
        (next_visit(**window(days=367)), "/appointment/starts_at"),
    ],
)
async def test_an_update_that_cannot_be_is_refused(
    repairs: httpx.AsyncClient, callers: Callers, update: dict[str, Any], pointer: str
) -> None:
    """Before the report, in the future, without what its type must carry: each is pointed at."""
    job = await assigned(repairs, callers.officer())
    answer = await told(repairs, job["reference"], callers.contractor(), **update)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert (await seen(repairs, job["reference"], callers.officer()))["version"] == job["version"]


async def test_another_firms_job_looks_like_an_unknown_one(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A firm can neither work on nor find out about the jobs of another."""
    job = await assigned(repairs, callers.officer(), "Fixit")
    answer = await told(repairs, job["reference"], callers.contractor("Bodgit"), type="accepted")
    assert answer.status_code == 404
    assert (await seen(repairs, job["reference"], callers.officer()))["version"] == job["version"]


async def given_to(client: httpx.AsyncClient, reference: str, firm: str, officer: Headers) -> None:
    path = f"/v1/repairs/{reference}/assignment"
    assert (await client.post(path, json={"contractor": firm}, headers=officer)).status_code == 201


async def test_a_firm_that_has_lost_the_job_may_still_tell_what_it_did(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Its phone had no signal until the job was another's; of the job as it now is it learns nothing."""
    officer, before = callers.officer(), callers.contractor("Fixit")
    job = await assigned(repairs, officer, "Fixit", fault="loss-of-gas", received_at=ago(hours=1))
    reference, done_at = job["reference"], ago()
    await given_to(repairs, reference, "Bodgit", officer)
    answer = await told(repairs, reference, before, **COMPLETED, occurred_at=done_at)
    assert answer.status_code == 201
    assert answer.json() == {"reference": reference, "view": "past_contractor"}
    case = await seen(repairs, reference, officer)
    assert (case["status"], state(case, "repairs.priority-1.completed")) == ("completed", "met")
    assert (await repairs.get(f"/v1/repairs/{reference}", headers=before)).status_code == 404


async def test_what_happened_while_another_had_the_job_is_not_theirs_to_tell(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Nor do they agree the next visit of a job that they have no more."""
    officer, before = callers.officer(), callers.contractor("Fixit")
    job = await assigned(repairs, officer, "Fixit", received_at=ago(hours=1))
    reference, theirs = job["reference"], ago()
    await given_to(repairs, reference, "Bodgit", officer)
    assert (await told(repairs, reference, before, type="attended")).status_code == 404
    assert (await told(repairs, reference, before, type="attended", occurred_at=theirs)).status_code == 201
    follow_on = {"type": "follow_on_needed", "appointment": AGREED_ON_SITE, "occurred_at": theirs}
    answer = await told(repairs, reference, before, **follow_on)
    assert (answer.status_code, answer.json()["allowed"]) == (409, [])
    assert (await seen(repairs, reference, officer))["appointment"] is None


async def test_what_was_done_before_it_was_called_off_was_done(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The operative had finished when the resident cancelled; a visit without an end changes nothing."""
    job = await assigned(repairs, callers.officer(), received_at=ago(hours=2))
    reference, firm = job["reference"], callers.contractor()
    body = {"reason": "It has stopped.", "occurred_at": ago(minutes=30)}
    path = f"/v1/repairs/{reference}/cancellation"
    assert (await repairs.post(path, json=body, headers=callers.officer())).status_code == 201
    assert (await told(repairs, reference, firm, **COMPLETED)).status_code == 409
    attended = await told(repairs, reference, firm, type="attended", occurred_at=ago(hours=1))
    assert (attended.status_code, attended.json()["status"]) == (201, "cancelled")
    done = await told(repairs, reference, firm, **COMPLETED, occurred_at=ago(minutes=45))
    assert (done.status_code, done.json()["status"]) == (201, "completed")


async def test_residents_and_front_ends_update_nothing(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Only who does the work, or an officer, says that it was done."""
    job = await assigned(repairs, callers.officer())
    for headers in (callers.resident(), callers.frontend()):
        assert (await told(repairs, job["reference"], headers, **COMPLETED)).status_code == 403


async def test_an_act_on_an_old_version_is_refused(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Whoever acts on what they read an hour ago learns that it has changed since."""
    job = await assigned(repairs, callers.officer())
    stale = callers.contractor() | {"If-Match": '"1"'}
    fresh = callers.contractor() | {"If-Match": f'"{job["version"]}"'}
    assert (await told(repairs, job["reference"], stale, type="accepted")).status_code == 412
    assert (await told(repairs, job["reference"], fresh, type="accepted")).status_code == 201
