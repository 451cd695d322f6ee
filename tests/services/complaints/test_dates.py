"""The dates of both regimes: Havering counts from the receipt, either Code from the acknowledgement."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from shared.clock import Clock
from tests.services.complaints.complaining import STANDARDS, UNDERSTOOD, Team, due
from tests.shared.standards.histories import CALENDAR, Happening, fold, history, london, only, told
from tests.support.clock import house_clock

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


@pytest.mark.parametrize(
    ("said", "acknowledged", "days", "good_reason", "code"),
    [
        # the day before the acknowledgement, from which the Code counts: ten days, and the five besides
        ("Tuesday 2026-02-03 10:00", "Wednesday 2026-02-04 10:00", 5, False, "Wednesday 2026-02-25"),
        ("Tuesday 2026-02-03 10:00", "Wednesday 2026-02-04 10:00", 15, False, "Wednesday 2026-03-04"),
        ("Tuesday 2026-02-03 10:00", "Wednesday 2026-02-04 10:00", 15, True, "Wednesday 2026-03-11"),
        # acknowledged late, after our own first date
        ("Monday 2026-02-16 23:59:59", "Wednesday 2026-02-18 10:00", 5, False, "Wednesday 2026-03-11"),
        # afterwards, as most are
        ("Thursday 2026-02-05 10:00", "Wednesday 2026-02-04 10:00", 5, False, "Wednesday 2026-02-25"),
    ],
)  # fmt: skip
def test_an_extension_told_before_the_acknowledgement_moves_the_codes_date_too(
    said: str, acknowledged: str, days: int, good_reason: bool, code: str
) -> None:
    """In whichever order they were recorded."""
    received: Happening = (RECEIVED, "Monday 2026-02-02 10:00")
    extended: Happening = (
        "complaints.reply-extended", said, {"stage": 1, "working_days": days, "good_reason": good_reason},
    )  # fmt: skip
    answered: Happening = (ACKNOWLEDGED, acknowledged, {"stage": 1})
    assert dates(received, extended, answered)["Code: reply"] == code
    assert dates(received, answered, extended)["Code: reply"] == code


def test_an_extension_is_of_the_stage_and_the_opening_that_it_was_told_in() -> None:
    """One from before a refusal that is overruled moves nothing of the new clocks; nor stage one's two's."""
    extended: Mapping[str, Any] = {"stage": 1, "working_days": 5, "good_reason": False}
    refused: list[Happening] = [
        (RECEIVED, "Monday 2026-02-02 10:00"),
        ("complaints.reply-extended", "Tuesday 2026-02-03 10:00", extended),
        ("complaints.complaint-triaged", "Wednesday 2026-02-04 10:00", {"route": "refused"}),
        ("complaints.complaint-reopened", "Monday 2026-03-02 10:00"),
        (ACKNOWLEDGED, "Wednesday 2026-03-04 10:00", {"stage": 1}),
    ]
    reply = only(fold(*refused), "complaints.code.stage-1.response")
    assert told(reply.due_at) == "Wednesday 2026-03-18 23:59:59"
    escalated: list[Happening] = [
        (RECEIVED, "Monday 2026-02-02 10:00"),
        ("complaints.reply-extended", "Tuesday 2026-02-03 10:00", extended),
        ("complaints.complaint-responded", "Thursday 2026-02-05 10:00", {"stage": 1}),
        ("complaints.complaint-escalated", "Monday 2026-03-02 10:00"),
        ("complaints.reply-extended", "Tuesday 2026-03-03 10:00", {**extended, "stage": 2}),
        (ACKNOWLEDGED, "Wednesday 2026-03-04 10:00", {"stage": 2}),
    ]
    reply = only(fold(*escalated), "complaints.code.stage-2.response")
    assert told(reply.due_at) == "Friday 2026-04-10 23:59:59"  # Easter is from the 3rd to the 6th
    assert "We had told you before that we needed longer" in reply.because


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


@pytest.mark.parametrize("clock", ["Tuesday 2025-12-30 23:59:10"], indirect=True)
async def test_a_reply_is_extended_once_and_not_after_it_has_lapsed(team: Team, clock: Clock) -> None:
    """To the last minute of its day; what is left of the ten days is no second one.

    Nor once it has lapsed by an earlier date: nobody was told in time.
    """
    received_at = "2025-12-12T09:00:00Z"  # a Friday: due at the end of Tuesday 30 December
    reference, late = [await team.complain(received_at=received_at) for _ in range(2)]
    some: dict[str, Any] = {"reason": "Many issues.", "working_days": 5}
    case = await team.act("extension", reference, **some)
    [reply] = [row for row in case["deadlines"] if row["standard"] == "complaints.stage-1.response"]
    assert reply["due_at"] == "2026-01-07T23:59:59Z"  # a Wednesday
    again = await team.try_to("extension", reference, **some)
    assert (again.status_code, "response" in again.json()["allowed"]) == (409, True)
    house_clock.show(london("Wednesday 2025-12-31 00:00:05"))
    for when in (None, "2025-12-30T23:59:59Z", "2025-12-15T09:00:00Z"):
        refused = await team.try_to("extension", late, **some, occurred_at=when)
        assert (refused.status_code, "response" in refused.json()["allowed"]) == (409, True)
    [reply] = [
        row
        for row in (await team.read(late))["deadlines"]
        if row["standard"] == "complaints.stage-1.response"
    ]
    assert (reply["state"], reply["due_at"]) == ("breached", "2025-12-30T23:59:59Z")


async def test_an_extension_of_a_complaint_that_is_brought_over_is_of_its_day(team: Team) -> None:
    """It is history, and was told by the old system."""
    by = team.officer("ola", "import")
    reference = await team.complain(by, received_at="2026-01-05T09:00:00Z", imported=True)  # a Monday
    case = await team.act(
        "extension", reference, reason="Many issues.", working_days=5, occurred_at="2026-01-12T09:00:00Z"
    )
    assert due(case)["reply"] == "2026-01-26T23:59:59Z"  # a Monday


@pytest.mark.parametrize(
    ("is_acknowledged", "counted_on"),
    # ours was Friday 11 December, the Code's too; till it runs the days are added to ours
    [(True, "Friday 8 January 2027"), (False, "Friday 8 January 2027")],
)
async def test_a_letter_leads_with_the_date_that_can_be_counted_on(
    team: Team, is_acknowledged: bool, counted_on: str
) -> None:
    """An extension beyond ten days: our own promise ends before it, and the letter does not hide that."""
    reference = await team.complain()
    boss = team.officer("max", "manager")
    much: dict[str, Any] = {"reason": "A survey.", "working_days": 17, "good_reason": "No surveyor."}
    if is_acknowledged:
        await team.act("acknowledgement", reference, **UNDERSTOOD)
    case = await team.act("extension", reference, boss, **much)
    assert due(case)["reply"] == "2026-12-29T23:59:59Z"  # ten more, as far as our own promise goes
    if not is_acknowledged:
        case = await team.act("acknowledgement", reference, **UNDERSTOOD)
        assert counted_on in (await team.letter(reference, "acknowledgement"))["text"]
    assert due(case)["Code: reply"] == "2027-01-08T23:59:59Z"
    text = (await team.letter(reference, "extension"))["text"]
    assert f"We will write to you by {counted_on}." in text
    assert "Our own promise was that you would hear from us by Tuesday 29 December 2026." in text


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
