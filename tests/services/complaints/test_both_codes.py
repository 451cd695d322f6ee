"""Complaints under either ombudsman's Code: whose times, duties and details they have."""

from datetime import date
from typing import Any

import pytest

from services.complaints.events import About
from services.complaints.policy.points import whole_point
from shared.standards.catalogue import Catalogue
from shared.standards.ombudsmen import Ombudsman
from tests.services.complaints.complaining import ANSWER, STANDARDS, UNDERSTOOD, Team, due
from tests.shared.standards.histories import CALENDAR, Happening, fold, only, told

CLOSED = CALENDAR.with_closures({date(2026, 12, 24): "the offices are closed"})  # a Thursday
HOUSING, LGSCO = Ombudsman.HOUSING, Ombudsman.LOCAL_GOVERNMENT
PREFIX = {HOUSING: "complaints.code", LGSCO: "complaints.lgsco-code"}
RECEIVED, ACKNOWLEDGED = "complaints.complaint-received", "complaints.complaint-acknowledged"
TODAY = date(2026, 11, 27)  # a Friday


@pytest.mark.parametrize("code", Ombudsman)
@pytest.mark.parametrize(
    ("received", "acknowledged", "contact", "reply"),
    [
        # an ordinary fortnight
        ("Monday 2026-06-01 10:00", "Wednesday 2026-06-03 10:00",
         "Monday 2026-06-08", "Wednesday 2026-06-17"),
        # Christmas: the offices are closed on Christmas Eve, which neither Code knows
        ("Friday 2026-12-11 09:00", "Wednesday 2026-12-16 16:00",
         "Friday 2026-12-18", "Monday 2027-01-04"),
        # Easter, from Good Friday the 26th to Monday the 29th
        ("Wednesday 2027-03-17 12:00", "Monday 2027-03-22 12:00",
         "Wednesday 2027-03-24", "Wednesday 2027-04-07"),
        # received and acknowledged on a weekend
        ("Saturday 2026-06-06 23:30", "Sunday 2026-06-07 08:00",
         "Friday 2026-06-12", "Friday 2026-06-19"),
        # acknowledged late: the reply counts from the real one
        ("Monday 2026-06-01 10:00", "Friday 2026-06-12 10:00",
         "Monday 2026-06-08", "Friday 2026-06-26"),
    ],
)  # fmt: skip
def test_both_codes_count_alike(
    code: Ombudsman, received: str, acknowledged: str, contact: str, reply: str
) -> None:
    """Each for its own complaints alone."""
    about = {"ombudsman": code}
    rows = fold(
        (RECEIVED, received, about), (ACKNOWLEDGED, acknowledged, {"stage": 1, **about}), calendar=CLOSED
    )
    found = {row.standard: told(row.due_at) for row in rows if row.regime != "havering"}
    assert found == {
        f"{PREFIX[code]}.stage-1.acknowledgement": f"{contact} 23:59:59",
        f"{PREFIX[code]}.stage-1.response": f"{reply} 23:59:59",
    }


@pytest.mark.parametrize("code", Ombudsman)
def test_stage_two_counts_from_its_own_acknowledgement(code: Ombudsman) -> None:
    """Twenty working days, and twenty more for a reason that is told in time."""
    about = {"ombudsman": code}
    rows = fold(
        (RECEIVED, "Monday 2026-06-01 10:00", about),
        ("complaints.complaint-responded", "Thursday 2026-06-04 10:00", {"stage": 1, **about}),
        ("complaints.complaint-escalated", "Monday 2026-06-29 10:00", about),
        (ACKNOWLEDGED, "Wednesday 2026-07-01 10:00", {"stage": 2, **about}),
        ("complaints.reply-extended", "Wednesday 2026-07-29 23:59:59.900",
         {"stage": 2, "working_days": 40, "good_reason": False, **about}),
    )  # fmt: skip
    contact = only(rows, f"{PREFIX[code]}.stage-2.acknowledgement")
    assert told(contact.due_at) == "Monday 2026-07-06 23:59:59"
    reply = only(rows, f"{PREFIX[code]}.stage-2.response")
    assert told(reply.first_due) == "Wednesday 2026-07-29 23:59:59"
    assert told(reply.due_at) == "Wednesday 2026-08-26 23:59:59"


@pytest.mark.parametrize(
    ("happened", "found"),
    [
        # an event that is older than the fact counts under the Housing Ombudsman's
        ([(RECEIVED, "Monday 2026-06-01 10:00")], ["complaints.code.stage-1.acknowledgement"]),
        # before its Code was used, such a complaint has our own promises alone
        ([(RECEIVED, "Monday 2026-03-02 10:00", {"ombudsman": LGSCO})], []),
        ([(RECEIVED, "Tuesday 2026-03-31 23:59:59", {"ombudsman": LGSCO})], []),
        ([(RECEIVED, "Wednesday 2026-04-01 00:00", {"ombudsman": LGSCO})],
         ["complaints.lgsco-code.stage-1.acknowledgement"]),
    ],
)  # fmt: skip
def test_a_complaint_is_under_one_code(happened: list[Happening], found: list[str]) -> None:
    assert [row.standard for row in fold(*happened) if row.regime != "havering"] == found


@pytest.mark.parametrize("code", Ombudsman)
def test_what_was_promised_or_ordered_is_under_the_same_code(code: Ombudsman) -> None:
    """Each with its own day; the last of them ends the updates."""
    about = {"ombudsman": code}
    promised = ("complaints.action-promised", "Monday 2026-06-01 10:00")
    rows = fold(
        ("complaints.remedies-outstanding", "Monday 2026-06-01 10:00", about),
        (*promised, {"action": 1, "origin": "stage_1", "by": "2026-06-30", **about}),
        (*promised, {"action": 2, "origin": "ombudsman", "by": "2026-07-31", **about}),
        ("complaints.update-interval-agreed", "Tuesday 2026-06-02 10:00", {"every": "weekly"}),
        ("complaints.update-given", "Wednesday 2026-06-03 10:00"),
        ("complaints.remedies-delivered", "Friday 2026-06-05 10:00"),
    )
    assert told(only(rows, f"{PREFIX[code]}.action").due_at) == "Tuesday 2026-06-30 23:59:59"
    assert told(only(rows, f"{PREFIX[code]}.order").due_at) == "Friday 2026-07-31 23:59:59"
    first, second = (row for row in rows if row.standard == f"{PREFIX[code]}.remedy-update")
    assert (told(first.first_due), told(first.due_at)) == (
        "Monday 2026-06-15 23:59:59",
        "Tuesday 2026-06-09 23:59:59",
    )
    assert (told(second.due_at), second.open) == ("Wednesday 2026-06-10 23:59:59", False)


@pytest.mark.parametrize(
    ("about", "code"), [("repairs", "Code"), ("staff", "Code"), ("other_service", "LGSCO")]
)
async def test_the_answer_has_the_dates_of_both_regimes(team: Team, about: str, code: str) -> None:
    """Ours from the receipt, the Code's from the acknowledgement; the working says whose duty it is."""
    boss = team.officer("max", "manager")
    answer = await team.client.post(
        "/v1/complaints",
        json={"about": about, "description": "Late.", "channel": "phone", "outcome_sought": "Sorry.",
              "contact": {"phone": "01708 434343"}, "received_at": "2026-11-23T10:00:00Z"},
        headers=boss,
    )  # fmt: skip
    assert due(answer.json()) == {
        "contact": "2026-11-30T23:59:59Z",  # a Monday, five working days from Monday the 23rd
        "reply": "2026-12-07T23:59:59Z",
        f"{code}: contact": "2026-11-30T23:59:59Z",
    }
    case = await team.act("acknowledgement", answer.json()["reference"], boss, **UNDERSTOOD)
    assert due(case)["reply"] == "2026-12-07T23:59:59Z"
    assert due(case)[f"{code}: reply"] == "2026-12-11T23:59:59Z"  # acknowledged on Friday the 27th


async def test_a_complaint_about_other_work_ends_with_its_own_ombudsman(team: Team) -> None:
    """The final answer has that ombudsman's details, and each of its dates stood under that Code."""
    reference = await team.complain(about="other_service", outcome_sought=None)
    await team.act("triage", reference, route="stage_1", handler={"name": "Ola Reyes", "subject": "ola"})
    await team.act("acknowledgement", reference, method="email", next_steps="We ask the team.")
    await team.act("response", reference, **ANSWER)
    await team.act("escalation", reference)
    second = team.officer("bo")
    case = await team.act("acknowledgement", reference, second, **UNDERSTOOD)
    assert due(case)["LGSCO: reply at stage 2"] == "2026-12-29T23:59:59Z"  # a Tuesday
    case = await team.act(
        "response", reference, second, **ANSWER, actions=[{"description": "Sweep.", "by": "2026-12-18"}]
    )
    under = {STANDARDS[row["standard"]] for row in case["deadlines"] if row["regime"] != "havering"}
    assert under == {
        "LGSCO: contact", "LGSCO: reply", "LGSCO: contact at stage 2", "LGSCO: reply at stage 2",
        "LGSCO: action", "LGSCO: update on remedies",
    }  # fmt: skip
    text = (await team.letter(reference, "stage-2"))["text"]
    theirs = Catalogue.bundled().ombudsman(LGSCO, TODAY)
    for part in (theirs.name, theirs.web, theirs.phone, "the last of our two stages"):
        assert part in text
    assert "Housing Ombudsman" not in text


@pytest.mark.parametrize(
    ("about", "kept", "service", "code"),
    [
        (About.REPAIRS, {}, "repairs", HOUSING),
        (About.REPAIRS, {"ombudsman": HOUSING}, "repairs", HOUSING),
        (About.REPAIRS, {"ombudsman": LGSCO}, "other_service", LGSCO),
        (About.OTHER_SERVICE, {}, "other_service", LGSCO),
        (About.OTHER_SERVICE, {"ombudsman": HOUSING}, None, HOUSING),
        (About.REPAIRS, {"ombudsman": HOUSING, "about": "staff"}, "staff", HOUSING),
    ],
)
def test_a_point_from_before_its_service_was_kept_has_the_complaints(
    about: About, kept: dict[str, Any], service: str | None, code: Ombudsman
) -> None:
    """Unless its Code tells of other work; of which, where that is the landlord's, nobody knows."""
    whole = whole_point({"text": "The roof leaks.", "ours": True, **kept}, about)
    assert (whole["about"], whole["ombudsman"], whole["text"]) == (service, code, "The roof leaks.")


async def test_a_mixed_complaint_is_under_each_code_point_by_point(team: Team) -> None:
    """The letter says which point goes to which ombudsman; the case's dates follow what it is about."""
    bins: dict[str, Any] = {"text": "The bin lorry blocks the road.", "about": "other_service"}
    reference = await team.complain(points=["The roof leaks.", bins])
    case = await team.act("points", reference, points=["Nobody rang."])
    assert [point["ombudsman"] for point in case["points"]] == [HOUSING, LGSCO, HOUSING]
    assert [point["about"] for point in case["points"]] == ["repairs", "other_service", "repairs"]
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    lines = (await team.letter(reference, "acknowledgement"))["text"].splitlines()
    at = lines.index("For point 1 and 3:")
    assert lines[at + 1] == "Housing Ombudsman Service"
    at = lines.index("For point 2:")
    assert lines[at + 1] == "Local Government and Social Care Ombudsman"
