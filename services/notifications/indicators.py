"""Promises without a time, which are kept as a share of cases: which cases count, and which kept it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.events import Event

COMPLETED = "repairs.repair-completed"
ATTENDED = "repairs.repair-attended"
MADE_SAFE = "repairs.repair-made-safe"
FOLLOW_ON = "repairs.follow-on-needed"
PRESENCE = frozenset({ATTENDED, MADE_SAFE, COMPLETED})

TOLD_AGAIN = timedelta(hours=1)
LONGEST_AT_WORK = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One case's value of an indicator, and the instant as of which it counts."""

    at: datetime
    kept: bool


@dataclass(frozen=True, slots=True)
class Indicator:
    """One promised share; `judge` says of a case's history, in any order, whether and how it counts."""

    id: str
    promise: str
    source: str
    goal: float
    judge: Callable[[Sequence[Event]], Verdict | None]


def finished_at_first_visit(history: Sequence[Event]) -> Verdict | None:
    """Tell whether a repair was completed at the first visit; None until it is, or if it was imported.

    A door that stayed shut is no visit, and an old system says nothing of visits.
    """
    completions = [event.occurred_at for event in history if event.type == COMPLETED]
    if not completions or any(event.facts.get("imported") for event in history):
        return None
    finished = min(completions)
    so_far = [event for event in history if event.occurred_at <= finished]
    follow_on = any(event.type == FOLLOW_ON for event in so_far)
    return Verdict(finished, kept=not follow_on and _visits(so_far) <= 1)


def _visits(so_far: Iterable[Event]) -> int:
    """Count the visits that these signs of somebody's presence tell of.

    A night between two of them makes two visits; so does an arrival long after the one before, where two
    within the hour are one arrival told twice.
    """
    visits, before = 0, None
    for sign in sorted(so_far, key=lambda event: event.occurred_at):
        if sign.type not in PRESENCE:
            continue
        pause = TOLD_AGAIN if sign.type == ATTENDED else LONGEST_AT_WORK
        if before is None or sign.occurred_at - before > pause:
            visits += 1
        before = sign.occurred_at
    return visits


INDICATORS = (
    Indicator(
        "repairs.first-visit",
        promise="We will complete at least 90% of repairs on the first visit.",
        source="Housing Service Standards, section 6",
        goal=0.9,
        judge=finished_at_first_visit,
    ),
)


def verdicts(history: Sequence[Event]) -> Iterable[tuple[Indicator, Verdict]]:
    """The value of each indicator that a case counts for."""
    for indicator in INDICATORS:
        verdict = indicator.judge(history)
        if verdict is not None:
            yield indicator, verdict
