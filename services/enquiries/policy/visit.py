"""The lifecycle of a visit to the office without an appointment."""

from dataclasses import dataclass
from enum import StrEnum

from shared.caller import OFFICER
from shared.lifecycle import Lifecycle, Rule


class VisitStatus(StrEnum):
    """The stages of a visit."""

    WAITING = "waiting"
    SEEN = "seen"
    LEFT = "left"


class Action(StrEnum):
    """An act on a visit, by its path."""

    SEEING = "seeing"
    DEPARTURE = "departure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Facts of one visit, by which its lifecycle judges an act."""

    status: VisitStatus


LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=frozenset({VisitStatus.SEEN, VisitStatus.LEFT}),
    rules={
        Action.SEEING: Rule(who=OFFICER, moves={VisitStatus.WAITING: VisitStatus.SEEN}),
        Action.DEPARTURE: Rule(who=OFFICER, moves={VisitStatus.WAITING: VisitStatus.LEFT}),
    },
)
