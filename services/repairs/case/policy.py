"""The stages of a repair, as section 6 has them, and the rules that look at the repair alone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.repairs.events import RepairAssigned
from shared.caller import Caller, Role
from shared.events import Event
from shared.text import same

DEPARTMENT = "repairs"

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

SAID_OF_A_COMPLETION = ("clean_and_tidy", "identification_shown")


def status_after(status: Status, update: Update) -> Status:
    """The status once an update is in, whatever order updates came in."""
    reached = LEADS_TO[update]
    if reached is None or HOW_FAR[reached] < HOW_FAR[status]:
        return status
    return reached


def contradicted(first: Mapping[str, Any], later: Mapping[str, Any]) -> list[str]:
    """The words of a completion that a later one of the same second contradicts.

    What either leaves unsaid contradicts nothing.
    """
    both = [name for name in SAID_OF_A_COMPLETION if None not in (first.get(name), later.get(name))]
    return [name for name in both if first[name] != later[name]]


def had_the_job(firm: str, history: Iterable[Event], at: datetime) -> bool:
    """Tell whether a firm had the job at that instant; `history` is the repair's, in any order.

    Callers tell times to the second and we note a fraction, so a firm that got the job later within the
    same second had it too.
    """
    given = sorted((event for event in history if event.type == RepairAssigned.type), key=_when)
    before = [event for event in given if event.occurred_at <= at]
    in_that_second = [
        event for event in given if event.occurred_at.replace(microsecond=0) <= at < event.occurred_at
    ]
    return any(same(firm, event.facts["contractor"]) for event in (*before[-1:], *in_that_second))


def has_lost_the_job(caller: Caller, contractor: str | None, department: str) -> bool:
    """Tell a firm that has no longer the job, which is that contractor's now, and sees it as no officer."""
    if caller.is_a(Role.OFFICER) and department in caller.departments:
        return False
    return caller.is_a(Role.CONTRACTOR) and not same(caller.firm, contractor)


def _when(event: Event) -> tuple[datetime, int]:
    return event.occurred_at, event.sequence
