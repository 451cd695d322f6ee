"""The lifecycle of feedback, and what a score means."""

from dataclasses import dataclass
from enum import StrEnum

from shared.caller import OFFICER, RESIDENT
from shared.lifecycle import Lifecycle, Rule, from_every


class FeedbackStatus(StrEnum):
    """The stages of feedback; a low score is `open` until the department has followed it up."""

    OPEN = "open"
    NOTED = "noted"
    FOLLOWED_UP = "followed_up"


class Action(StrEnum):
    """An act on feedback, by its path."""

    FOLLOW_UP = "follow-up"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Facts of one piece of feedback, by which its lifecycle judges an act."""

    status: FeedbackStatus
    is_complaint: bool = False


COMPLAINT_ONCE = "This was made into a complaint before."

LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=frozenset({FeedbackStatus.NOTED, FeedbackStatus.FOLLOWED_UP}),
    rules={
        Action.FOLLOW_UP: Rule(who=OFFICER, moves={FeedbackStatus.OPEN: FeedbackStatus.FOLLOWED_UP}),
        Action.COMPLAINT: Rule(
            who=RESIDENT | OFFICER,
            moves=from_every(FeedbackStatus),
            when=lambda situation: not situation.is_complaint,
            otherwise=COMPLAINT_ONCE,
        ),
    },
)

LOW, SATISFIED = 3, 4


def is_low(score: int | None) -> bool:
    """Tell a score below three, which gives the department a task."""
    return score is not None and score < LOW


def is_satisfied(score: int | None) -> bool | None:
    """Tell whether a score says satisfied; None without one."""
    return None if score is None else score >= SATISFIED
