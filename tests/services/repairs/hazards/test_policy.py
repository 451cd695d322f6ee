"""What may be done about a hazard, and how far it has come, whatever order its facts came in."""

from datetime import datetime

import pytest

from services.repairs.hazards.policy import (
    ALLOWED,
    HAZARDS,
    Act,
    Finding,
    Severity,
    Stage,
    acts_allowed,
    may_be_named,
    stage_of,
)
from services.repairs.policy import Status
from shared.standards.vocabulary import Vocabulary
from tests.services.repairs.reporting import london

MORNING = london("Monday 2026-02-02 09:00")
NOON = london("Monday 2026-02-02 12:00")
EMERGENCY, SIGNIFICANT = Severity.EMERGENCY, Severity.SIGNIFICANT


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
    ("stage", "was", "severity", "allowed"),
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
    stage: Stage | None, was: Severity | None, severity: Severity, allowed: bool
) -> None:
    """While it is dealt with it only gets graver; once it is safe or was not found it may be named anew."""
    assert may_be_named(stage, was, severity) is allowed


@pytest.mark.parametrize("stage", [None, *Stage])
def test_a_hazard_is_dealt_with_to_its_end(stage: Stage | None) -> None:
    """A completed repair still owes the summary and the works, a cancelled one nothing."""
    severity = SIGNIFICANT if stage else None
    assert acts_allowed(Status.ATTENDED, stage, severity) == ALLOWED[stage]
    assert acts_allowed(Status.COMPLETED, stage, severity) == ALLOWED[stage] - {Act.NAMING}
    assert acts_allowed(Status.CANCELLED, stage, severity) == frozenset()


@pytest.mark.parametrize(
    ("stage", "severity", "allowed"),
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
    stage: Stage | None, severity: Severity | None, allowed: bool
) -> None:
    """There is nothing graver than an emergency, so one that is dealt with is named no more."""
    assert (Act.NAMING in acts_allowed(Status.REPORTED, stage, severity)) is allowed


def test_the_standards_know_the_same_hazards() -> None:
    """A row of a regime that brings a hazard into scope can name every one of these, and no other."""
    vocabulary = Vocabulary.bundled()
    for event in ("repairs.hazard-reported", "repairs.hazard-investigated"):
        assert vocabulary.facts_of(event)["hazard"] == tuple(HAZARDS)
