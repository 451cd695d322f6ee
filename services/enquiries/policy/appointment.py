"""The lifecycle of an appointment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.caller import OFFICER, RESIDENT
from shared.lifecycle import Lifecycle, Rule, from_every


class Status(StrEnum):
    """The stages of an appointment."""

    BOOKED = "booked"
    KEPT = "kept"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """An act on an appointment, by its path."""

    MOVE = "move"
    OUTCOME = "outcome"
    CANCELLATION = "cancellation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Facts of one appointment, by which its lifecycle judges an act."""

    status: Status


LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=frozenset({Status.KEPT, Status.MISSED, Status.CANCELLED}),
    rules={
        Action.MOVE: Rule(who=RESIDENT | OFFICER, moves=from_every({Status.BOOKED})),
        # missed if it was not kept
        Action.OUTCOME: Rule(who=OFFICER, moves={Status.BOOKED: Status.KEPT}),
        Action.CANCELLATION: Rule(who=RESIDENT | OFFICER, moves={Status.BOOKED: Status.CANCELLED}),
    },
)

NOTICE = timedelta(hours=24)


def is_in_time(at: datetime, appointment: datetime) -> bool:
    """Tell whether whoever waits for an appointment is told a day before that it will not be."""
    return appointment - at >= NOTICE
