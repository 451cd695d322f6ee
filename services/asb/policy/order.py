"""The order of a case's acts: the facts that each follows, and so cannot be dated before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from services.asb import events
from services.asb.policy import Action
from shared.events import Event
from shared.order import Follows

OPENED_AGAIN = Follows.of("the case was opened again", events.CaseReopened)
ON_AN_OPEN_CASE = Follows.of(
    "the latest act on the open case",
    events.IncidentReported,
    events.PriorityRaised,
    events.VictimVisited,
    events.VictimUpdated,
    events.UpdateFrequencySet,
    events.RiskAssessed,
    events.RiskReviewed,
    events.ActionTaken,
    events.ReportJoined,
    events.DamageReported,
)
ASSESSED = Follows.of("the risk was last assessed", events.RiskAssessed)
CLOSED = Follows.of("the case was closed", events.CaseClosed)
APPLIED = Follows.of("the review was applied for", events.CaseReviewApplied)
SET_BEFORE = Follows.of("the frequency was last set", events.UpdateFrequencySet)
SENT = Follows.of("the questionnaire was sent", events.SurveySent)
ANSWERED = Follows.of("the questionnaire was answered", events.SurveyAnswered)
DECIDED = Follows.of("the review was decided", events.CaseReviewDecided)

FOLLOWS: Mapping[Action, Sequence[Follows]] = {
    **dict.fromkeys((Action.PRIORITY, Action.JOINING), (OPENED_AGAIN,)),
    Action.UPDATE_FREQUENCY: (OPENED_AGAIN, SET_BEFORE),
    Action.RISK: (OPENED_AGAIN, ASSESSED),
    Action.RISK_REVIEW: (OPENED_AGAIN, ASSESSED),
    # nothing that only an open case allows can have happened to a closed one
    Action.CLOSURE: (OPENED_AGAIN, ON_AN_OPEN_CASE),
    Action.SURVEY: (CLOSED,),
    Action.SURVEY_ANSWERS: (CLOSED, SENT),
    Action.REVIEW: (CLOSED, ANSWERED),
    Action.CASE_REVIEW: (Follows(APPLIED.types, "the last review was applied for"),),
    Action.CASE_REVIEW_REFERRALS: (APPLIED,),
    Action.CASE_REVIEW_DECISION: (APPLIED,),
    Action.CASE_REVIEW_OUTCOME: (APPLIED, DECIDED),
}
"""The facts that each act follows, besides the receipt of the case, which every act follows."""

WHILE_OPEN = frozenset({Action.VISIT, Action.UPDATES, Action.INCIDENTS, Action.ACTIONS, Action.DAMAGE})
"""Acts that keep what happened, on whichever day of those on which the case was open.

One from before a closing is entered once the case is open again: it happened, and may have kept a promise.
Those that set how the case stands from now on follow the last opening instead.
"""


def was_open(history: Iterable[Event], at: datetime) -> bool:
    """Tell whether a case with these facts was open at an instant: until its closing, and once reopened."""
    is_open = True
    for event in sorted(history, key=lambda event: (event.occurred_at, event.sequence)):
        if event.occurred_at > at:
            break
        if event.type in CLOSED.types | OPENED_AGAIN.types:
            is_open = event.type in OPENED_AGAIN.types
    return is_open
