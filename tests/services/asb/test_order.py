"""The dates of acts, which fit the order of the case: none is before what it follows."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.asb.policy.order import was_open
from shared.clock import Clock
from tests.services.asb.cases import Cases
from tests.services.repairs.reporting import london, zulu
from tests.shared.standards.histories import history
from tests.support.clock import house_clock

Act = tuple[str, str, dict[str, Any]]

RECEIVED = "Monday 2026-06-01 09:00"
HIGH, LOW = {"score": "high", "reason": "Threats."}, {"score": "low", "reason": "Calm."}
OVER = {"reason": "It has stopped.", "agreed_with_victim": True}
REOPEN = {"outcome": "reopen", "reason": "It goes on."}
WEEKLY = {"every": "weekly", "reason": "She asked."}
PATROLS, UPDATE, AGAIN = {"outcome": "Patrols."}, {"message": "News."}, {"description": "Again."}
TOOL = {"kind": "warning", "date": "2026-06-01"}
IT_HAPPENED = [
    ("updates", UPDATE),
    ("visit", {"action_plan_agreed": True}),
    ("incidents", AGAIN),
    ("actions", TOOL),
    ("damage", {"description": "A pane.", "repair_responsibility": True}),
]

CLOSED: list[Act] = [("Wednesday 2026-06-03 12:00", "closure", OVER)]
REOPENED: list[Act] = [*CLOSED, ("Friday 2026-06-05 12:00", "review", REOPEN)]
SURVEYED: list[Act] = [*CLOSED, ("Thursday 2026-06-04 12:00", "survey", {})]
ANSWERED: list[Act] = [*SURVEYED, ("Monday 2026-06-08 12:00", "survey/answers", {"satisfied": False})]
ASSESSED: list[Act] = [("Wednesday 2026-06-03 12:00", "risk", HIGH)]
RISKY: list[Act] = [
    *ASSESSED,
    *[("Thursday 2026-06-04 12:00", act, body) for _, act, body in CLOSED],
    ("Friday 2026-06-05 12:00", "review", REOPEN),
]
APPLIED: list[Act] = [("Wednesday 2026-06-03 12:00", "case-review", {})]


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Two weeks after the first of June, on which the case of every row was received."""
    house_clock.show(london("Monday 2026-06-15 10:00"))
    yield house_clock
    house_clock.show(None)


@pytest.mark.parametrize(
    ("before", "act", "body", "too_early", "early_enough", "what"),
    [
        ([], "updates", UPDATE, "Monday 2026-06-01 08:59", RECEIVED, "received"),
        *(
            (REOPENED, act, body, closed, "Friday 2026-06-05 12:00", "opened again")
            for act, body in IT_HAPPENED
            for closed in ("Wednesday 2026-06-03 12:00", "Friday 2026-06-05 11:59")
        ),
        (
            REOPENED,
            "risk",
            LOW,
            "Tuesday 2026-06-02 12:00",
            "Friday 2026-06-05 12:00",
            "opened again",
        ),
        (REOPENED, "closure", OVER, "Friday 2026-06-05 11:59", "Friday 2026-06-05 12:00", "opened again"),
        (ASSESSED, "closure", OVER, "Wednesday 2026-06-03 11:59", "Wednesday 2026-06-03 12:00", "latest act"),
        (ASSESSED, "risk", LOW, "Tuesday 2026-06-02 12:00", "Wednesday 2026-06-03 12:00", "last assessed"),
        (
            ASSESSED,
            "risk/review",
            PATROLS,
            "Wednesday 2026-06-03 11:59",
            "Wednesday 2026-06-03 12:00",
            "last assessed",
        ),
        (
            RISKY,
            "risk/review",
            PATROLS,
            "Thursday 2026-06-04 12:00",
            "Friday 2026-06-05 12:00",
            "opened again",
        ),
        (
            [("Wednesday 2026-06-03 12:00", "update-frequency", WEEKLY)],
            "update-frequency",
            WEEKLY,
            "Tuesday 2026-06-02 12:00",
            "Wednesday 2026-06-03 12:00",
            "last set",
        ),
        (CLOSED, "survey", {}, "Wednesday 2026-06-03 11:59", "Wednesday 2026-06-03 12:00", "closed"),
        (
            SURVEYED,
            "survey/answers",
            {"satisfied": True},
            "Thursday 2026-06-04 11:59",
            "Thursday 2026-06-04 12:00",
            "questionnaire was sent",
        ),
        (CLOSED, "review", REOPEN, "Wednesday 2026-06-03 11:59", "Wednesday 2026-06-03 12:00", "closed"),
        (ANSWERED, "review", REOPEN, "Monday 2026-06-08 11:59", "Monday 2026-06-08 12:00", "answered"),
        (
            APPLIED,
            "case-review/referrals",
            {"body": "police"},
            "Wednesday 2026-06-03 11:59",
            "Wednesday 2026-06-03 12:00",
            "applied for",
        ),
    ],
)
async def test_an_act_is_not_before_what_it_follows(
    cases: Cases,
    before: list[Act],
    act: str,
    body: dict[str, Any],
    too_early: str,
    early_enough: str,
    what: str,
) -> None:
    """Refused with the field and the reason; at the very instant it is taken."""
    reference, manager = await happened(cases, before), cases.officer("alex", "manager")
    refused = await cases.refused(reference, act, {**body, "occurred_at": zulu(london(too_early))}, manager)
    [error] = refused.json()["errors"]
    assert (refused.status_code, error["pointer"]) == (422, "/occurred_at")
    assert what in error["detail"]
    await cases.act(reference, act, {**body, "occurred_at": zulu(london(early_enough))}, manager)


@pytest.mark.parametrize(("act", "body"), IT_HAPPENED)
async def test_what_happened_before_a_closing_is_entered_once_the_case_is_open_again(
    cases: Cases, act: str, body: dict[str, Any]
) -> None:
    """It was open then."""
    reference = await happened(cases, REOPENED)
    await cases.act(reference, act, {**body, "occurred_at": zulu(london("Wednesday 2026-06-03 11:59"))})


async def test_an_update_that_was_entered_late_keeps_its_promise(cases: Cases) -> None:
    """Due weekly, by Tuesday the 9th; the closing on the 10th found it broken, and it never was."""
    reference = await happened(
        cases,
        [
            ("Tuesday 2026-06-02 09:00", "update-frequency", WEEKLY),
            ("Wednesday 2026-06-10 12:00", "closure", OVER),
            ("Thursday 2026-06-11 12:00", "review", REOPEN),
        ],
    )

    def updates(case: dict[str, Any]) -> list[str]:
        return [each["state"] for each in case["deadlines"] if each["standard"] == "asb.progress-update"]

    assert "breached" in updates(await cases.read(reference))
    told = {**UPDATE, "occurred_at": zulu(london("Monday 2026-06-08 15:00"))}
    states = updates(await cases.act(reference, "updates", told))
    assert "met" in states
    assert "breached" not in states


async def happened(cases: Cases, acts: list[Act]) -> str:
    """The reference of a case on which these acts were done."""
    reference: str = (await cases.report(received_at=zulu(london(RECEIVED))))["reference"]
    for at, act, body in acts:
        by = cases.officer("alex", "manager")
        await cases.act(reference, act, {**body, "occurred_at": zulu(london(at))}, by)
    return reference


async def test_an_assessment_from_before_an_incident_leaves_the_risk_to_assess(cases: Cases) -> None:
    """It is evidence all the same, and so it is kept."""
    reference = (await cases.report(received_at=zulu(london(RECEIVED))))["reference"]
    on_wednesday, on_tuesday = [
        {"occurred_at": zulu(london(day))}
        for day in ("Wednesday 2026-06-03 12:00", "Tuesday 2026-06-02 12:00")
    ]
    await cases.act(reference, "incidents", {**AGAIN, **on_wednesday})
    assert (await cases.act(reference, "risk", {**LOW, **on_tuesday}))["risk"]["to_assess"] is True
    assert (await cases.act(reference, "risk", {**LOW, **on_wednesday}))["risk"]["to_assess"] is False


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("Monday 2026-06-01 09:00", True),
        ("Wednesday 2026-06-03 11:59", True),
        ("Wednesday 2026-06-03 12:00", False),
        ("Friday 2026-06-05 11:59", False),
        ("Friday 2026-06-05 12:00", True),
        ("Monday 2026-06-08 09:00", False),
    ],
)
def test_a_case_is_open_until_it_is_closed_and_once_it_is_opened_again(at: str, is_open: bool) -> None:
    """A closing that is known late counts from when it was."""
    happened = history(
        ("asb.case-opened", RECEIVED),
        ("asb.case-reopened", "Friday 2026-06-05 12:00"),
        ("asb.case-closed", "Wednesday 2026-06-03 12:00"),
        ("asb.case-closed", "Monday 2026-06-08 08:00"),
    )
    assert was_open(happened, london(at)) is is_open
