"""Awaab's law on a repair: what is named, investigated, told to the tenant and made safe, and by when."""

from datetime import datetime

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.hazards.homes import (
    COMPLETED,
    GAS,
    INVESTIGATED,
    MOULD,
    REPORTED,
    SUMMARY,
    Home,
    at,
    due,
    home_with,
    states,
)
from tests.services.repairs.reporting import assigned, london, reported


def about_hazard(refused: httpx.Response) -> list[str]:
    """The acts about the hazard among those that a refusal says are allowed."""
    return [act for act in refused.json()["allowed"] if act.startswith("hazard")]


async def test_a_significant_hazard_goes_its_way(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Investigated in ten working days, summary in three, works and steps in five, begun in 12 weeks."""
    home = await home_with(repairs, callers, MOULD)
    case = await home.act("investigation", INVESTIGATED, finding="significant", further_work_needed=True)
    assert due(case) == {
        "significant.investigated": at("Monday 2026-02-16 23:59:59"),
        "summary": at("Thursday 2026-02-12 23:59:59"),
        "significant.made-safe": at("Monday 2026-02-16 23:59:59"),
        "preventive-work.steps-taken": at("Monday 2026-02-16 23:59:59"),
        "preventive-work.begun": at("Monday 2026-05-04 23:59:59"),
    }
    await home.act("summary", "Tuesday 2026-02-10 09:00", **SUMMARY)
    case = await home.act(
        "preventive-work",
        "Wednesday 2026-02-11 09:00",
        begin_by="2026-04-01",
        reason="The fan has to be made to measure.",
    )
    assert case["hazard"]["preventive_work_by"] == "2026-04-01"
    await home.act("preventive-work", "Wednesday 2026-02-11 10:00", steps="The fan is ordered.")
    await home.act("safety-work", "Thursday 2026-02-12 12:00", work="The mould was removed and treated.")
    case = await home.act("preventive-work", "Tuesday 2026-03-31 08:00", begun=True)
    assert set(states(case).values()) == {"met"}
    hazard = case["hazard"]
    assert (hazard["stage"], hazard["finding"]) == ("made_safe", "significant")
    assert hazard["summary"] == (
        "We found: Damp and mould.\n"
        "We treat the mould in the bathroom. We begin by 12 February 2026 and end by 1 April 2026.\n"
        "Pat Smith, 01708 434343.\nWrite to complaints@example.org."
    )
    assert [act["act"] for act in hazard["acts"]] == [
        "hazard",
        "hazard/investigation",
        "hazard/summary",
        "hazard/preventive-work",
        "hazard/preventive-work",
        "hazard/safety-work",
        "hazard/preventive-work",
    ]


async def test_an_emergency_is_investigated_and_made_safe_in_a_day(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Both 24 hours run from our becoming aware; danger waits for no finding."""
    home = await home_with(repairs, callers, GAS)
    await home.act("safety-work", "Monday 2026-02-02 12:00")
    case = await home.act(
        "investigation", "Monday 2026-02-02 18:00", finding="emergency", further_work_needed=False
    )
    assert due(case) == {
        "emergency.investigated": at("Tuesday 2026-02-03 10:00"),
        "emergency.made-safe": at("Tuesday 2026-02-03 10:00"),
        "summary": at("Thursday 2026-02-05 23:59:59"),
    }
    assert states(case)["emergency.made-safe"] == "met"
    assert case["hazard"]["stage"] == "made_safe"


@pytest.mark.parametrize(
    ("hazard", "severity", "received_at", "clocks"),
    [
        ("damp", "significant", "Monday 2025-10-27 00:00", {"significant.investigated"}),
        ("mould", "significant", "Monday 2025-10-27 09:00", {"significant.investigated"}),
        ("damp", "significant", "Sunday 2025-10-26 23:59", set()),
        ("fire", "significant", "Monday 2026-02-02 09:00", set()),
        ("fire", "emergency", "Monday 2026-02-02 09:00", {"emergency.investigated", "emergency.made-safe"}),
        ("fire", "emergency", "Sunday 2025-10-26 09:00", set()),
    ],
)
async def test_what_is_in_scope_is_said_by_the_regimes_file(
    repairs: httpx.AsyncClient,
    callers: Callers,
    hazard: str,
    severity: str,
    received_at: str,
    clocks: set[str],
) -> None:
    """Before 27 October 2025, or out of scope, a hazard is kept and has no clock of the law."""
    named = {"hazard": hazard, "severity": severity}
    case = await reported(repairs, callers.resident(), received_at=at(received_at), hazard=named)
    assert set(due(case)) == clocks
    assert case["hazard"]["hazard"] == hazard


async def test_the_law_of_the_day_on_which_we_became_aware_holds(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """An inspection of the day before the law, written down later, starts no clock; of that day, it does."""
    for aware_at, clocks in (("Sunday 2025-10-26 15:00", 0), ("Monday 2025-10-27 15:00", 1)):
        home = await home_with(repairs, callers, None, "Monday 2025-10-20 09:00")
        case = await home.act("", **MOULD, aware_at=at(aware_at))
        assert len(due(case)) == clocks


async def test_refused_access_stops_no_clock(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The attempt is kept with its time, way and outcome, and every date stays where it was."""
    home = await home_with(repairs, callers, MOULD)
    before = (await repairs.get(home.path, headers=callers.officer())).json()
    case = await home.act(
        "access-attempt", "Wednesday 2026-02-04 11:00", way="knocked", outcome="The tenant refused."
    )
    assert due(case) == due(before)
    assert case["hazard"]["acts"][-1]["details"] == {"way": "knocked", "outcome": "The tenant refused."}
    assert case["hazard"]["acts"][-1]["occurred_at"] == at("Wednesday 2026-02-04 11:00")
    moved = await home.act("decant", reason="Asthma.", **{"from": "2026-02-05", "to": "2026-02-20"})
    assert due(moved) == due(before)
    assert moved["hazard"]["acts"][-1]["details"]["from"] == "2026-02-05"


async def test_a_hazard_that_proves_graver_starts_the_shorter_clocks(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """From the inspection on; the longer clock runs on beside them, and calling it less is refused."""
    home = await home_with(repairs, callers, MOULD)
    graver = MOULD | {"severity": "emergency"}
    case = await home.act("", **graver, aware_at=at("Wednesday 2026-02-04 11:00"))
    assert due(case)["emergency.investigated"] == at("Thursday 2026-02-05 11:00")
    assert "significant.investigated" in due(case)
    refused = await home.tried("", **MOULD)
    assert refused.status_code == 409
    assert "hazard" not in refused.json()["allowed"]
    assert "hazard/investigation" in refused.json()["allowed"]


async def test_a_finding_of_nothing_ends_the_hazard_but_for_the_summary(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The tenant is owed it in writing; if the hazard comes back it is named anew, with new clocks."""
    home = await home_with(repairs, callers, MOULD)
    case = await home.act("investigation", INVESTIGATED, finding="none", further_work_needed=False)
    assert set(due(case)) == {"significant.investigated", "summary"}
    refused = await home.tried("safety-work")
    assert (refused.status_code, about_hazard(refused)) == (
        409,
        ["hazard", "hazard/material-change", "hazard/summary"],
    )
    early = await home.tried("", **MOULD, aware_at=at("Monday 2026-02-09 14:00"))
    assert early.json()["errors"][0]["pointer"] == "/aware_at"
    again = await home.act("", **MOULD, aware_at=at("Monday 2026-03-02 14:00"))
    assert again["hazard"]["stage"] == "reported"
    assert at("Monday 2026-03-16 23:59:59") in [row["due_at"] for row in again["deadlines"]]


async def test_the_firm_that_finds_a_hazard_names_it(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Operatives do most inspections; the clocks run from when they saw it, on their own job only."""
    job = await assigned(repairs, callers.officer(), received_at=at(REPORTED))
    other = Home(repairs, callers.contractor("Bodgit"), job["reference"])
    assert (await other.tried("", **MOULD)).status_code == 404
    firm = Home(repairs, callers.contractor(), job["reference"])
    assert (await firm.act("", **MOULD))["view"] == "contractor"
    case = (await repairs.get(firm.path, headers=callers.officer())).json()
    assert (case["hazard"]["stage"], case["hazard"]["severity"]) == ("reported", MOULD["severity"])
    assert "significant.investigated" in due(case)


async def test_the_firm_records_its_work_and_sees_which_hazard_it_is_and_not_its_story(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Safety work and access attempts come from the firm that has the job; the rest is the officer's."""
    job = await assigned(repairs, callers.officer(), received_at=at(REPORTED), hazard=MOULD)
    firm = Home(repairs, callers.contractor(), job["reference"])
    seen = await firm.act("safety-work")
    assert (seen["view"], seen["hazard"]) == ("contractor", MOULD)
    of_the_firm = [act for act in seen["allowed"] if act.startswith("hazard")]
    assert of_the_firm == [
        "hazard",
        "hazard/access-attempt",
        "hazard/material-change",
        "hazard/reasonable-step",
        "hazard/safety-work",
    ]
    await firm.act("access-attempt", way="knocked", outcome="nobody in")
    assert (await firm.tried("summary", **SUMMARY)).status_code == 403
    other = Home(repairs, callers.contractor("Bodgit"), job["reference"])
    assert (await other.tried("safety-work")).status_code == 404


async def test_a_completed_repair_still_owes_the_summary(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A new hazard is then a new repair."""
    home = await home_with(repairs, callers, MOULD)
    done = await repairs.post(f"{home.path}/updates", json=COMPLETED, headers=callers.officer())
    assert done.status_code == 201
    await home.act("investigation", finding="significant", further_work_needed=False)
    await home.act("summary", **SUMMARY)
    refused = await home.tried("", **MOULD)
    assert refused.status_code == 409


@pytest.mark.parametrize(
    ("received_at", "rows"),
    [
        ("Sunday 2025-10-26 23:59:59", []),
        ("Monday 2025-10-27 00:00", ["significant.investigated", "significant.made-safe", "summary"]),
    ],
)
async def test_the_day_we_became_aware_decides_every_clock_of_a_hazard(
    repairs: httpx.AsyncClient, callers: Callers, received_at: str, rows: list[str]
) -> None:
    """Known before the law came into force, mould stays without its clocks, whenever it is investigated."""
    home = await home_with(repairs, callers, MOULD, received_at)
    case = await home.act(
        "investigation", "Tuesday 2025-10-28 10:00", finding="significant", further_work_needed=False
    )
    assert sorted(due(case)) == rows


async def test_every_event_of_a_hazard_says_when_we_became_aware(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Whatever is done about it, and however long after."""
    home = await home_with(repairs, callers, MOULD)
    await home.act("access-attempt", "Wednesday 2026-02-04 11:00", way="knocked", outcome="Nobody was in.")
    await home.act("decant", reason="Asthma.", **{"from": "2026-02-05"})
    await home.act("investigation", INVESTIGATED, finding="significant", further_work_needed=True)
    await home.act("summary", "Tuesday 2026-02-10 09:00", **SUMMARY)
    await home.act("preventive-work", "Tuesday 2026-02-10 10:00", begin_by="2026-04-01", reason="A fan.")
    await home.act("safety-work", "Thursday 2026-02-12 12:00")
    await home.act("preventive-work", "Tuesday 2026-03-31 08:00", begun=True)
    path = f"/internal/cases/{home.path.rpartition('/')[2]}/events"
    told = (await repairs.get(path, headers=callers.service("cases"))).json()["events"]
    of_others = {"repairs.repair-reported", "repairs.no-slot-offered"}
    aware = {e["type"]: e["data"].get("aware_at") for e in told if e["type"] not in of_others}
    assert len(aware) == 8
    assert {datetime.fromisoformat(value) for value in aware.values()} == {london(REPORTED)}
