"""Awaab's law, clause by clause, from the scope of a hazard to its end on a ground of the law."""

from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.hazards.homes import (
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
from tests.services.repairs.reporting import reported

FOUND = {"finding": "significant", "further_work_needed": False}
NOTHING = {"finding": "none", "further_work_needed": False}


@pytest.mark.parametrize(
    ("named", "received_at", "because"),
    [
        ({"hazard": "mould"}, "Monday 2026-02-02 10:00", None),
        (
            {"hazard": "mould"},
            "Sunday 2025-10-26 10:00",
            "The law is in force from Monday 27 October 2025, and we became aware of the hazard before.",
        ),
        (
            {"hazard": "fire"},
            "Monday 2026-02-02 10:00",
            "The law covers such a hazard from Monday 30 November 2026, and we became aware of it before; "
            "a material change from that day on counts anew.",
        ),
        (
            {"hazard": "noise"},
            "Monday 2026-02-02 10:00",
            "The law of that day covers such a hazard only where it is an emergency.",
        ),
        (
            {"hazard": "mould", "tenure": "long_lease"},
            "Monday 2026-02-02 10:00",
            "The law does not cover licences, long leases and shared ownership.",
        ),
    ],
)
async def test_a_hazard_that_no_law_covers_is_answered_with_that_and_why(
    repairs: httpx.AsyncClient, callers: Callers, named: dict[str, str], received_at: str, because: str | None
) -> None:
    """In the very answer to the report, so that nobody waits for dates that do not come."""
    tenure = {"tenure": named["tenure"]} if "tenure" in named else {}
    hazard = {"hazard": named["hazard"], "severity": "significant"}
    case = await reported(repairs, callers.resident(), hazard=hazard, received_at=at(received_at), **tenure)
    answered = case["hazard"]
    assert (answered["covered_by_law"], answered["not_covered_because"]) == (because is None, because)
    assert bool(due(case)) is (because is None)


async def test_we_may_have_known_before_the_report(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A plumber saw it on Friday and the office wrote it down on Monday: the clock is Friday's."""
    hazard = MOULD | {"aware_at": at("Friday 2026-01-30 16:00")}
    case = await reported(repairs, callers.officer(), hazard=hazard, received_at=at(REPORTED))
    assert due(case) == {"significant.investigated": at("Friday 2026-02-13 23:59:59")}
    late = MOULD | {"aware_at": "2100-01-01T10:00:00Z"}
    body = {"property": case["property"], "fault": "other", "description": "Mould.", "channel": "phone"}
    contact = {"name": "Sam Jones", "email": "sam@example.org"}
    refused = await repairs.post(
        "/v1/repairs", json={**body, "contact": contact, "hazard": late}, headers=callers.officer()
    )
    assert refused.json()["errors"][0]["pointer"] == "/hazard/aware_at"


async def test_a_material_change_is_a_new_start(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Ten more working days from the change, beside the summary that is owed of the first investigation."""
    home = await home_with(repairs, callers, MOULD)
    await home.act("investigation", INVESTIGATED, **NOTHING)
    change = {"severity": "significant", "change": "It has come through the new paint."}
    case = await home.act("material-change", "Tuesday 2026-02-10 09:00", **change)
    assert (case["hazard"]["stage"], case["hazard"]["aware_at"]) == (
        "reported",
        at("Tuesday 2026-02-10 09:00"),
    )
    dates = [
        row["due_at"] for row in case["deadlines"] if row["standard"].endswith("significant.investigated")
    ]
    assert dates == [at("Monday 2026-02-16 23:59:59"), at("Tuesday 2026-02-24 23:59:59")]
    none = {"hazard": "none", "why_no_action": "The wall was dry.", "contact": "01708 434343"}
    case = await home.act("summary", "Wednesday 2026-02-11 09:00", **none, how_to_complain="Write to us.")
    assert states(case)["summary"] == "met"


async def test_a_tenant_may_have_an_investigation_in_person(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Nothing on the photos, and something in the room; only a remote one is done again for the asking."""
    home = await home_with(repairs, callers, MOULD)
    resident = Home(repairs, callers.resident(), home.path.rpartition("/")[2])
    by = {"name": "A. Surveyor", "competence": "Chartered building surveyor"}
    remote: dict[str, Any] = {**NOTHING, "in_person": False, "investigator": by}
    case = await home.act("investigation", INVESTIGATED, **remote)
    assert case["hazard"]["acts"][-1]["details"]["investigator"] == by
    case = await resident.act("in-person-request")
    assert states(case)["in-person-investigated"] == "running"
    assert (case["hazard"]["stage"], case["hazard"]["in_person"]) == ("not_found", False)
    assert (await resident.tried("in-person-request")).status_code == 409
    found: dict[str, Any] = FOUND
    case = await home.act("investigation", **found)
    assert (case["hazard"]["finding"], states(case)["in-person-investigated"]) == ("significant", "met")
    assert states(case)["significant.made-safe"] == "running"


@pytest.mark.parametrize("part", SUMMARY)
async def test_a_summary_with_a_part_missing_is_refused(
    repairs: httpx.AsyncClient, callers: Callers, part: str
) -> None:
    """Hazard, action, its beginning and end, contact, how to complain: each is named where it is missing."""
    home = await home_with(repairs, callers, None)
    body = {name: value for name, value in SUMMARY.items() if name != part}
    refused = await home.tried("summary", **body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, f"/{part}")


async def test_a_summary_says_what_was_found_and_never_blames_a_way_of_life(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It counts when it is sent. Telling is enough only once all work is done."""
    home = await home_with(repairs, callers, MOULD)
    await home.act("investigation", INVESTIGATED, **FOUND)
    how = {"contact": "01708 434343", "how_to_complain": "Write to us."}
    for body, pointer in (
        ({"hazard": "none", "why_no_action": "Dry.", **how}, "/hazard"),
        ({"hazard": "mould", "why_no_action": "It is the tenant's lifestyle.", **how}, "/why_no_action"),
        ({"told": "All is done."}, "/told"),
    ):
        refused = await home.tried("summary", "Tuesday 2026-02-10 09:00", **body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    await home.act("safety-work", "Tuesday 2026-02-10 12:00")
    case = await home.act("summary", "Wednesday 2026-02-11 09:00", told="All is done.", delivery="By phone.")
    assert (states(case)["summary"], case["hazard"]["summary"]) == ("met", "All is done.")


async def test_somewhere_to_stay_is_offered_and_answered_and_no_reason_stops_a_clock(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The offer, its suitability, the answer and what took time are a file beside clocks that run on."""
    home = await home_with(repairs, callers, MOULD)
    resident = Home(repairs, callers.resident(), home.path.rpartition("/")[2])
    offer = {"reason": "The scaffold is late.", "suitability": "Near the school.", "from": "2026-02-05"}
    before = await home.act("decant", "Tuesday 2026-02-03 09:00", **offer)
    assert before["hazard"]["decant_accepted"] is None
    await resident.act("decant/answer", accepted=False, suitability="It has stairs.")
    case = await home.act("reasonable-step", kind="specialist", step="A damp surveyor was asked for.")
    assert (case["hazard"]["decant_accepted"], due(case)) == (False, due(before))
    assert [act["act"] for act in case["hazard"]["acts"][-3:]] == [
        "hazard/decant",
        "hazard/decant/answer",
        "hazard/reasonable-step",
    ]


async def test_a_hazard_ends_on_a_ground_of_the_law_and_is_not_met(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """With its reason; the way in which people live is none."""
    home = await home_with(repairs, callers, MOULD)
    blamed = await home.tried("end", because="moved_out", reason="Their life-style.")
    assert blamed.json()["errors"][0]["pointer"] == "/reason"
    case = await home.act(
        "end", "Thursday 2026-02-05 09:00", because="moved_out", reason="The keys were handed in."
    )
    assert (case["hazard"]["stage"], case["hazard"]["ended_because"]) == ("ended", "moved_out")
    assert set(states(case).values()) == {"cancelled"}


@pytest.mark.parametrize(
    ("acts", "emergency"),
    [
        ([], True),
        ([("safety-work", {})], False),
        ([("investigation", FOUND)], False),
        ([("investigation", {**FOUND, "finding": "emergency"})], True),
        ([("end", {"because": "moved_out", "reason": "Keys handed in."})], False),
    ],
    ids=["reported", "made safe", "found to be less", "confirmed", "ended"],
)
async def test_an_emergency_lasts_until_the_home_is_safe(
    repairs: httpx.AsyncClient, callers: Callers, acts: list[tuple[str, Any]], emergency: bool
) -> None:
    """Or until the investigation finds it to be less."""
    home = await home_with(repairs, callers, MOULD | {"severity": "emergency"})
    case = (await repairs.get(home.path, headers=callers.officer())).json()
    for act, body in acts:
        case = await home.act(act, **body)
    assert (case["priority"], case["emergency"]) == (3, emergency)
