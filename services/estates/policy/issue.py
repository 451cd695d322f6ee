"""The lifecycle of a reported problem, and the rules of what is urgent, repeated, or another service's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.estates import events
from services.estates.events import IssueKind, SiteKind
from shared.caller import OFFICER, RESIDENT
from shared.lifecycle import STAYS, Lifecycle, Rule, from_every
from shared.order import Follows

ATTENDED_BEFORE = "Somebody came before."
NOT_BY_APPOINTMENT = "Only bulky items of a sheltered scheme are collected by appointment."
REFERRED_BEFORE = "This was passed on to that team before."
REFERRED_TO_ALL = "This was passed on to every other team before."


class IssueStatus(StrEnum):
    """The stages of a problem."""

    REPORTED = "reported"
    ASSIGNED = "assigned"
    REFERRED = "referred"
    RESOLVED = "resolved"


class Action(StrEnum):
    """An act on a problem, by its path."""

    ASSIGNMENT = "assignment"
    ATTENDANCE = "attendance"
    APPOINTMENT = "appointment"
    REFERRAL = "referral"
    RESOLUTION = "resolution"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Facts of one problem, by which its lifecycle judges an act."""

    status: IssueStatus
    by_appointment: bool = False
    is_attended: bool = False
    can_be_referred: bool = True


ENDED = frozenset({IssueStatus.RESOLVED})
OPEN = frozenset(IssueStatus) - ENDED

FOLLOWS: Mapping[Action, Sequence[Follows]] = {
    Action.RESOLUTION: (
        Follows.of("somebody came to it", events.IssueAttended),
        Follows.of("it was passed on", events.IssueReferred),
    ),
}
"""The facts that each act follows, besides the report, which every act follows."""

LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=ENDED,
    rules={
        Action.ASSIGNMENT: Rule(
            who=OFFICER, moves={**from_every(OPEN), IssueStatus.REPORTED: IssueStatus.ASSIGNED}
        ),
        # a phone that lost signal may tell of the end first
        Action.ATTENDANCE: Rule(
            who=OFFICER,
            moves=from_every(IssueStatus),
            when=lambda situation: not situation.is_attended,
            otherwise=ATTENDED_BEFORE,
        ),
        Action.APPOINTMENT: Rule(
            who=OFFICER,
            moves=from_every(OPEN),
            when=lambda situation: situation.by_appointment,
            otherwise=NOT_BY_APPOINTMENT,
        ),
        # what was removed may still be another team's to look into
        Action.REFERRAL: Rule(
            who=OFFICER,
            moves={**dict.fromkeys(OPEN, IssueStatus.REFERRED), IssueStatus.RESOLVED: STAYS},
            when=lambda situation: situation.can_be_referred,
            otherwise=REFERRED_TO_ALL,
        ),
        Action.RESOLUTION: Rule(who=OFFICER, moves=dict.fromkeys(OPEN, IssueStatus.RESOLVED)),
        Action.CONTACT: Rule(who=RESIDENT | OFFICER, moves=from_every(IssueStatus)),
    },
)

OF_OTHERS = frozenset({IssueKind.COMMUNAL_REPAIR, IssueKind.WELFARE_CONCERN, IssueKind.OTHER})
"""The kinds that another service deals with from beginning to end; all others caretakers clear themselves."""


def is_urgent(kind: IssueKind, *, told_so: bool) -> bool:
    """Tell whether a problem comes first: syringes are removed as quickly as we can (section 7)."""
    return told_so or kind is IssueKind.NEEDLES


def is_by_appointment(kind: IssueKind, site: SiteKind | None) -> bool:
    """Tell whether a time is agreed: sheltered schemes are helped with bulky items (section 7)."""
    return kind is IssueKind.BULKY_ITEMS and site is SiteKind.SHELTERED


def is_ours(kind: IssueKind, status: IssueStatus) -> bool:
    """Tell whether caretakers still have to do something about a problem themselves."""
    return status in OPEN and not (status is IssueStatus.REFERRED and kind in OF_OTHERS)


def after_referral(
    kind: IssueKind, status: IssueStatus, *, dealt_with: bool, others_at_work: bool, has_handler: bool
) -> IssueStatus:
    """The status of a problem once another service's case about it has ended.

    With it a problem of others ends too, if it is dealt with; what was not comes back to us.
    """
    if status is not IssueStatus.REFERRED or others_at_work:
        return status
    if dealt_with and kind in OF_OTHERS:
        return IssueStatus.RESOLVED
    return IssueStatus.ASSIGNED if has_handler else IssueStatus.REPORTED
