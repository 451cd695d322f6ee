"""The lifecycle of a repair: the acts that concern no feature; the features have tables of their own."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from services.repairs import events
from services.repairs.case.policy import ENDED, Status, status_handed_back
from services.repairs.case.priorities import can_be_given
from services.repairs.case.situation import Situation
from shared.caller import CONTRACTOR, OFFICER, RESIDENT
from shared.lifecycle import Lifecycle, Rule, from_every
from shared.order import Follows

HAZARD_STANDS_OPEN = "A hazard in the home is still being dealt with, and only an officer may call this off."
NO_DECISION = "This update waits for no decision."
WITH_NO_FIRM = "No firm has this job."
AN_EMERGENCY_BY_THE_GUIDE = "The guide calls this an emergency, and so it stays."


class Action(StrEnum):
    """An act on a repair, by its path."""

    ASSIGNMENT = "assignment"
    HANDBACK = "handback"
    UPDATES = "updates"
    DECISION = "updates/{number}/decision"
    PRIORITY = "priority"
    CANCELLATION = "cancellation"
    CONTACT = "contact"


FOLLOWS: Mapping[Action, Sequence[Follows]] = {
    Action.HANDBACK: (Follows.of("the firm got the job", events.RepairAssigned),),
    # what was done on a repair that is ended is done
    Action.CANCELLATION: (
        Follows.of(
            "the latest update",
            events.OperativeEnRoute,
            events.RepairAttended,
            events.AccessRefused,
            events.FollowOnNeeded,
            events.RepairMadeSafe,
        ),
    ),
}
"""The facts that each act follows, besides the report, which every act follows."""


def _may_be_cancelled(situation: Situation) -> bool:
    """Cancelling ends the clocks of Awaab's law, which no refusal of the resident's stops.

    So while a hazard stands open only an officer may, as one who answers for saying that it was reported in
    error.
    """
    return situation.by_officer or not situation.hazard_is_open


def _decision_is_pending(situation: Situation) -> bool:
    return situation.decision_is_pending


def _is_with_firm(situation: Situation) -> bool:
    return situation.is_with_firm


def _can_have_another_priority(situation: Situation) -> bool:
    return bool(can_be_given(situation.standing_priorities))


# Updates move the status by `policy.status_after`: they come late and out of order, and the furthest stands.
LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=ENDED,
    rules={
        Action.ASSIGNMENT: Rule(who=OFFICER, moves=from_every(Status, but=ENDED)),
        Action.HANDBACK: Rule(
            who=CONTRACTOR | OFFICER,
            moves={status: status_handed_back(status) for status in Status if status not in ENDED},
            when=_is_with_firm,
            otherwise=WITH_NO_FIRM,
        ),
        Action.UPDATES: Rule(who=CONTRACTOR | OFFICER, moves=from_every(Status, but=ENDED)),
        Action.DECISION: Rule(
            who=OFFICER,
            moves=from_every(Status),
            when=_decision_is_pending,
            otherwise=NO_DECISION,
        ),
        Action.PRIORITY: Rule(
            who=OFFICER,
            moves=from_every(Status, but=ENDED),
            when=_can_have_another_priority,
            otherwise=AN_EMERGENCY_BY_THE_GUIDE,
        ),
        Action.CANCELLATION: Rule(
            who=RESIDENT | OFFICER,
            moves=dict.fromkeys((status for status in Status if status not in ENDED), Status.CANCELLED),
            when=_may_be_cancelled,
            otherwise=HAZARD_STANDS_OPEN,
        ),
        Action.CONTACT: Rule(who=RESIDENT | OFFICER, moves=from_every(Status)),
    },
)
