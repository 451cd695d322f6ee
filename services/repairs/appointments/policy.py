"""Which slots fit which repair."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.repairs.handyperson.policy import QUEUE as HANDYPERSON_QUEUE
from services.repairs.policy import EMERGENCY, ENDED, Status
from shared.standards.deadlines import Deadline

APPOINTMENT, CANCELLATION = "appointment", "appointment/cancellation"

OFFERED_AT_ONCE = 5
LONGEST_WINDOW = timedelta(hours=12)
# Of a visit agreed on site without a slot: beyond these it is a slip of the finger.
LONGEST_VISIT = timedelta(hours=24)
FURTHEST_AHEAD = timedelta(days=366)

COMPLETED = "repairs.repair-completed"
HAZARD_MADE_SAFE = "repairs.hazard-made-safe"


# Whose slot an officer publishes who names no firm.
OWN_OPERATIVES = "council operatives"


class Trade(StrEnum):
    """What kind of work somebody can be booked for."""

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
    """Why an appointment was ended before it was kept."""

    ASKED = "asked"
    REBOOKED = "rebooked"
    ANOTHER_FIRM = "another_firm"
    EMERGENCY = "emergency"
    FOLLOW_ON = "follow_on"
    REPAIR_ENDED = "repair_ended"


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
    """Who is needed: the fault's trade, or the handyperson for what is in their queue."""
    return Trade.HANDYPERSON if queue == HANDYPERSON_QUEUE else TRADE_FOR[fault]


def latest_end(promises: Iterable[Deadline], now: datetime) -> datetime | None:
    """When a visit must be over to keep the council's own promise to complete; the strictest counts.

    A hazard's safety work is done in a visit too: nobody is offered one after the law wants the home safe.
    None once that has passed: a repair that is late already needs the earliest visit there is.
    """
    ahead = [promise.due_at for promise in promises if promise.open and _is_kept_by_a_visit(promise)]
    strictest = min(ahead, default=None)
    return strictest if strictest is not None and strictest > now else None


def _is_kept_by_a_visit(promise: Deadline) -> bool:
    kept_by = {condition.event for condition in promise.row.met_by}
    return HAZARD_MADE_SAFE in kept_by or (COMPLETED in kept_by and not promise.row.regime.statutory)


def needs_appointment(status: Status, priority: int) -> bool:
    """Whether a visit is to be agreed: an emergency needs none, somebody comes at any hour."""
    return priority != EMERGENCY and status not in ENDED


def is_ahead(visit_at: datetime | None, now: datetime) -> bool:
    """Whether a visit that would begin then, None if none is agreed, can still be called off."""
    return visit_at is not None and visit_at > now


def acts_allowed(status: Status, priority: int, visit_at: datetime | None, now: datetime) -> frozenset[str]:
    """Which of these acts a repair allows now whose visit begins then, None if none is agreed."""
    booking = {APPOINTMENT} if needs_appointment(status, priority) else set()
    calling_off = {CANCELLATION} if status not in ENDED and is_ahead(visit_at, now) else set()
    return frozenset(booking | calling_off)


def binding_firm(contractor: str | None, got_by_booking: bool, status: Status) -> str | None:
    """The firm whose slots alone may be booked, if the job is somebody's.

    A firm that only has it because its slot was booked, and has not taken it on yet, can lose it to the
    next booking.
    """
    return None if got_by_booking and status == Status.REPORTED else contractor


def wanted_on_site(wanted: Wanted, contractor: str | None, priority: int) -> Wanted:
    """The slots that a follow-on visit may have: those of the firm whose operative is there.

    That to an emergency need not be within its four hours: whoever is there has seen that it can wait.
    """
    until = None if priority == EMERGENCY else wanted.until
    return replace(wanted, firm=contractor, until=until)


def misfit(wanted: Wanted, trade: str, firm: str, ends_at: datetime) -> str | None:
    """Why a slot is not for this repair whoever asks, or None if it is."""
    if trade != wanted.trade:
        return f"This slot is for {trade}; the repair needs {wanted.trade}."
    if wanted.firm is not None and firm != wanted.firm:
        return "This slot is of another firm than the one that has the job."
    if wanted.until is not None and ends_at > wanted.until:
        return "This slot is too late for the repair's priority."
    return None
