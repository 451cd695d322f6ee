"""The order of a case's acts: the facts that each follows, and so cannot be dated before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.asb import events
from services.asb.policy import Action
from shared.events import Event


@dataclass(frozen=True, slots=True)
class Follows:
    """The types of facts that an act follows, and what the latest of them was, for a person."""

    types: frozenset[str]
    what: str


OPENED_AGAIN = Follows(frozenset({events.CaseReopened.type}), "the case was opened again")
ON_AN_OPEN_CASE = frozenset(
    fact.type
    for fact in (
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
)
ASSESSED = Follows(frozenset({events.RiskAssessed.type}), "the risk was last assessed")
CLOSED = Follows(frozenset({events.CaseClosed.type}), "the case was closed")
APPLIED = Follows(frozenset({events.CaseReviewApplied.type}), "the review was applied for")
SET_BEFORE = Follows(frozenset({events.UpdateFrequencySet.type}), "the frequency was last set")
SENT = Follows(frozenset({events.SurveySent.type}), "the questionnaire was sent")
ANSWERED = Follows(frozenset({events.SurveyAnswered.type}), "the questionnaire was answered")
DECIDED = Follows(frozenset({events.CaseReviewDecided.type}), "the review was decided")

FOLLOWS: Mapping[Action, Sequence[Follows]] = {
    **dict.fromkeys((Action.PRIORITY, Action.JOINING), (OPENED_AGAIN,)),
    Action.UPDATE_FREQUENCY: (OPENED_AGAIN, SET_BEFORE),
    Action.RISK: (OPENED_AGAIN, ASSESSED),
    Action.RISK_REVIEW: (OPENED_AGAIN, ASSESSED),
    # nothing that only an open case allows can have happened to a closed one
    Action.CLOSURE: (OPENED_AGAIN, Follows(ON_AN_OPEN_CASE, "the latest act on the open case")),
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


def latest_of(history: Iterable[Event], types: Collection[str]) -> datetime | None:
    """The latest instant of facts of these types, if there are any."""
    return max((event.occurred_at for event in history if event.type in types), default=None)


def was_open(history: Iterable[Event], at: datetime) -> bool:
    """Tell whether a case with these facts was open at an instant: until its closing, and once reopened."""
    is_open = True
    for event in sorted(history, key=lambda event: (event.occurred_at, event.sequence)):
        if event.occurred_at > at:
            break
        if event.type in CLOSED.types | OPENED_AGAIN.types:
            is_open = event.type in OPENED_AGAIN.types
    return is_open
