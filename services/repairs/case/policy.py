"""The stages of a repair, as section 6 has them, and the rules that look at the repair alone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from services.repairs.events import (
    BackdatedUpdateDecided,
    BackdatedUpdateReceived,
    RepairAssigned,
    RepairHandedBack,
)
from services.repairs.events.values import ToldInTime
from shared.caller import Caller, Role
from shared.events import Event
from shared.text import same

DEPARTMENT = "repairs"

PENCE_IN_A_POUND = 100

HANDYPERSON = "handyperson"
"""The queue of those who do minor repairs for vulnerable tenants."""


class Status(StrEnum):
    """The stages of a repair, in their order."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ATTENDED = "attended"
    MADE_SAFE = "made_safe"
    FOLLOW_ON_NEEDED = "follow_on_needed"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


class Decision(StrEnum):
    """The stages of an officer's decision on a backdated update; an update that needs none has none."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Update(StrEnum):
    """An update that a contractor tells of a job."""

    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ATTENDED = "attended"
    MADE_SAFE = "made_safe"
    NO_ACCESS = "no_access"
    FOLLOW_ON_NEEDED = "follow_on_needed"
    COMPLETED = "completed"


# The status that each update leads to. Updates come late and out of order, so one never takes a case back:
# the furthest status stands, and what was finished before it was called off was finished. No access changes
# nothing: it is recorded, and stops no clock.
LEADS_TO = {
    Update.ACCEPTED: Status.ACCEPTED,
    Update.EN_ROUTE: Status.EN_ROUTE,
    Update.ATTENDED: Status.ATTENDED,
    Update.MADE_SAFE: Status.MADE_SAFE,
    Update.NO_ACCESS: None,
    Update.FOLLOW_ON_NEEDED: Status.FOLLOW_ON_NEEDED,
    Update.COMPLETED: Status.COMPLETED,
}
HOW_FAR = {status: place for place, status in enumerate(Status)}
ENDED = frozenset({Status.COMPLETED, Status.CANCELLED})

CHANGES_OF_FIRM = frozenset({RepairAssigned.type, RepairHandedBack.type})
"""The events by which a job is another firm's, or nobody's."""

TOLD_IN_TIME = frozenset(Update(told) for told in ToldInTime)

SAID_OF_A_COMPLETION = ("clean_and_tidy", "identification_shown")


def status_after(status: Status, update: Update) -> Status:
    """The status once an update is in, whatever order updates came in."""
    reached = LEADS_TO[update]
    if reached is None or HOW_FAR[reached] < HOW_FAR[status]:
        return status
    return reached


def status_handed_back(status: Status) -> Status:
    """The status once its firm has handed a repair back: what it only began is not begun."""
    return status if HOW_FAR[status] >= HOW_FAR[Status.MADE_SAFE] else Status.REPORTED


def contradicted(first: Mapping[str, Any], later: Mapping[str, Any]) -> list[str]:
    """The words of a completion that a later one of the same second contradicts.

    What either leaves unsaid contradicts nothing.
    """
    both = [name for name in SAID_OF_A_COMPLETION if None not in (first.get(name), later.get(name))]
    return [name for name in both if first[name] != later[name]]


def is_backdated(update: Update, at: datetime, first_word: datetime | None) -> bool:
    """Tell a firm's update that would meet promises earlier than its own first word of that kind did.

    A tenant may have gained a right from the first. Callers tell times to the second and we note a fraction.
    """
    if first_word is None or update not in TOLD_IN_TIME:
        return False
    return at.replace(microsecond=0) < first_word.replace(microsecond=0)


def is_decision_pending(history: Iterable[Event]) -> bool:
    """Tell whether some backdated update of a repair was not decided on yet."""
    types = [event.type for event in history]
    return types.count(BackdatedUpdateReceived.type) > types.count(BackdatedUpdateDecided.type)


def had_the_job(firm: str, history: Iterable[Event], at: datetime) -> bool:
    """Tell whether a firm had the job at that instant; `history` is the repair's, in any order.

    Callers tell times to the second and we note a fraction, so a firm that got the job later within the
    same second had it too.
    """
    changes = sorted((event for event in history if event.type in CHANGES_OF_FIRM), key=_when)
    before = [event for event in changes if event.occurred_at <= at]
    in_that_second = [
        event for event in changes if event.occurred_at.replace(microsecond=0) <= at < event.occurred_at
    ]
    gave_it = (event for event in (*before[-1:], *in_that_second) if event.type == RepairAssigned.type)
    return any(same(firm, event.facts["contractor"]) for event in gave_it)


def has_lost_the_job(caller: Caller, contractor: str | None, department: str) -> bool:
    """Tell a firm that has no longer the job, which is that contractor's now, and sees it as no officer."""
    if caller.is_a(Role.OFFICER) and department in caller.departments:
        return False
    return caller.is_a(Role.CONTRACTOR) and not same(caller.firm, contractor)


def pence(pounds: Decimal) -> int:
    """The same sum as a whole number of pence, as events carry it."""
    return int(pounds * PENCE_IN_A_POUND)


def _when(event: Event) -> tuple[datetime, int]:
    return event.occurred_at, event.sequence
