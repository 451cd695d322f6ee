"""Appointments: the acts on a visit, the trade that a fault needs, and the slots that fit a repair."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.repairs.case.policy import ENDED, HANDYPERSON, Status
from services.repairs.case.situation import Situation
from services.repairs.events import AppointmentBooked, HazardMadeSafe, RepairCompleted, RepairMadeSafe
from shared.caller import CONTRACTOR, FRONTEND, OFFICER, RESIDENT
from shared.lifecycle import Lifecycle, Rule, from_every
from shared.order import Follows
from shared.standards.deadlines import Deadline
from shared.text import same

OFFERED_AT_ONCE = 5
LONGEST_WINDOW = timedelta(hours=12)
# Of a visit agreed on site without a slot: beyond these it is a slip of the finger.
LONGEST_VISIT = timedelta(hours=24)
FURTHEST_AHEAD = timedelta(days=366)

NO_VISIT_AHEAD = "The repair has no appointment ahead."


AGREED = Follows.of("the visit was agreed", AppointmentBooked)

DONE_IN_A_VISIT = frozenset({HazardMadeSafe.type, RepairMadeSafe.type, RepairCompleted.type})


class Trade(StrEnum):
    """A kind of work that somebody can be booked for."""

    PLUMBING = "plumbing"
    ELECTRICAL = "electrical"
    HEATING = "heating"
    CARPENTRY = "carpentry"
    ROOFING = "roofing"
    GENERAL = "general"
    HANDYPERSON = "handyperson"


TRADE_FOR = {
    "total-loss-of-water": Trade.PLUMBING,
    "total-loss-of-electricity": Trade.ELECTRICAL,
    "unsafe-electrical-fitting": Trade.ELECTRICAL,
    "loss-of-gas": Trade.HEATING,
    "blocked-flue": Trade.HEATING,
    "blocked-or-leaking-drain": Trade.PLUMBING,
    "toilet-not-flushing": Trade.PLUMBING,
    "leaking-water-or-heating-pipe": Trade.PLUMBING,
    "insecure-window-door-or-lock": Trade.CARPENTRY,
    "loss-of-heating-or-hot-water": Trade.HEATING,
    "partial-loss-of-electricity": Trade.ELECTRICAL,
    "partial-loss-of-water": Trade.PLUMBING,
    "blocked-sink-bath-basin-or-shower": Trade.PLUMBING,
    "tap-not-turning": Trade.PLUMBING,
    "loose-banister-or-handrail": Trade.CARPENTRY,
    "rotten-floor-or-stairs": Trade.CARPENTRY,
    "broken-door-entry-phone": Trade.ELECTRICAL,
    "frames-and-doors": Trade.CARPENTRY,
    "worktops-and-sink-tops": Trade.CARPENTRY,
    "window-frames": Trade.CARPENTRY,
    "extractor-fan": Trade.ELECTRICAL,
    "leaking-roof": Trade.ROOFING,
    "other": Trade.GENERAL,
}


class Because(StrEnum):
    """The reason for which an appointment ended before it was kept."""

    ASKED = "asked"
    REBOOKED = "rebooked"
    ANOTHER_FIRM = "another_firm"
    HANDED_BACK = "handed_back"
    EMERGENCY = "emergency"
    FOLLOW_ON = "follow_on"
    REPAIR_ENDED = "repair_ended"


class Action(StrEnum):
    """An act on the visit of a repair, by its path."""

    APPOINTMENT = "appointment"
    CANCELLATION = "appointment/cancellation"


def _needs_appointment(situation: Situation) -> bool:
    return not situation.is_emergency


def _visit_is_ahead(situation: Situation) -> bool:
    return is_ahead(situation.visit_at, situation.now)


def is_ahead(visit_at: datetime | None, now: datetime) -> bool:
    """Tell whether a visit that begins at `visit_at`, None if none is agreed, can still be called off."""
    return visit_at is not None and visit_at > now


LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=ENDED,
    rules={
        Action.APPOINTMENT: Rule(
            who=RESIDENT | FRONTEND | OFFICER,
            moves=from_every(Status, but=ENDED),
            when=_needs_appointment,
            otherwise="An emergency needs no appointment: somebody comes at once.",
        ),
        Action.CANCELLATION: Rule(
            who=RESIDENT | FRONTEND | OFFICER | CONTRACTOR,
            moves=from_every(Status, but=ENDED),
            when=_visit_is_ahead,
            otherwise=NO_VISIT_AHEAD,
            out_of_turn=NO_VISIT_AHEAD,
        ),
    },
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The slots that a repair may have: begun after `after`, ended by `until` where that is still ahead.

    `firm` is set where the job is a firm's already.
    """

    trade: Trade
    firm: str | None
    after: datetime
    until: datetime | None


def trade_for(fault: str, queue: str | None) -> Trade:
    """The trade that is needed: the fault's, or the handyperson for a repair in their queue."""
    return Trade.HANDYPERSON if queue == HANDYPERSON else TRADE_FOR[fault]


def latest_end(promises: Iterable[Deadline], now: datetime) -> datetime | None:
    """The latest end of a visit that keeps the strictest promise that can still be kept by one.

    The law's count as the council's own do: the right to repair, and the safety work of a hazard. None where
    all have passed: a repair that is late already needs the earliest visit there is.
    """
    open_still = (promise for promise in promises if promise.open and promise.due_at > now)
    return min((promise.due_at for promise in open_still if _is_kept_by_a_visit(promise)), default=None)


def _is_kept_by_a_visit(promise: Deadline) -> bool:
    return any(condition.event in DONE_IN_A_VISIT for condition in promise.row.met_by)


def binding_firm(contractor: str | None, got_by_booking: bool, status: Status) -> str | None:
    """The firm whose slots alone may be booked, if the job is somebody's.

    A firm that only has it because its slot was booked, and has not taken it on yet, can lose it to the
    next booking.
    """
    return None if got_by_booking and status == Status.REPORTED else contractor


def wanted_on_site(wanted: Wanted, contractor: str | None, *, is_emergency: bool) -> Wanted:
    """The slots that a follow-on visit may have: those of the firm whose operative is there.

    That to an emergency need not be within its hours: whoever is there has seen that it can wait.
    """
    until = None if is_emergency else wanted.until
    return replace(wanted, firm=contractor, until=until)


def misfit(wanted: Wanted, trade: str, firm: str, ends_at: datetime) -> str | None:
    """Explain to a person that a slot is not for this repair, whoever asks; None if it is."""
    if trade != wanted.trade:
        return f"This slot is for {trade}; the repair needs {wanted.trade}."
    if wanted.firm is not None and not same(firm, wanted.firm):
        return "This slot is of another firm than the one that has the job."
    if wanted.until is not None and ends_at > wanted.until:
        return "This slot is too late for what is promised about the repair."
    return None
