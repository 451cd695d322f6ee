"""The lifecycle of a hazard, and its stage, whatever order its facts came in."""

from datetime import datetime

import pytest

from services.repairs.case.policy import Status
from services.repairs.case.situation import Situation
from services.repairs.events.values import Finding, Severity
from services.repairs.hazards.policy import (
    CANCELLED,
    HAZARDS,
    INVESTIGATED,
    LIFECYCLE,
    ONLY_GRAVER,
    OPEN,
    Action,
    Stage,
    may_be_named,
    stage_of,
)
from shared.caller import CONTRACTOR, OFFICER, RESIDENT
from shared.standards.vocabulary import Vocabulary
from tests.services.repairs.reporting import london

MORNING = london("Monday 2026-02-02 09:00")
NOON = london("Monday 2026-02-02 12:00")
EMERGENCY, SIGNIFICANT = Severity.EMERGENCY, Severity.SIGNIFICANT

BY_FIRM = {Action.SAFETY_WORK, Action.ACCESS_ATTEMPT, Action.MATERIAL_CHANGE, Action.REASONABLE_STEP}
WORK = BY_FIRM | {Action.DECANT, Action.END}
BESIDES_NAMING = {
    None: set[Action](),
    Stage.REPORTED: WORK | {Action.INVESTIGATION},
    Stage.FOUND: WORK | {Action.SUMMARY, Action.PREVENTIVE_WORK},
    Stage.MADE_SAFE: WORK | {Action.SUMMARY, Action.PREVENTIVE_WORK},
    Stage.NOT_FOUND: {Action.SUMMARY, Action.MATERIAL_CHANGE},
    Stage.ENDED: set[Action](),
}


def situation(status: Status, stage: Stage | None, severity: Severity | None) -> Situation:
    """A repair in that status, with a hazard at that stage or without one."""
    return Situation(
        now=NOON,
        status=status,
        priority=1,
        hazard=stage,
        hazard_severity=severity,
        hazard_is_open=stage in OPEN,
        hazard_was_investigated=stage in INVESTIGATED,
    )


def allowed(
    status: Status, stage: Stage | None, severity: Severity | None, roles: frozenset[str] = OFFICER
) -> frozenset[str]:
    return LIFECYCLE.allowed(roles, situation(status, stage, severity))


@pytest.mark.parametrize(
    ("severity", "finding", "investigated_at", "made_safe_at", "stage"),
    [
        (EMERGENCY, None, None, None, Stage.REPORTED),
        (EMERGENCY, None, None, NOON, Stage.REPORTED),
        (EMERGENCY, Finding.EMERGENCY, NOON, None, Stage.FOUND),
        (EMERGENCY, Finding.EMERGENCY, NOON, MORNING, Stage.MADE_SAFE),
        (EMERGENCY, Finding.SIGNIFICANT, NOON, MORNING, Stage.FOUND),
        (EMERGENCY, Finding.SIGNIFICANT, MORNING, NOON, Stage.MADE_SAFE),
        (EMERGENCY, Finding.NONE, NOON, MORNING, Stage.NOT_FOUND),
        (SIGNIFICANT, Finding.EMERGENCY, NOON, MORNING, Stage.FOUND),
        (SIGNIFICANT, Finding.SIGNIFICANT, NOON, MORNING, Stage.FOUND),
        (SIGNIFICANT, Finding.SIGNIFICANT, NOON, NOON, Stage.MADE_SAFE),
    ],
)
def test_a_hazard_is_safe_when_the_clock_of_its_safety_work_is_met(
    severity: Severity,
    finding: Finding | None,
    investigated_at: datetime | None,
    made_safe_at: datetime | None,
    stage: Stage,
) -> None:
    """Work from before the investigation makes safe only an emergency that was known to be one."""
    assert stage_of(severity, finding, investigated_at, made_safe_at) is stage


@pytest.mark.parametrize(
    ("stage", "was", "severity", "can_be_named"),
    [
        (None, None, SIGNIFICANT, True),
        (Stage.REPORTED, SIGNIFICANT, EMERGENCY, True),
        (Stage.REPORTED, SIGNIFICANT, SIGNIFICANT, False),
        (Stage.REPORTED, EMERGENCY, SIGNIFICANT, False),
        (Stage.FOUND, SIGNIFICANT, EMERGENCY, True),
        (Stage.FOUND, EMERGENCY, EMERGENCY, False),
        (Stage.MADE_SAFE, EMERGENCY, SIGNIFICANT, True),
        (Stage.NOT_FOUND, EMERGENCY, SIGNIFICANT, True),
    ],
)
def test_nobody_stops_a_clock_by_calling_a_hazard_something_less(
    stage: Stage | None, was: Severity | None, severity: Severity, can_be_named: bool
) -> None:
    """While it is dealt with it only gets graver; once it is safe or was not found it may be named anew."""
    assert may_be_named(stage, was, severity) is can_be_named


@pytest.mark.parametrize("stage", [None, *Stage])
def test_a_hazard_is_dealt_with_to_its_end(stage: Stage | None) -> None:
    """A completed repair still owes the summary and the works, a cancelled one nothing."""
    severity = SIGNIFICANT if stage else None
    assert allowed(Status.ATTENDED, stage, severity) == BESIDES_NAMING[stage] | {Action.NAMING}
    assert allowed(Status.COMPLETED, stage, severity) == BESIDES_NAMING[stage]
    assert allowed(Status.CANCELLED, stage, severity) == frozenset()


def test_a_firm_names_records_its_work_and_tries_to_get_in() -> None:
    """The investigation, the summary and everything that the council decides are the officer's."""
    by_firm = BY_FIRM | {Action.NAMING}
    assert allowed(Status.ATTENDED, Stage.FOUND, SIGNIFICANT, CONTRACTOR) == by_firm
    assert allowed(Status.ATTENDED, None, None, CONTRACTOR) == {Action.NAMING}
    assert allowed(Status.ATTENDED, Stage.FOUND, SIGNIFICANT, RESIDENT) == frozenset()


@pytest.mark.parametrize(
    ("action", "status", "stage", "why"),
    [
        (Action.NAMING, Status.ATTENDED, Stage.FOUND, ONLY_GRAVER),
        (Action.DECANT, Status.CANCELLED, Stage.FOUND, CANCELLED),
        (Action.SAFETY_WORK, Status.REPORTED, None, "There is no hazard that could be made safe."),
        (
            Action.INVESTIGATION,
            Status.REPORTED,
            Stage.NOT_FOUND,
            "There is no hazard whose investigation has yet to end.",
        ),
    ],
)
def test_a_refusal_says_why(action: Action, status: Status, stage: Stage | None, why: str) -> None:
    """In words for the officer or the firm, not in the names of stages."""
    assert LIFECYCLE.refusal(action, situation(status, stage, EMERGENCY if stage else None)) == why


@pytest.mark.parametrize(
    ("stage", "severity", "can_be_named"),
    [
        (None, None, True),
        (Stage.REPORTED, SIGNIFICANT, True),
        (Stage.REPORTED, EMERGENCY, False),
        (Stage.FOUND, SIGNIFICANT, True),
        (Stage.FOUND, EMERGENCY, False),
        (Stage.MADE_SAFE, EMERGENCY, True),
        (Stage.NOT_FOUND, EMERGENCY, True),
    ],
)
def test_what_cannot_be_named_graver_is_not_to_be_named(
    stage: Stage | None, severity: Severity | None, can_be_named: bool
) -> None:
    """There is nothing graver than an emergency, so one that is dealt with is named no more."""
    assert (Action.NAMING in allowed(Status.REPORTED, stage, severity)) is can_be_named


def test_the_standards_know_the_same_hazards() -> None:
    """A row of a regime that brings a hazard into scope can name every one of these, and no other."""
    vocabulary = Vocabulary.bundled()
    for event in ("repairs.hazard-reported", "repairs.hazard-investigated"):
        assert vocabulary.facts_of(event)["hazard"] == tuple(HAZARDS)
