"""A firm hands a job back that is not its own to do: nobody has it then, and no clock stops."""

from typing import Any

import httpx
import pytest

from services.repairs.case.policy import Status, status_handed_back
from tests.services.callers import Callers, Headers
from tests.services.repairs.appointments.booking import booked, free_places, happened, published
from tests.services.repairs.reporting import ago, assigned, reported

NOT_OURS = {"reason": "not_our_trade", "notes": "It is the boiler, not the pipe."}


async def handed_back(
    client: httpx.AsyncClient, reference: str, headers: Headers, **body: Any
) -> httpx.Response:
    """The answer to a firm that hands a job back."""
    return await client.post(f"/v1/repairs/{reference}/handback", json={**NOT_OURS, **body}, headers=headers)


async def test_nobody_has_the_job_and_its_dates_stay(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The firm sees it no more; the department reads why, and the resident that nobody has it."""
    job = await assigned(repairs, callers.officer(), received_at=ago(hours=2))
    path = f"/v1/repairs/{job['reference']}"
    on_site = {"type": "attended"}
    await repairs.post(f"{path}/updates", json=on_site, headers=callers.contractor("Fixit"))
    answer = await handed_back(repairs, job["reference"], callers.contractor("Fixit"))
    assert (answer.status_code, answer.json()) == (
        201,
        {"view": "past_contractor", "reference": job["reference"]},
    )
    assert (await repairs.get(path, headers=callers.contractor("Fixit"))).status_code == 404
    case = (await repairs.get(path, headers=callers.officer())).json()
    assert (case["contractor"], case["status"]) == (None, "reported")
    assert case["deadlines"] == job["deadlines"]
    reasons = (await repairs.get(f"{path}/reasons", headers=callers.officer())).json()["items"]
    assert [(each["act"], each["reason"]) for each in reasons] == [("handback", NOT_OURS["notes"])]
    *_, (last, facts) = await happened(repairs, job["reference"], callers)
    assert (last, facts) == ("repair-handed-back", {"contractor": "Fixit", "reason": "not_our_trade"})


async def test_handed_back_twice_it_is_handed_back_once(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A phone that never heard our answer sends again; without a key the job is not there any more."""
    job = await assigned(repairs, callers.officer())
    keyed = callers.contractor("Fixit") | {"Idempotency-Key": "it is not ours"}
    first, again = [await handed_back(repairs, job["reference"], keyed) for _ in "12"]
    assert (first.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    for firm in ("Fixit", "Bodgit"):
        answer = await handed_back(repairs, job["reference"], callers.contractor(firm))
        assert answer.status_code == 404


async def test_the_visit_of_the_firm_is_called_off(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Nobody waits in for it, and the slot is free; the resident is told why."""
    resident = callers.resident()
    slot = await published(repairs, callers.contractor("Fixit"))
    reference = (await reported(repairs, resident))["reference"]
    await booked(repairs, reference, slot, resident)
    assert (await handed_back(repairs, reference, callers.contractor("Fixit"))).status_code == 201
    assert await free_places(repairs, slot, callers.officer()) == 1
    *_, (_, why), (last, facts) = await happened(repairs, reference, callers)
    assert (why["reason"], last, facts["because"]) == (
        "not_our_trade",
        "appointment-cancelled",
        "handed_back",
    )


async def test_a_firm_tells_what_it_did_before_and_nothing_after(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Its phone had no signal; of a job that it has handed back there is nothing more to tell."""
    job = await assigned(repairs, callers.officer(), received_at=ago(hours=3))
    fixit, path = callers.contractor("Fixit"), f"/v1/repairs/{job['reference']}/updates"
    before = {"type": "attended"}
    assert (await repairs.post(path, json=before, headers=fixit)).status_code == 201
    assert (await handed_back(repairs, job["reference"], fixit)).status_code == 201
    after = await repairs.post(path, json={"type": "made_safe"}, headers=fixit)
    assert after.status_code == 404


async def test_it_is_handed_back_while_a_firm_has_it_and_not_before(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Not what no firm has, what has ended, or before the firm got it; the reason is one of a list."""
    case, officer = await reported(repairs, callers.resident(), received_at=ago(hours=3)), callers.officer()
    nobody = await handed_back(repairs, case["reference"], officer)
    assert (nobody.status_code, "assignment" in nobody.json()["allowed"]) == (409, True)
    given = {"contractor": "Fixit"}
    await repairs.post(f"/v1/repairs/{case['reference']}/assignment", json=given, headers=officer)
    for wrong, pointer in (
        ({"occurred_at": ago(hours=2)}, "/occurred_at"),
        ({"reason": "too far"}, "/reason"),
        ({"reason": None}, "/reason"),
    ):
        refused = await handed_back(repairs, case["reference"], callers.contractor("Fixit"), **wrong)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (await handed_back(repairs, case["reference"], callers.resident())).status_code == 403
    done = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}
    await repairs.post(f"/v1/repairs/{case['reference']}/updates", json=done, headers=officer)
    ended = await handed_back(repairs, case["reference"], callers.contractor("Fixit"))
    assert ended.status_code == 409


@pytest.mark.parametrize(
    ("status", "after"),
    [
        (Status.ACCEPTED, Status.REPORTED),
        (Status.EN_ROUTE, Status.REPORTED),
        (Status.ATTENDED, Status.REPORTED),
        (Status.MADE_SAFE, Status.MADE_SAFE),
        (Status.FOLLOW_ON_NEEDED, Status.FOLLOW_ON_NEEDED),
    ],
)
def test_what_was_made_safe_stays_safe(status: Status, after: Status) -> None:
    """Work that the firm only began begins anew with the next."""
    assert status_handed_back(status) is after
