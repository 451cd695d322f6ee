"""Tenancies: recorded, visited, planned for, corrected and ended."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.clock import Clock
from tests.services.callers import Callers
from tests.services.residents.moving_in import CONTACT, PLAN, TENANCY, done, households, keeper, started


async def test_a_tenant_is_visited_and_leaves(
    residents: httpx.AsyncClient, callers: Callers, clock: Clock
) -> None:
    """From the record to the end: the date in the very answer, the visit with its plan, its meeting."""
    officer, today = keeper(callers), clock().date()
    case = await started(residents, officer, started_on=today.isoformat())
    path = f"/v1/tenancies/{case['reference']}"
    [promise] = case["deadlines"]
    assert (promise["standard"], promise["state"]) == ("residents.settling-in-visit", "running")
    assert promise["due_at"][:10] == (today + timedelta(weeks=3)).isoformat()
    assert case["allowed"] == [
        *("contact", "end", "joint-tenants", "settling-in-visit", "settling-in-visit/booking"),
        *("support-plan", "support-plan/request", "visiting-in-pairs", "vulnerability"),
    ]

    soon = (clock() + timedelta(days=2)).isoformat()
    booked = await done(residents, officer, f"{path}/settling-in-visit/booking", at=soon)
    assert booked["status"] == "visit_booked"
    visited = await done(
        residents, officer, f"{path}/settling-in-visit", support_plan=PLAN, identification_shown=True
    )
    assert (visited["status"], visited["deadlines"][0]["state"]) == ("visited", "met")
    assert visited["support_plan"] == {"summary": None, "goals": None, **PLAN}
    again = await residents.post(f"{path}/settling-in-visit", json={"support_plan": PLAN}, headers=officer)
    assert again.status_code == 409
    assert "settling-in-visit" not in again.json()["allowed"]

    ended = await done(residents, officer, f"{path}/end")
    assert (ended["status"], ended["ended_on"]) == ("ended", today.isoformat())
    assert ended["allowed"] == ["contact", "visiting-in-pairs", "vulnerability"]


async def test_a_tenancy_that_ends_ends_its_clock(residents: httpx.AsyncClient, callers: Callers) -> None:
    """Unless it was over before: what was promised by then was broken."""
    officer = keeper(callers)
    for ended_on, state in (("2026-11-10", "cancelled"), ("2026-11-24", "breached")):
        case = await started(residents, officer, received_at="2026-11-02T10:00:00Z")
        ended = await done(residents, officer, f"/v1/tenancies/{case['reference']}/end", ended_on=ended_on)
        assert [row["state"] for row in ended["deadlines"]] == [state]


WHY = "He wants none."
REVIEW = "residents.visiting-in-pairs.review"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"support_plan": None}, "/why_no_plan"),
        ({"support_plan": PLAN, "why_no_plan": WHY}, "/why_no_plan"),
        ({"support_plan": {}}, "/support_plan"),
        ({"support_plan": {"review_on": "2027-01-11"}}, "/support_plan"),
        ({"why_no_plan": WHY}, "/support_plan"),
        ({"support_plan": PLAN, "completed_at": "2026-11-01T23:59:59Z"}, "/completed_at"),
        ({"support_plan": PLAN, "completed_at": "2099-11-01T10:00:00Z"}, "/completed_at"),
    ],
)
async def test_a_visit_has_a_plan_or_a_reason_and_is_in_the_tenancy(
    residents: httpx.AsyncClient, callers: Callers, body: dict[str, Any], pointer: str
) -> None:
    """Section 8 promises the plan in the visit; a visit before the first day settles nobody in."""
    case = await started(residents, keeper(callers))
    path = f"/v1/tenancies/{case['reference']}/settling-in-visit"
    answer = await residents.post(path, json=body, headers=keeper(callers))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    visited = await done(residents, keeper(callers), path, support_plan=None, why_no_plan=WHY)
    assert (visited["why_no_plan"], visited["support_plan"]) == (WHY, None)


async def test_a_visit_told_late_counts_when_it_was(residents: httpx.AsyncClient, callers: Callers) -> None:
    """Also where the tenancy itself is recorded after it: the first day of a tenancy begins its promise."""
    case = await started(residents, keeper(callers))
    visit = {"completed_at": "2026-11-12T10:00:00Z", "support_plan": PLAN}
    path = f"/v1/tenancies/{case['reference']}/settling-in-visit"
    visited = await done(residents, keeper(callers), path, **visit)
    [promise] = visited["deadlines"]
    assert (promise["state"], promise["met_at"]) == ("met", visit["completed_at"])


async def test_a_plan_that_is_asked_for_is_made(residents: httpx.AsyncClient, callers: Callers) -> None:
    """By the tenant themselves, once at a time; the plan meets the request."""
    case = await started(residents, keeper(callers), resident="ada")
    path = f"/v1/tenancies/{case['reference']}/support-plan"
    asked = await done(residents, callers.resident("ada"), f"{path}/request")
    assert asked["support_plan_requested_at"] is not None
    assert asked["allowed"] == ["contact", "vulnerability"]
    again = await residents.post(f"{path}/request", json={}, headers=callers.resident("ada"))
    assert (again.status_code, again.json()["allowed"]) == (409, ["contact", "vulnerability"])
    made = await done(residents, keeper(callers), path, support_plan=PLAN)
    assert (made["support_plan_requested_at"], made["support_plan"]["needs"]) == (None, PLAN["needs"])


async def test_nobody_else_sees_or_keeps_a_tenancy(residents: httpx.AsyncClient, callers: Callers) -> None:
    """Another department, another resident, a firm, a front end; the tenant sees and corrects their own."""
    reference = (await started(residents, keeper(callers), resident="ada"))["reference"]
    answers = [
        (callers.officer("repairs"), 404),
        (callers.resident("sam"), 404),
        (callers.contractor(), 403),
        (callers.frontend(), 403),
        (callers.resident("ada"), 200),
    ]
    for caller, status in answers:
        read = await residents.get(f"/v1/tenancies/{reference}", headers=caller)
        assert read.status_code == status
    refused = await residents.post("/v1/tenancies", json=TENANCY, headers=callers.officer("repairs"))
    assert refused.status_code == 403
    ada = callers.resident("ada")
    await done(residents, ada, f"/v1/tenancies/{reference}/vulnerability", vulnerable=True)
    corrected = await done(residents, ada, f"/v1/tenancies/{reference}/contact", access_needs="Key safe.")
    assert (corrected["vulnerable"], corrected["contact"]["access_needs"]) == (True, "Key safe.")


async def test_two_people_go_where_an_officer_says_so_and_the_household_is_not_told(
    residents: httpx.AsyncClient, callers: Callers
) -> None:
    """Officers see it with its reason until another word takes its place; the tenant sees nothing of it."""
    case = await started(residents, keeper(callers), resident="ada")
    path, ada = f"/v1/tenancies/{case['reference']}", callers.resident("ada")
    assert case["visit_in_pairs"] is False
    said = {"visit_in_pairs": True, "reason": "A visitor was threatened.", "review_on": "2027-11-24"}
    told = await done(residents, keeper(callers), f"{path}/visiting-in-pairs", **said)
    assert (told["visit_in_pairs"], told["visit_in_pairs_reason"]) == (True, "A visitor was threatened.")
    seen = await residents.get(path, headers=ada)
    assert (seen.json()["visit_in_pairs"], seen.json()["visit_in_pairs_reason"]) == (None, None)
    assert seen.json()["visit_in_pairs_review_on"] is None
    assert "threatened" not in seen.text
    assert REVIEW not in seen.text
    assert (told["visit_in_pairs_review_on"], told["deadlines"][1]["standard"]) == ("2027-11-24", REVIEW)
    refused = await residents.post(f"{path}/visiting-in-pairs", json=said, headers=ada)
    assert refused.status_code == 403
    over = {"visit_in_pairs": False, "reason": "He has moved out."}
    for wrong in ({**said, "review_on": None}, {**said, "review_on": "2026-01-01"}):
        answer = await residents.post(f"{path}/visiting-in-pairs", json=wrong, headers=keeper(callers))
        assert [each["pointer"] for each in answer.json()["errors"]] == ["/review_on"]
    told = await done(residents, keeper(callers), f"{path}/visiting-in-pairs", **over)
    assert told["deadlines"][1]["state"] == "met"
    assert (told["visit_in_pairs"], told["visit_in_pairs_reason"]) == (False, "He has moved out.")


async def test_joint_tenants_are_written_to_unless_one_must_not_be(
    residents: httpx.AsyncClient, callers: Callers
) -> None:
    """They open each other's letters; and one of them is not told how to find another."""
    officer = keeper(callers)
    case = await started(residents, officer, resident="ada")
    path, told = f"/v1/tenancies/{case['reference']}", f"/internal/contacts/{case['reference']}"
    service = callers.service("contacts")
    assert case["written_to"] == "Ada Okafor"
    joint = {"tenant": "Ben Okafor", "contact": {"phone": "01708 434344", "safe_to_contact": False}}
    changed = await done(residents, officer, f"{path}/joint-tenants", joint_tenants=[joint])
    assert changed["written_to"] is None
    assert (await residents.get(told, headers=service)).json()["contact"]["safe_to_contact"] is False
    seen = (await residents.get(path, headers=callers.resident("ada"))).json()
    assert seen["joint_tenants"] == [{"tenant": "Ben Okafor", "contact": None}]
    await done(residents, officer, f"{path}/joint-tenants", joint_tenants=[])
    contact = (await residents.get(told, headers=service)).json()["contact"]
    assert (contact["name"], contact["email"]) == ("Ada Okafor", CONTACT["email"])


async def test_every_reading_is_noted(residents: httpx.AsyncClient, callers: Callers) -> None:
    """Who, in which role, what for; by officers, the tenant, in lists, in answers to acts, and of photos."""
    case = await started(residents, keeper(callers), resident="ada")
    path = f"/v1/tenancies/{case['reference']}"
    await residents.get(path, headers=callers.resident("ada"))
    await residents.get("/v1/tenancies", headers=keeper(callers))
    await households(residents, callers.service("households"), {"uprn": "010008352"})
    await residents.get(f"{path}/attachments", headers=keeper(callers))
    reads = (await residents.get(f"{path}/reads", headers=callers.resident("ada"))).json()["items"]
    assert [(read["role"], read["read_by"], read["purpose"]) for read in reads] == [
        ("officer", "officer-7", "read its attachments"),
        ("service", "notifications", "a repair is reported"),
        ("officer", "officer-7", "listed it"),
        ("resident", "ada", "read it"),
        ("officer", "officer-7", "recorded it"),
    ]
    assert (await residents.get(f"{path}/reads", headers=callers.resident("sam"))).status_code == 404
