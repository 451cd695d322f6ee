"""Acts on a hazard that are refused: out of turn, before what they follow, or where nothing was named."""

from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.hazards.homes import (
    INVESTIGATED,
    MOULD,
    SUMMARY,
    Home,
    at,
    due,
    home_with,
)
from tests.services.repairs.reporting import reported

AWARE_AT = "2026-02-02T07:52:26.550000Z"


def about_hazard(refused: httpx.Response) -> list[str]:
    """The acts about the hazard among those that a refusal says are allowed."""
    return [act for act in refused.json()["allowed"] if act.startswith("hazard")]


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("investigation", {"finding": "none", "further_work_needed": False}),
        ("summary", SUMMARY),
        ("safety-work", {}),
        ("preventive-work", {"begun": True}),
        ("decant", {"reason": "Damp.", "from": "2026-02-05"}),
        ("access-attempt", {"way": "phoned", "outcome": "no answer"}),
    ],
)
async def test_without_a_hazard_there_is_nothing_but_naming_one(
    repairs: httpx.AsyncClient, callers: Callers, act: str, body: dict[str, Any]
) -> None:
    """Every other act says so, and what is allowed."""
    home = await home_with(repairs, callers, None)
    answer = await home.tried(act, **body)
    assert (answer.status_code, about_hazard(answer)) == (409, ["hazard"])


@pytest.mark.parametrize(
    ("act", "body", "pointer"),
    [
        ("", {"hazard": "ghosts", "severity": "emergency"}, "/hazard"),
        ("", {"hazard": "damp", "severity": "slight"}, "/severity"),
        ("investigation", {"finding": "significant"}, "/further_work_needed"),
        ("preventive-work", {}, ""),
        ("preventive-work", {"begun": True, "begin_by": "2026-04-01", "reason": "Both."}, ""),
        ("preventive-work", {"begin_by": "2026-04-01"}, ""),
        ("decant", {"reason": "Damp.", "from": "2026-02-05", "to": "2026-02-04"}, "/to"),
        ("access-attempt", {"way": "knocked"}, "/outcome"),
    ],
)
async def test_what_cannot_be_right_is_refused_where_it_stands(
    repairs: httpx.AsyncClient, callers: Callers, act: str, body: dict[str, Any], pointer: str
) -> None:
    """With the field that is at fault, before anything is looked up."""
    home = await home_with(repairs, callers, MOULD)
    answer = await home.tried(act, **body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("moment", "begin_by"),
    [("Tuesday 2026-02-10 09:00", "2026-05-05"), ("Tuesday 2026-02-10 09:00", "2026-02-09")],
    ids=["later than the law lets", "past"],
)
async def test_preventive_work_is_put_off_no_further_than_the_law_lets(
    repairs: httpx.AsyncClient, callers: Callers, moment: str, begin_by: str
) -> None:
    """Twelve weeks from the end of the investigation are the most; nothing of a refused act stays."""
    home = await home_with(repairs, callers, MOULD)
    await home.act("investigation", INVESTIGATED, finding="significant", further_work_needed=True)
    answer = await home.tried("preventive-work", moment, begin_by=begin_by, reason="No scaffolders.")
    assert answer.json()["errors"][0]["pointer"] == "/begin_by"
    case = (await repairs.get(home.path, headers=callers.officer())).json()
    assert (len(case["hazard"]["acts"]), case["hazard"]["preventive_work_by"]) == (2, None)
    last_day = await home.act("preventive-work", moment, begin_by="2026-05-04", reason="No scaffolders.")
    assert due(last_day)["preventive-work.begun"] == at("Monday 2026-05-04 23:59:59")


async def test_an_act_is_never_told_for_before_what_it_follows(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """No investigation before we knew, no summary before the investigation's end."""
    home = await home_with(repairs, callers, MOULD)
    nothing = {"finding": "none", "further_work_needed": False}
    early = await home.tried("investigation", "Monday 2026-02-02 09:59", **nothing)
    assert early.json()["errors"] == [
        {"pointer": "/occurred_at", "detail": "This time is before we became aware of the hazard."}
    ]
    await home.act("investigation", INVESTIGATED, **nothing)
    early = await home.tried("summary", "Monday 2026-02-09 14:59", **SUMMARY)
    assert early.json()["errors"][0]["detail"] == "This time is before the investigation ended."


async def test_an_act_told_to_the_second_of_what_it_follows_is_taken(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Callers leave out the fraction of it, which we keep; the act is then as late as what it follows."""
    case = await reported(repairs, callers.resident(), received_at=AWARE_AT, hazard=MOULD)
    home = Home(repairs, callers.officer(), case["reference"])
    acts: dict[str, dict[str, Any]] = {
        "access-attempt": {"way": "knocked", "outcome": "no answer"},
        "decant": {"reason": "Damp.", "from": "2026-02-05"},
        "safety-work": {},
        "investigation": {"finding": "significant", "further_work_needed": True},
        "summary": SUMMARY,
        "preventive-work": {"begun": True},
        "": {**MOULD, "severity": "emergency"},
    }
    for act, body in acts.items():
        told = "occurred_at" if act else "aware_at"
        case = await home.act(act, **body, **{told: AWARE_AT.replace(".550000", "")})
        assert case["hazard"]["acts"][-1]["occurred_at"] == AWARE_AT, act
