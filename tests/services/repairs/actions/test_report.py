"""Reporting a repair: what is promised at once, and what is refused with a clear word."""

from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.appointments.booking import published
from tests.services.repairs.reporting import REPORT, ago, london, reported, zulu


async def refused(client: httpx.AsyncClient, headers: dict[str, str], **changes: Any) -> dict[str, Any]:
    """The problem of a report that is refused with 422; nothing of it was kept."""
    answer = await client.post("/v1/repairs", json={**REPORT, **changes}, headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    return problem


def pointers(problem: dict[str, Any]) -> list[str]:
    return [error["pointer"] for error in problem["errors"]]


async def test_a_report_is_answered_with_the_case_and_its_dates(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The resident learns reference, priority, promised date and possible visits in one answer."""
    await published(repairs, callers.contractor())
    answer = await repairs.post("/v1/repairs", json=REPORT, headers=callers.resident())
    case = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/repairs/{case['reference']}"
    assert answer.headers["ETag"] == '"1"'
    assert case["reference"].startswith("REP-")
    assert (case["status"], case["priority"], case["version"]) == ("reported", 3, 1)
    assert (case["contractor"], case["handler"], case["imported"]) == (None, None, False)
    assert len(case["appointment_offers"]) == 1
    assert case["contact"]["name"] == "Sam Jones"
    promised = {promise["standard"]: promise for promise in case["deadlines"]}
    assert set(promised) == {"repairs.priority-3.completed", "repairs.right-to-repair"}
    assert promised["repairs.priority-3.completed"]["state"] == "running"
    assert case["next_deadline"]["standard"] == "repairs.right-to-repair"
    assert case["next_deadline"]["due_at"].endswith("Z")


async def test_a_deadline_in_the_answer_says_what_was_promised_where(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Three working days from a Friday, over a weekend and a bank holiday, end on Thursday night."""
    received_at = london("Friday 2025-08-22 16:55")
    case = await reported(repairs, callers.resident(), fault="tap-not-turning", received_at=zulu(received_at))
    promise = next(row for row in case["deadlines"] if row["standard"] == "repairs.priority-2.completed")
    assert promise == {
        "standard": "repairs.priority-2.completed",
        "regime": "havering",
        "promise": "We will finish an urgent repair within 3 working days.",
        "source": "Housing Service Standards, section 6",
        "started_at": zulu(received_at),
        "due_at": zulu(london("Thursday 2025-08-28 23:59:59")),
        "state": "breached",
        "met_at": None,
        "reopened_at": None,
    }


@pytest.mark.parametrize(
    ("changes", "priority"),
    [
        ({"fault": "total-loss-of-water"}, 1),
        ({"fault": "broken-door-entry-phone"}, 2),
        ({"fault": "worktops-and-sink-tops"}, 3),
        ({"fault": "toilet-not-flushing"}, 1),
        ({"fault": "toilet-not-flushing", "other_working_toilet": True}, 3),
        (
            {
                "fault": "loss-of-heating-or-hot-water",
                "received_at": zulu(london("Wednesday 2025-04-30 23:59")),
            },
            1,
        ),
        (
            {
                "fault": "loss-of-heating-or-hot-water",
                "received_at": zulu(london("Thursday 2025-05-01 00:01")),
            },
            2,
        ),
    ],
)
async def test_the_guide_decides_the_priority(
    repairs: httpx.AsyncClient, callers: Callers, changes: dict[str, Any], priority: int
) -> None:
    """Nobody chooses a priority: it follows from the fault, the season in London and the toilets."""
    case = await reported(repairs, callers.resident(), **changes)
    assert case["priority"] == priority


async def test_an_emergency_reported_five_hours_ago_is_already_broken(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The clock of four hours runs from when we were told, not from when somebody typed it in."""
    case = await reported(repairs, callers.officer(), fault="loss-of-gas", received_at=ago(hours=5))
    states = {promise["standard"]: promise["state"] for promise in case["deadlines"]}
    assert states["repairs.emergency.made-safe"] == "breached"
    assert states["repairs.priority-1.completed"] == "breached"
    assert case["next_deadline"]["state"] == "breached"


async def test_the_same_key_reports_once(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A front end that never heard the answer sends its report again, and gets the first answer."""
    headers = callers.frontend() | {"Idempotency-Key": "web-4711"}
    first = await repairs.post("/v1/repairs", json=REPORT, headers=headers)
    second = await repairs.post("/v1/repairs", json=REPORT, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json()["reference"] == first.json()["reference"]
    assert second.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"fautl": "leaking-roof"}, ""),
        ({"fault": "leaking-rouf"}, "/fault"),
        ({"channel": "pigeon"}, "/channel"),
        ({"description": "   "}, "/description"),
        ({"property": {"address": "1 High Street"}}, "/property/postcode"),
        ({"contact": {"name": "Sam Jones"}}, "/contact"),
        ({"contact": {"email": "not an address"}}, "/contact/email"),
        ({"contact": {"phone": "01708 434343", "shoe_size": 9}}, "/contact"),
        ({"received_at": "2025-08-22T16:55:00"}, "/received_at"),
        ({"received_at": "yesterday"}, "/received_at"),
        ({"received_at": "0001-01-01T00:00:00Z"}, "/received_at"),
        ({"received_at": "9999-12-31T23:59:59-01:00"}, "/received_at"),
        ({"other_working_toilet": "perhaps"}, "/other_working_toilet"),
    ],
)
async def test_a_wrong_report_is_refused_at_the_field(
    repairs: httpx.AsyncClient, callers: Callers, changes: dict[str, Any], pointer: str
) -> None:
    """A misspelt or impossible field is pointed at, and nothing is guessed."""
    assert pointers(await refused(repairs, callers.resident(), **changes)) == [pointer]
    listed = await repairs.get("/v1/repairs", headers=callers.officer())
    assert listed.json()["items"] == []


async def test_an_unknown_fault_is_sent_to_the_guide(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Whoever writes an unknown fault is told where the faults are listed."""
    problem = await refused(repairs, callers.resident(), fault="leaking-rouf")
    assert "GET /v1/repairs/guide" in problem["errors"][0]["detail"]


async def test_nobody_reports_from_the_future(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A clock that is a minute fast would give us a minute less; it is refused."""
    problem = await refused(repairs, callers.officer(), received_at=ago(minutes=-1))
    assert problem["errors"] == [{"pointer": "/received_at", "detail": "This time is in the future."}]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (lambda callers: callers.officer(scopes=["import"]), 201),
        (lambda callers: callers.officer(), 403),
        (lambda callers: callers.frontend(), 403),
        (lambda callers: callers.resident(), 403),
    ],
    ids=["officer with the scope", "officer without", "front end", "resident"],
)
async def test_only_an_officer_with_the_scope_brings_over_old_cases(
    repairs: httpx.AsyncClient, callers: Callers, headers: Any, status: int
) -> None:
    """Nobody is written to about an imported case, so not everybody may call a case imported."""
    old = {**REPORT, "imported": True, "received_at": "2019-03-04T10:00:00Z"}
    answer = await repairs.post("/v1/repairs", json=old, headers=headers(callers))
    assert answer.status_code == status
    if status == 201:
        assert answer.json()["imported"] is True


@pytest.mark.parametrize("headers", [lambda callers: callers.contractor(), lambda callers: callers.ops()])
async def test_contractors_and_ops_report_nothing(
    repairs: httpx.AsyncClient, callers: Callers, headers: Any
) -> None:
    """Reporting is for residents, front ends and officers."""
    answer = await repairs.post("/v1/repairs", json=REPORT, headers=headers(callers))
    assert answer.status_code == 403


async def test_the_guide_is_read_for_any_day(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A front end shows what a fault will mean in November while it is still October."""
    for day, priority in (("2024-10-31", 2), ("2024-11-01", 1)):
        answer = await repairs.get("/v1/repairs/guide", params={"on": day}, headers=callers.frontend())
        guide = answer.json()
        assert guide["on"] == day
        heating = next(line for line in guide["faults"] if line["fault"] == "loss-of-heating-or-hot-water")
        assert heating["priority"] == priority
        assert "hours" in heating["how_long"] or "days" in heating["how_long"]
        assert heating["last_reviewed_on"] >= "2026-11-26"
