"""What happens to a repair, and what that means for the hazard that it puts right."""

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
    home_with,
    states,
)
from tests.services.repairs.reporting import assigned


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
