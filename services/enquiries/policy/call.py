"""The lifecycle of a telephone call."""

from dataclasses import dataclass
from enum import StrEnum

from shared.caller import OFFICER
from shared.lifecycle import Lifecycle, Rule


class CallStatus(StrEnum):
    """The stages of a call; `answered` is one whose caller was told when and by whom they will be helped."""

    QUEUED = "queued"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    ABANDONED = "abandoned"


class Action(StrEnum):
    """An act on a call, by its path."""

    ANSWER = "answer"
    ABANDONMENT = "abandonment"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Facts of one call, by which its lifecycle judges an act."""

    status: CallStatus


LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=frozenset({CallStatus.RESOLVED, CallStatus.ABANDONED}),
    rules={
        # one that was resolved at once ends there
        Action.ANSWER: Rule(who=OFFICER, moves={CallStatus.QUEUED: CallStatus.ANSWERED}),
        Action.ABANDONMENT: Rule(who=OFFICER, moves={CallStatus.QUEUED: CallStatus.ABANDONED}),
        Action.RESOLUTION: Rule(who=OFFICER, moves={CallStatus.ANSWERED: CallStatus.RESOLVED}),
    },
)
