"""Calls, visits to the office, appointments and feedback."""

from typing import Any

import pytest

from tests.services.enquiries.asking import OLA, Desk
from tests.support.in_process import InProcess
from tests.support.plans import statements_of

# the tests' own hour: Friday 27 November 2026, shortly before midnight
QUEUED = "2026-11-27T10:00:00Z"
ANSWERED: dict[str, Any] = {
    "answered_at": "2026-11-27T10:00:59Z",
    "answered_by": {"name": "Ola Reyes", "department": "enquiries"},
    "resolved_at_first_contact": True,
}


def states(case: dict[str, Any]) -> dict[str, str]:
    return {row["standard"]: row["state"] for row in case["deadlines"]}


@pytest.mark.parametrize(("at", "state"), [("2026-11-27T10:01:00Z", "met"), ("2026-11-27T10:01:01Z", "late")])
async def test_a_call_is_answered_within_sixty_seconds(desk: Desk, at: str, state: str) -> None:
    """Whole or in parts it comes to the same."""
    whole = await desk.post("calls", queued_at=QUEUED, **{**ANSWERED, "answered_at": at})
    part = await desk.post("calls", queued_at=QUEUED)
    parts = await desk.post(f"calls/{part['reference']}/answer", **{**ANSWERED, "answered_at": at})
    for call in (whole, parts):
        assert (call["status"], states(call)) == ("resolved", {"calls.answered": state})


async def test_a_caller_who_is_not_helped_at_once_is_told_when(desk: Desk) -> None:
    """And what was promised is kept; who hangs up is promised nothing."""
    told = {**ANSWERED, "resolved_at_first_contact": False}
    refused = await desk.client.post("/v1/calls", json={"queued_at": QUEUED, **told}, headers=desk.officer())
    assert refused.json()["errors"][0]["pointer"] == "/expected_answer_on"
    call = await desk.post("calls", queued_at=QUEUED, expected_answer_on="2026-12-04", **told)
    assert states(call)["enquiries.promised-answer"] == "running"
    call = await desk.post(f"calls/{call['reference']}/resolution")
    assert (call["status"], states(call)["enquiries.promised-answer"]) == ("resolved", "met")
    gone = await desk.post("calls", queued_at=QUEUED, abandoned_at="2026-11-27T10:00:30Z")
    assert (gone["status"], states(gone)) == ("abandoned", {"calls.answered": "cancelled"})


async def test_a_file_of_calls_is_loaded_once_and_each_bad_line_is_named(desk: Desk) -> None:
    """As a telephone system writes it."""
    lines = [
        "call_id,queued_at,answered_at,abandoned_at,answered_by,department,resolved_at_first_contact",
        f"1,{QUEUED},2026-11-27T10:00:10Z,,Ola Reyes,enquiries,yes",
        f"2,{QUEUED},,2026-11-27T10:00:50Z,,,",
        f"3,{QUEUED},2026-11-27T10:00:10Z,,,,",
        f"1,{QUEUED},,,,,",
        "5,yesterday,,,,,",
    ]
    headers = {**desk.officer(), "Content-Type": "text/csv"}

    async def load() -> dict[str, Any]:
        answer = await desk.client.post("/v1/calls/register", content="\n".join(lines), headers=headers)
        assert answer.status_code == 201, answer.text
        loaded: dict[str, Any] = answer.json()
        return loaded

    loaded = await load()
    assert [(line["line"], line["outcome"]) for line in loaded["lines"]] == [
        (2, "loaded"), (3, "loaded"), (4, "refused"), (5, "refused"), (6, "refused"),
    ]  # fmt: skip
    assert (await load())["already_loaded"] == 2
    assert len((await desk.read("calls"))["items"]) == 2


async def test_the_parts_of_a_call_come_in_any_order(desk: Desk) -> None:
    """What comes before its call waits for it, and what comes twice counts once."""
    answered = {"call_id": "7", **ANSWERED}
    for _ in range(2):
        early = await desk.post("calls/parts", **answered)
        assert early == {"call_id": "7", "reference": None}
    assert (await desk.read("calls"))["items"] == []
    begun = await desk.post("calls/parts", call_id="7", queued_at=QUEUED)
    assert await desk.post("calls/parts", **answered) == begun
    call = await desk.read(f"calls/{begun['reference']}")
    assert (call["status"], states(call)) == ("resolved", {"calls.answered": "met"})
    for part in ({"queued_at": QUEUED}, {"abandoned_at": "2026-11-27T10:00:30Z"}):
        gone = await desk.post("calls/parts", call_id="8", **part)
    assert (await desk.read(f"calls/{gone['reference']}"))["status"] == "abandoned"


async def test_a_visitor_waits_is_seen_and_passed_on(desk: Desk) -> None:
    """Or leaves unseen; then nobody sees them."""
    visit = await desk.post("visits", subject="Rent", arrived_at=QUEUED)
    seen = await desk.post(
        f"visits/{visit['reference']}/seeing",
        seen_by=OLA, resolved_at_first_contact=False, passed_to="repairs",
    )  # fmt: skip
    assert (seen["status"], seen["passed_to"], seen["handler"]["name"]) == ("seen", "repairs", "Ola Reyes")
    other = await desk.post("visits")
    left = await desk.post(f"visits/{other['reference']}/departure")
    assert (left["status"], left["allowed"]) == ("left", [])


async def test_an_appointment_is_moved_kept_or_called_off_in_time(desk: Desk) -> None:
    """Its outcome is known when its time has come."""
    booking = {
        "subject": "Rent", "at": "2026-11-30T10:00:00Z", "with": OLA, "private_room": True,
        "contact": {"email": "sam@example.org"},
    }  # fmt: skip
    case = await desk.post("appointments", **booking)
    path = f"appointments/{case['reference']}"
    early = await desk.client.post(f"/v1/{path}/outcome", json={"kept": False}, headers=desk.officer())
    assert early.status_code == 422
    moved = await desk.post(f"{path}/move", at="2026-12-01T10:00:00Z")
    assert (moved["at"], moved["private_room"]) == ("2026-12-01T10:00:00Z", True)
    cancelled = await desk.post(f"{path}/cancellation", desk.officer(), by="council")
    assert (cancelled["status"], cancelled["allowed"]) == ("cancelled", ["contact"])


async def test_whom_an_appointment_is_with_is_corrected(desk: Desk) -> None:
    """By the resident's word to an officer; also once it is over."""
    booking = {
        "subject": "Rent",
        "at": "2026-11-30T10:00:00Z",
        "with": OLA,
        "contact": {"email": "sam@example.org"},
    }
    path = f"appointments/{(await desk.post('appointments', **booking))['reference']}"
    case = await desk.post(f"{path}/contact", phone="01708 434343", safe_to_contact=False)
    assert (case["contact"]["phone"], case["contact"]["safe_to_contact"]) == ("01708 434343", False)
    case = await desk.post(f"{path}/cancellation", desk.officer(), by="resident")
    assert case["allowed"] == ["contact"]
    case = await desk.post(f"{path}/contact", safe_to_contact=True)
    assert case["contact"]["email"] == "sam@example.org"


@pytest.mark.parametrize("kind", ["visits", "appointments"])
async def test_a_list_is_read_in_as_many_statements_as_one_row(
    desk: Desk, services: InProcess, kind: str
) -> None:
    """However many rows are on the page."""
    body: dict[str, Any] = {"subject": "Rent"}
    if kind == "appointments":
        body |= {"at": "2026-11-30T10:00:00Z", "with": OLA, "contact": {"email": "sam@example.org"}}
    asked: list[int] = []
    for _ in range(2):
        await desk.post(kind, **body)
        with statements_of(services.states["enquiries"].database) as statements:
            await desk.read(kind)
        # histories, from which the promises are; the relay reads events by statements that begin otherwise
        asked.append(sum(statement.startswith("SELECT events.id") for statement, _ in statements))
        await desk.post(kind, **body)
    assert asked == [1, 1]


async def test_a_low_score_is_a_task_and_may_become_a_complaint_once(desk: Desk) -> None:
    """The department that it is about has it; what was changed stands with the figures."""
    given = await desk.post("feedback", desk.resident, about="repairs", score=2, comment="Late.")
    assert (given["status"], given["allowed"]) == ("open", ["complaint"])
    of_repairs = desk.callers.officer_named("bo", "repairs")
    path = f"feedback/{given['reference']}"
    done = await desk.post(f"{path}/follow-up", of_repairs, outcome="We rang.")
    assert (done["status"], done["follow_up"]) == ("followed_up", "We rang.")
    await desk.post(f"{path}/complaint", desk.resident)
    again = await desk.client.post(f"/v1/{path}/complaint", headers=desk.resident)
    assert again.status_code == 409
    praise = await desk.post("feedback", desk.resident, about="website", kind="compliment", comment="Clear.")
    assert praise["status"] == "noted"
    change = {"about": "repairs", "you_said": "Late.", "we_did": "More vans.", "done_on": "2026-11-02"}
    await desk.post("feedback/improvements", **change)
    [shown] = (await desk.read("feedback/improvements"))["items"]
    assert shown["we_did"] == "More vans."
