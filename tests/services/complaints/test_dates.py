"""The dates of both regimes: Havering counts from the receipt, either Code from the acknowledgement."""

from datetime import date
from typing import Any

import pytest

from tests.services.complaints.complaining import STANDARDS, Team
from tests.shared.standards.histories import CALENDAR, Happening, fold, history, only, told

CLOSED = CALENDAR.with_closures({date(2025, 12, 24): "the offices are closed"})  # a Wednesday
RECEIVED, ACKNOWLEDGED = "complaints.complaint-received", "complaints.complaint-acknowledged"


def dates(*happenings: Happening) -> dict[str, str]:
    """The day on which each promise is due, which it has until its last second."""
    found = {STANDARDS[each.standard]: told(each.due_at) for each in fold(*happenings, calendar=CLOSED)}
    assert all(due.endswith("23:59:59") for due in found.values())
    return {name: due.removesuffix(" 23:59:59") for name, due in found.items()}


@pytest.mark.parametrize(
    ("received", "acknowledged", "contact", "reply", "code"),
    [
        # an ordinary fortnight
        ("Monday 2026-02-02 10:00", "Wednesday 2026-02-04 10:00",
         "Monday 2026-02-09", "Monday 2026-02-16", "Wednesday 2026-02-18"),
        # Christmas: the offices are closed on Christmas Eve, which the Code does not know
        ("Friday 2025-12-12 09:00", "Wednesday 2025-12-17 16:00",
         "Friday 2025-12-19", "Wednesday 2025-12-31", "Monday 2026-01-05"),
        # Easter
        ("Wednesday 2026-03-25 12:00", "Monday 2026-03-30 12:00",
         "Wednesday 2026-04-01", "Friday 2026-04-10", "Wednesday 2026-04-15"),
        # received and acknowledged on a weekend
        ("Saturday 2026-02-07 23:30", "Sunday 2026-02-08 08:00",
         "Friday 2026-02-13", "Friday 2026-02-20", "Friday 2026-02-20"),
        # acknowledged late: the Code's reply counts from the real one
        ("Monday 2026-02-02 10:00", "Friday 2026-02-13 10:00",
         "Monday 2026-02-09", "Monday 2026-02-16", "Friday 2026-02-27"),
    ],
)  # fmt: skip
def test_stage_one_has_the_dates_of_both_regimes(
    received: str, acknowledged: str, contact: str, reply: str, code: str
) -> None:
    """Contact is due on the same day by both, as no office closes in these weeks."""
    assert dates((RECEIVED, received), (ACKNOWLEDGED, acknowledged, {"stage": 1})) == {
        "contact": contact, "Code: contact": contact, "reply": reply, "Code: reply": code,
    }  # fmt: skip


def test_stage_two_counts_from_its_own_request_and_acknowledgement() -> None:
    """Twenty working days, of which Havering's begin with the request."""
    found = dates(
        (RECEIVED, "Monday 2026-02-02 10:00"),
        ("complaints.complaint-responded", "Thursday 2026-02-05 10:00", {"stage": 1}),
        ("complaints.complaint-escalated", "Monday 2026-03-02 10:00"),
        (ACKNOWLEDGED, "Wednesday 2026-03-04 10:00", {"stage": 2}),
    )
    assert found["Code: contact at stage 2"] == "Monday 2026-03-09"
    assert found["reply at stage 2"] == "Monday 2026-03-30"
    assert found["Code: reply at stage 2"] == "Wednesday 2026-04-01"


@pytest.mark.parametrize(
    ("days", "good_reason", "havering", "code"),
    [
        (4, False, "Friday 2026-02-20", "Tuesday 2026-02-24"),
        (10, False, "Monday 2026-03-02", "Wednesday 2026-03-04"),
        (15, False, "Monday 2026-03-02", "Wednesday 2026-03-04"),
        # the Code lets a good reason go beyond ten; Havering's own promise does not
        (15, True, "Monday 2026-03-02", "Wednesday 2026-03-11"),
    ],
)
def test_an_extension_beyond_ten_days_needs_a_good_reason(
    days: int, good_reason: bool, havering: str, code: str
) -> None:
    """Both promises are extended from the date that they had."""
    found = dates(
        (RECEIVED, "Monday 2026-02-02 10:00"),
        (ACKNOWLEDGED, "Wednesday 2026-02-04 10:00", {"stage": 1}),
        ("complaints.reply-extended", "Monday 2026-02-16 23:59:59.900",
         {"stage": 1, "working_days": days, "good_reason": good_reason}),
    )  # fmt: skip
    assert (found["reply"], found["Code: reply"]) == (havering, code)


@pytest.mark.parametrize("route", ["service_request", "other_body", "refused", "put_right"])
def test_what_is_not_answered_at_stage_one_is_promised_no_reply(route: str) -> None:
    """What was kept before stays kept."""
    happened: list[Happening] = [
        (RECEIVED, "Monday 2026-02-02 10:00"),
        (ACKNOWLEDGED, "Wednesday 2026-02-04 10:00", {"stage": 1}),
        ("complaints.complaint-triaged", "Thursday 2026-02-05 10:00", {"route": route}),
    ]
    at = history(*happened)[-1].occurred_at
    found = {STANDARDS[each.standard]: each.state(at) for each in fold(*happened)}
    assert found == {
        "contact": "met", "Code: contact": "met", "reply": "cancelled", "Code: reply": "cancelled",
    }  # fmt: skip


def test_a_reopened_complaint_counts_from_its_reopening() -> None:
    """The ombudsman overruled the refusal: what was cancelled stays so, and every clock runs anew."""
    found = [
        each
        for each in fold(
            (RECEIVED, "Monday 2026-02-02 10:00"),
            ("complaints.complaint-triaged", "Tuesday 2026-02-03 10:00", {"route": "refused"}),
            ("complaints.complaint-reopened", "Monday 2026-03-02 10:00"),
        )
        if each.open
    ]
    assert told(only(found, "complaints.stage-1.response").due_at) == "Monday 2026-03-16 23:59:59"
    assert told(only(found, "complaints.stage-1.contact").due_at) == "Monday 2026-03-09 23:59:59"
    assert told(only(found, "complaints.code.stage-1.acknowledgement").due_at) == "Monday 2026-03-09 23:59:59"


async def test_a_reply_is_extended_once_and_not_after_it_has_lapsed(team: Team) -> None:
    """To the last second of its day; what is left of the ten days is no second one."""
    received_at = "2025-12-12T09:00:00Z"  # a Friday: due at the end of Tuesday 30 December
    reference = await team.complain(received_at=received_at)
    some: dict[str, Any] = {
        "reason": "Many issues.",
        "working_days": 5,
        "occurred_at": "2025-12-30T23:59:59.500Z",
    }
    case = await team.act("extension", reference, **some)
    [reply] = [row for row in case["deadlines"] if row["standard"] == "complaints.stage-1.response"]
    assert reply["due_at"] == "2026-01-07T23:59:59Z"  # a Wednesday
    again = await team.try_to("extension", reference, **some)
    assert (again.status_code, "response" in again.json()["allowed"]) == (409, True)
    late = await team.complain(received_at=received_at)
    refused = await team.try_to("extension", late, **{**some, "occurred_at": "2025-12-31T00:00:05Z"})
    assert refused.status_code == 409
    [reply] = [
        row
        for row in (await team.read(late))["deadlines"]
        if row["standard"] == "complaints.stage-1.response"
    ]
    assert (reply["state"], reply["due_at"]) == ("breached", "2025-12-30T23:59:59Z")


async def test_more_than_the_codes_limit_is_a_managers_to_approve(team: Team) -> None:
    """Who approved it, and why, is kept."""
    reference = await team.complain()
    much: dict[str, Any] = {
        "reason": "A survey.",
        "working_days": 11,
        "good_reason": "No surveyor before January.",
    }
    assert (await team.try_to("extension", reference, **much)).status_code == 403
    case = await team.act("extension", reference, team.officer("max", "manager"), **much)
    assert case["stages"][0]["good_reason"] == "No surveyor before January."
    letter = await team.letter(reference, "extension")
    assert "A manager has agreed" in letter["text"]
    assert "0300 111 3000" in letter["text"]
