"""The lifecycle of an appointment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.enquiries.events.office import AppointmentMoved
from shared.caller import OFFICER, RESIDENT
from shared.lifecycle import Lifecycle, Rule, from_every
from shared.order import Follows

MOVED = Follows.of("it was last moved", AppointmentMoved)
"""The acts that every act on an appointment follows, besides its booking."""


class AppointmentStatus(StrEnum):
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
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Facts of one appointment, by which its lifecycle judges an act."""

    status: AppointmentStatus


LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=frozenset({AppointmentStatus.KEPT, AppointmentStatus.MISSED, AppointmentStatus.CANCELLED}),
    rules={
        Action.MOVE: Rule(who=RESIDENT | OFFICER, moves=from_every({AppointmentStatus.BOOKED})),
        # missed if it was not kept
        Action.OUTCOME: Rule(who=OFFICER, moves={AppointmentStatus.BOOKED: AppointmentStatus.KEPT}),
        Action.CANCELLATION: Rule(
            who=RESIDENT | OFFICER, moves={AppointmentStatus.BOOKED: AppointmentStatus.CANCELLED}
        ),
        Action.CONTACT: Rule(who=RESIDENT | OFFICER, moves=from_every(AppointmentStatus)),
    },
)

NOTICE = timedelta(hours=24)


def is_in_time(at: datetime, appointment: datetime) -> bool:
    """Tell whether whoever waits for an appointment is told a day before that it will not be."""
    return appointment - at >= NOTICE
