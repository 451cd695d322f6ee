"""Events of a repair, and their effect on the hazard that it puts right."""

from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.hazards.homes import (
    COMPLETED,
    INVESTIGATED,
    MOULD,
    REPORTED,
    Home,
    at,
    due,
    home_with,
    states,
)
from tests.services.repairs.reporting import assigned

QUOTE = {"reason": "The vent was blocked.", "estimated_cost": "120.00", "administration_charge": "18.00"}
WHY = {"reason": "We do not want it."}
FOUND = {"finding": "significant", "further_work_needed": False}


@pytest.mark.parametrize("update", [{"type": "made_safe"}, COMPLETED], ids=["made safe", "completed"])
async def test_the_firms_word_on_the_job_makes_the_hazard_safe(
    repairs: httpx.AsyncClient, callers: Callers, update: dict[str, Any]
) -> None:
    """The clock of the safety work and the hazard say the same, and the latest work stands."""
    job = await assigned(repairs, callers.officer(), received_at=at(REPORTED), hazard=MOULD)
    home = Home(repairs, callers.officer(), job["reference"])
    await home.act("investigation", INVESTIGATED, finding="significant", further_work_needed=False)
    for moment in ("Tuesday 2026-02-10 12:00", "Tuesday 2026-02-10 09:00"):
        told = {**update, "occurred_at": at(moment)}
        await repairs.post(f"{home.path}/updates", json=told, headers=callers.contractor())
    case = (await repairs.get(home.path, headers=callers.officer())).json()
    assert states(case)["significant.made-safe"] == "met"
    hazard = case["hazard"]
    assert (hazard["stage"], hazard["made_safe_at"]) == ("made_safe", at("Tuesday 2026-02-10 12:00"))


@pytest.mark.parametrize(
    ("finding", "aware_at", "stage"),
    [
        (None, "Wednesday 2026-02-11 09:00", "reported"),
        ("none", REPORTED, "not_found"),
    ],
    ids=["of a hazard not known then", "of none"],
)
async def test_work_that_no_hazard_asked_for_makes_none_safe(
    repairs: httpx.AsyncClient, callers: Callers, finding: str | None, aware_at: str, stage: str
) -> None:
    """It came before we knew of the hazard, or the investigation has found that there is none."""
    home = await home_with(repairs, callers, None)
    await home.act("", **MOULD, aware_at=at(aware_at))
    if finding:
        await home.act("investigation", INVESTIGATED, finding=finding, further_work_needed=False)
    told = {"type": "made_safe", "occurred_at": at("Tuesday 2026-02-10 12:00")}
    answer = await repairs.post(f"{home.path}/updates", json=told, headers=callers.officer())
    assert answer.status_code == 201
    hazard = (await repairs.get(home.path, headers=callers.officer())).json()["hazard"]
    assert (hazard["stage"], hazard["made_safe_at"]) == (stage, None)


async def test_a_residents_refusal_stops_no_clock_of_the_law(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Reported or found, a hazard is put right: neither calling it off nor not paying ends its clocks."""
    home = await home_with(repairs, callers, MOULD)
    await repairs.post(f"{home.path}/recharge", json=QUOTE, headers=callers.officer())
    for found in (False, True):
        if found:
            await home.act("investigation", INVESTIGATED, **FOUND)
        before = (await repairs.get(home.path, headers=callers.resident())).json()
        officers = {"cancellation", "recharge/waiver"}
        for act, headers, instead in (
            ("cancellation", callers.resident(), set[str]()),
            ("recharge/decline", callers.resident(), set[str]()),
            ("recharge/decline", callers.officer(), officers),
        ):
            refused = await repairs.post(f"{home.path}/{act}", json=WHY, headers=headers)
            assert refused.status_code == 409, act
            assert "still being dealt with" in refused.json()["detail"]
            allowed = set(refused.json()["allowed"])
            assert (allowed & officers, "recharge/decline" in allowed) == (instead, False)
        after = (await repairs.get(home.path, headers=callers.resident())).json()
        assert (after["version"], due(after)) == (before["version"], due(before))


async def test_an_officer_calls_off_what_was_reported_in_error(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """With the reason, which officers can read; the clocks then end."""
    home = await home_with(repairs, callers, MOULD)
    error = {"reason": "Reported for the wrong home."}
    answer = await repairs.post(f"{home.path}/cancellation", json=error, headers=callers.officer())
    assert (answer.status_code, answer.json()["status"]) == (201, "cancelled")
    reasons = await repairs.get(f"{home.path}/reasons", headers=callers.officer())
    assert reasons.json()["items"][-1]["reason"] == "Reported for the wrong home."


@pytest.mark.parametrize("act", ["cancellation", "recharge/decline"])
@pytest.mark.parametrize("end", ["made safe", "not found"])
async def test_once_the_hazard_is_dealt_with_the_resident_decides_again(
    repairs: httpx.AsyncClient, callers: Callers, act: str, end: str
) -> None:
    """A repair like any other is left."""
    home = await home_with(repairs, callers, MOULD)
    await repairs.post(f"{home.path}/recharge", json=QUOTE, headers=callers.officer())
    finding = FOUND if end == "made safe" else {**FOUND, "finding": "none"}
    await home.act("investigation", INVESTIGATED, **finding)
    if end == "made safe":
        await home.act("safety-work", "Tuesday 2026-02-10 12:00")
    answer = await repairs.post(f"{home.path}/{act}", json=WHY, headers=callers.resident())
    assert (answer.status_code, answer.json()["status"]) == (201, "cancelled")
