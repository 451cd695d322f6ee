"""Rules of a tenancy: its stages, who may do what, who is written to, and what a household needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from services.residents import events
from shared.caller import OFFICER, RESIDENT
from shared.lifecycle import STAYS, Lifecycle, Rule, from_every
from shared.order import Follows
from shared.standards.periods import close_of

DEPARTMENT = "residents"

ALREADY_ASKED_FOR = "A support plan is asked for already, and will be made."
NOT_TO_BE_MADE = "No settling-in visit is to be made any more."


class Status(StrEnum):
    """The stages of a tenancy."""

    STARTED = "started"
    VISIT_BOOKED = "visit_booked"
    VISITED = "visited"
    ENDED = "ended"


class Action(StrEnum):
    """An act on a tenancy, by its path."""

    BOOKING = "settling-in-visit/booking"
    VISIT = "settling-in-visit"
    PLAN_REQUEST = "support-plan/request"
    PLAN = "support-plan"
    JOINT_TENANTS = "joint-tenants"
    VULNERABILITY = "vulnerability"
    VISITING_IN_PAIRS = "visiting-in-pairs"
    CONTACT = "contact"
    END = "end"


ENDED = frozenset({Status.ENDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The facts of one tenancy that its rules look at."""

    status: Status
    plan_is_asked_for: bool


def _no_plan_is_asked_for(situation: Situation) -> bool:
    return not situation.plan_is_asked_for


FOLLOWS: Mapping[Action, Sequence[Follows]] = {
    # a plan from before the wish for one does not fulfil it
    Action.PLAN: (Follows.of("a support plan was asked for", events.SupportPlanRequested),),
    Action.END: (
        Follows.of("the settling-in visit", events.SettlingInVisitCompleted),
        Follows.of("the latest support plan", events.SupportPlanMade),
    ),
}
"""The facts that each act follows, besides the beginning of the tenancy, which every act follows."""

LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=ENDED,
    rules={
        Action.BOOKING: Rule(
            who=OFFICER,
            moves={Status.STARTED: Status.VISIT_BOOKED, Status.VISIT_BOOKED: STAYS},
            out_of_turn=NOT_TO_BE_MADE,
        ),
        Action.VISIT: Rule(
            who=OFFICER,
            moves={Status.STARTED: Status.VISITED, Status.VISIT_BOOKED: Status.VISITED},
            out_of_turn=NOT_TO_BE_MADE,
        ),
        Action.PLAN_REQUEST: Rule(
            who=RESIDENT | OFFICER,
            moves=from_every(Status, but=ENDED),
            when=_no_plan_is_asked_for,
            otherwise=ALREADY_ASKED_FOR,
        ),
        Action.PLAN: Rule(who=OFFICER, moves=from_every(Status, but=ENDED)),
        Action.JOINT_TENANTS: Rule(who=OFFICER, moves=from_every(Status, but=ENDED)),
        # also once it has ended: what is kept of a person stays theirs to correct
        Action.VULNERABILITY: Rule(who=RESIDENT | OFFICER, moves=from_every(Status)),
        # also once it has ended: a caution that is wrong is taken back
        Action.VISITING_IN_PAIRS: Rule(who=OFFICER, moves=from_every(Status)),
        Action.CONTACT: Rule(who=RESIDENT | OFFICER, moves=from_every(Status)),
        Action.END: Rule(
            who=OFFICER,
            moves=dict.fromkeys((status for status in Status if status not in ENDED), Status.ENDED),
        ),
    },
)


def may_be_written_to(contact: Mapping[str, Any]) -> bool:
    """Tell whether a letter may go to somebody."""
    return bool(contact.get("safe_to_contact", True))


def written_to(contacts: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The contact to which letters about a tenancy go: the first tenant's, if all may be written to.

    Where one may not, nobody is: joint tenants open each other's letters, and the one to be afraid of may be
    the other tenant.
    """
    return next((contact for contact in contacts if not may_be_written_to(contact)), contacts[0])


@dataclass(frozen=True, slots=True)
class Needs:
    """The needs of one household, as far as other services must know them.

    `visit_in_pairs`: nobody goes there alone.
    """

    vulnerable: bool
    access_needs: str | None
    safe_to_contact: bool
    visit_in_pairs: bool

    @classmethod
    def of_household(cls, parts: Sequence["Needs"]) -> "Needs":
        """The needs of all who live in one home: what one of them needs, a visitor has to know."""
        said = dict.fromkeys(part.access_needs for part in parts if part.access_needs)
        return cls(
            vulnerable=any(part.vulnerable for part in parts),
            access_needs="\n".join(said) or None,
            safe_to_contact=all(part.safe_to_contact for part in parts),
            visit_in_pairs=any(part.visit_in_pairs for part in parts),
        )


def first_moment(started_on: date) -> datetime:
    """The beginning of a tenancy's first day, before which no visit settles anybody in."""
    return close_of(started_on, time())


class WelfareStatus(StrEnum):
    """The stages of a worry about a resident."""

    OPEN = "open"
    ASSIGNED = "assigned"
    VISITED = "visited"
    CLOSED = "closed"


class WelfareAction(StrEnum):
    """An act on a worry about a resident, by its path."""

    ASSIGNMENT = "assignment"
    VISIT = "visit"
    CLOSURE = "closure"


WELFARE_FOLLOWS: Mapping[WelfareAction, Sequence[Follows]] = {
    WelfareAction.CLOSURE: (Follows.of("the last visit", events.WelfareVisited),),
}
"""The facts that each act follows, besides the referral, which every act follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WelfareSituation:
    """The facts of one worry that its rules look at."""

    status: WelfareStatus


TO_BE_LOOKED_INTO = frozenset(WelfareStatus) - {WelfareStatus.CLOSED}

WELFARE: Lifecycle[WelfareSituation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=frozenset({WelfareStatus.CLOSED}),
    rules={
        WelfareAction.ASSIGNMENT: Rule(
            who=OFFICER,
            moves={**from_every(TO_BE_LOOKED_INTO), WelfareStatus.OPEN: WelfareStatus.ASSIGNED},
        ),
        # again, where nobody was in
        WelfareAction.VISIT: Rule(who=OFFICER, moves=dict.fromkeys(TO_BE_LOOKED_INTO, WelfareStatus.VISITED)),
        WelfareAction.CLOSURE: Rule(
            who=OFFICER, moves=dict.fromkeys(TO_BE_LOOKED_INTO, WelfareStatus.CLOSED)
        ),
    },
)
