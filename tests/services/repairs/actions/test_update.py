"""Updates of a job as contractors tell them: in any order and late."""

from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.actions.telling import AGREED_ON_SITE, COMPLETED, seen, state, told, window
from tests.services.repairs.reporting import ago, assigned, london, zulu


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
