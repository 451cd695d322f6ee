"""Events of a case of anti-social behaviour, as other services receive them; no fact describes a person."""

from typing import Annotated, ClassVar

from services.asb.events.case_review import (
    CaseReviewApplied,
    CaseReviewConcluded,
    CaseReviewDecided,
    CaseReviewReferred,
    RecommendationCompleted,
)
from services.asb.events.damage import (
    DamageMadeSafe,
    DamageNotOurs,
    DamageRepairCancelled,
    DamageReported,
    HomeGiven,
)
from services.asb.events.referrals import IssueEnded, IssueTakenUp, ReferralTakenUp
from services.asb.events.values import SCOPE, Every, Outcome, Priority, Risk
from shared.events import Facts, NeedsScope

__all__ = [
    "SCOPE",
    "ActionPlanSent",
    "ActionTaken",
    "CaseClosed",
    "CaseOpened",
    "CaseReopened",
    "CaseReviewApplied",
    "CaseReviewConcluded",
    "CaseReviewDecided",
    "CaseReviewReferred",
    "CategoryCorrected",
    "ClosureReviewed",
    "ComplaintMade",
    "ContactCorrected",
    "DamageMadeSafe",
    "DamageNotOurs",
    "DamageRepairCancelled",
    "DamageReported",
    "Every",
    "GlassBroken",
    "HomeGiven",
    "IncidentReported",
    "IssueEnded",
    "IssueTakenUp",
    "Outcome",
    "Priority",
    "PriorityRaised",
    "RecommendationCompleted",
    "ReferralTakenUp",
    "ReportJoined",
    "Risk",
    "RiskAssessed",
    "RiskReviewed",
    "SurveyAnswered",
    "SurveySent",
    "TeamChanged",
    "UpdateFrequencySet",
    "VictimContactAttempted",
    "VictimContacted",
    "VictimUpdated",
    "VictimVisited",
]


class CaseOpened(Facts):
    """A report became a case; the victim is contacted from here on.

    `team` are the subjects of the tokens of those who may see it, none while it is everybody's with the
    scope. `kept_from` are digests of the subjects of those who may not, whatever their scopes and team.
    """

    type: ClassVar[str] = "asb.case-opened"
    plainly: ClassVar[str] = "Your report reached us"
    acknowledged: ClassVar[bool] = True
    priority: Priority
    hate_incident: bool
    department: str
    channel: str
    imported: bool
    needs_scope: str
    team: list[str]
    kept_from: Annotated[list[str], NeedsScope(SCOPE)]
    resident: str | None = None  # the id of the resident who reported it themselves, to show them their case


class IncidentReported(Facts):
    """A further incident was reported; `hate_incident`: with it the case is one, or it was before."""

    type: ClassVar[str] = "asb.incident-reported"
    plainly: ClassVar[str] = "Your report of a further incident reached us"
    priority: Priority
    hate_incident: bool


class CategoryCorrected(Facts):
    """The behaviour reported proved to be another; figures follow the latest word on hate."""

    type: ClassVar[str] = "asb.category-corrected"
    plainly: ClassVar[str] = "We corrected what your case is about"
    hate_incident: bool


class PriorityRaised(Facts):
    """An officer raised the priority; the victim is contacted sooner."""

    type: ClassVar[str] = "asb.priority-raised"
    plainly: ClassVar[str] = "We made your case more urgent"
    priority: Priority


class VictimContactAttempted(Facts):
    """An officer tried to reach the victim, and reached nobody; it meets no promise."""

    type: ClassVar[str] = "asb.victim-contact-attempted"
    plainly: ClassVar[str] = "We tried to reach you"


class VictimContacted(Facts):
    """An officer spoke with the victim."""

    type: ClassVar[str] = "asb.victim-contacted"
    plainly: ClassVar[str] = "We spoke with you"


class VictimVisited(Facts):
    """An officer visited the victim; a plan agreed there is due in writing."""

    type: ClassVar[str] = "asb.victim-visited"
    plainly: ClassVar[str] = "We visited you"
    action_plan_agreed: bool


class ActionPlanSent(Facts):
    """The written plan was sent to the victim."""

    type: ClassVar[str] = "asb.action-plan-sent"
    plainly: ClassVar[str] = "The written action plan was sent to you"


class VictimUpdated(Facts):
    """The victim was told how the case stands; the next update is due from here."""

    type: ClassVar[str] = "asb.victim-updated"
    plainly: ClassVar[str] = "We told you how your case stands"


class UpdateFrequencySet(Facts):
    """The frequency of updates was agreed with the victim."""

    type: ClassVar[str] = "asb.update-frequency-set"
    plainly: ClassVar[str] = "We agreed how often to tell you how your case stands"
    every: Every


class RiskAssessed(Facts):
    """The risk to the victim was assessed; a high one is reviewed by a manager."""

    type: ClassVar[str] = "asb.risk-assessed"
    plainly: ClassVar[str] = "We looked at what could happen"
    for_staff: ClassVar[bool] = True
    score: Risk
    high_risk: bool


class RiskReviewed(Facts):
    """A manager reviewed a high risk."""

    type: ClassVar[str] = "asb.risk-reviewed"
    plainly: ClassVar[str] = "A manager looked at your case"
    for_staff: ClassVar[bool] = True


class ActionTaken(Facts):
    """A tool was used against the behaviour, or a partner was brought in."""

    type: ClassVar[str] = "asb.action-taken"
    plainly: ClassVar[str] = "We took action"
    for_staff: ClassVar[bool] = True


class ReportJoined(Facts):
    """A report about the same people was joined to an earlier case.

    `further_report`: that case was open, so this is no case more in figures. The other case is not named:
    its team may be another.
    """

    type: ClassVar[str] = "asb.report-joined"
    plainly: ClassVar[str] = "We looked at your report together with what we knew"
    for_staff: ClassVar[bool] = True
    further_report: bool


class CaseClosed(Facts):
    """The case ended; the survey is due from here."""

    type: ClassVar[str] = "asb.case-closed"
    plainly: ClassVar[str] = "The case was closed"
    agreed_with_victim: bool
    high_risk: bool  # which ends with the case


class SurveySent(Facts):
    """The victim was sent the satisfaction questionnaire."""

    type: ClassVar[str] = "asb.survey-sent"
    plainly: ClassVar[str] = "The satisfaction questionnaire was sent to you"


class SurveyAnswered(Facts):
    """The victim answered the questionnaire."""

    type: ClassVar[str] = "asb.survey-answered"
    plainly: ClassVar[str] = "You told us what you thought of our service"
    satisfied: bool


class ComplaintMade(Facts):
    """The victim asked that the answers be made a complaint; complaints asks for the words.

    `answers` is the sequence of the answers: a case that was opened again has another questionnaire.
    """

    type: ClassVar[str] = "asb.complaint-made"
    plainly: ClassVar[str] = "You complained about how we handled your case"
    answers: int
    kept_from: Annotated[list[str], NeedsScope(SCOPE)]
    resident: str | None = None  # whose own the complaint is, as the case is


class ClosureReviewed(Facts):
    """The closing was reviewed, as the victim was dissatisfied with our handling."""

    type: ClassVar[str] = "asb.closure-reviewed"
    plainly: ClassVar[str] = "We looked at how your case was handled"
    outcome: Outcome


class CaseReopened(Facts):
    """A closed case is worked again."""

    type: ClassVar[str] = "asb.case-reopened"
    plainly: ClassVar[str] = "The case was opened again"
    high_risk: bool


class TeamChanged(Facts):
    """Other officers may see the case from here on: the subjects of their tokens.

    Whatever changes access says all of it: of two such events the later holds, in whatever order they come.
    """

    type: ClassVar[str] = "asb.team-changed"
    plainly: ClassVar[str] = "Your case has another team"
    for_staff: ClassVar[bool] = True
    team: list[str]
    kept_from: Annotated[list[str], NeedsScope(SCOPE)]
    handler: str | None = None  # the subject of the officer's token, empty if unknown; none: nobody was named
    unassigned: bool | None = None  # false once an officer was named


class AllegedPerpetratorsNamed(Facts):
    """Others than before are complained of: none of them is in the team, nor deals with the case."""

    type: ClassVar[str] = "asb.alleged-perpetrators-named"
    plainly: ClassVar[str] = "We noted who it is about"
    for_staff: ClassVar[bool] = True
    kept_from: Annotated[list[str], NeedsScope(SCOPE)]
    team: list[str]
    unassigned: bool | None = None  # true: one of them was to deal with it, and nobody does now


class GlassBroken(Facts):
    """An officer outside the team opened the case in an emergency; a manager is told."""

    type: ClassVar[str] = "asb.glass-broken"
    plainly: ClassVar[str] = "Somebody else had to look at your case"
    for_staff: ClassVar[bool] = True
    by: Annotated[str, NeedsScope(SCOPE)]


class ContactCorrected(Facts):
    """The contact, or the safety of writing to it, was corrected; nobody is named here."""

    type: ClassVar[str] = "asb.contact-corrected"
    plainly: ClassVar[str] = "We corrected how to reach you"
