"""Updates that cannot be: after the end, of the future, or of another firm's job."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.actions.telling import (
    A_SLOT,
    AGREED_ON_SITE,
    COMPLETED,
    given_to,
    next_visit,
    seen,
    state,
    told,
    window,
)
from tests.services.repairs.reporting import ago, assigned


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
        ({"type": "attended", "weather": "rain"}, ""),
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
