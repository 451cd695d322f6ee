"""Requests by which something is done about a complaint."""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from services.complaints.events import About, Ground, Interval, Outcome, Route
from services.complaints.policy import DEPARTMENT
from services.complaints.schemas.receipt import MOST_POINTS, Points
from shared.cases.formats import Day, Instant, PositivePounds
from shared.cases.handlers import Officer, of_department, or_by_name
from shared.cases.schemas import RequestModel, wrong_at
from shared.cases.words import Line, Words

MOST_REMEDIES = 30
MOST_ADJUSTMENTS = 20


class NamedHandler(Officer):
    """The officer who is to deal with a complaint."""

    department: Annotated[Line, of_department(DEPARTMENT)] | None = None


HandlerGiven = Annotated[NamedHandler, or_by_name(NamedHandler)]
PointNumber = Annotated[int, Field(ge=1, le=MOST_POINTS, description="The number of the point, from 1")]


class Act(RequestModel):
    """An act, by default now."""

    occurred_at: Instant | None = None


class AdjustedAct(Act):
    """An act that speaks to the complainant, in the way that was agreed with them."""

    adjustments_made: bool = Field(
        False, description="The reasonable adjustments were made; needed where the complaint has any"
    )


class OtherBody(RequestModel):
    """The body that the complaint is for, and how the resident was told so."""

    name: Line
    told_by: Line = Field(description="As in phone or letter")


class Choice(StrEnum):
    """The resident's answer when they were given the choice between the two."""

    COMPLAINT = "complaint"
    SERVICE_REQUEST = "service_request"


class Triage(Act):
    """The way in which a complaint is dealt with, and why where it is not answered at stage one.

    A refusal on one of the Code's grounds needs its evidence, and one over twelve months old a note of why
    discretion was not used (Code, 2.2 and 2.3). What the Code has recorded besides and is not given here, the
    case names in `not_recorded`, and the annual report counts.
    """

    route: Route
    handler: HandlerGiven | None = None
    reason: Words | None = Field(None, description="Needed for every route but stage_1")
    service: About | None = Field(None, description="For a service request: who takes it up")
    choice: Choice | None = Field(None, description="For a service request: what the resident chose")
    other_body: OtherBody | None = None
    ground: Ground | None = None
    evidence: Words | None = None
    discretion: Words | None = None
    considered: Words | None = Field(None, description="Complexity, vulnerability and risk")

    @model_validator(mode="after")
    def says_why(self) -> Self:
        """Require the reason why there is no stage one; no choice of the complainant's is overruled."""
        if self.route is not Route.STAGE_1 and self.reason is None:
            raise wrong_at("/reason", "say why this is not answered at stage one")
        if self.route is Route.SERVICE_REQUEST and self.choice is Choice.COMPLAINT:
            raise wrong_at("/choice", "the resident chose to complain, so this goes to stage one")
        if self.ground not in (None, Ground.OTHER) and self.evidence is None:
            raise wrong_at("/evidence", "say what shows that the complaint may be refused on this ground")
        if self.ground is Ground.OVER_TWELVE_MONTHS and self.discretion is None:
            raise wrong_at("/discretion", "say why discretion is not used for a late complaint")
        return self


class Assignment(Act):
    """The officer who is to deal with the complaint at the stage that it is at."""

    handler: HandlerGiven


class ConflictOfInterest(Act):
    """An officer's interest in the matter, for which they may not decide the complaint."""

    officer: HandlerGiven
    reason: Words


class NotOurs(RequestModel):
    """A point that we are not responsible for, and why."""

    point: PointNumber
    reason: Words


class Acknowledgement(AdjustedAct):
    """The complaint definition: what we understood, what is sought, what is ours, and what happens next."""

    method: Line = Field(description="The way in which the resident was told, as in letter or email")
    understanding: Words | None = Field(None, description="Needed under the Housing Ombudsman's Code")
    next_steps: Words
    outcome_sought: Words | None = Field(
        None, description="Needed under the Housing Ombudsman's Code if the complaint has none"
    )
    not_ours: Annotated[list[NotOurs], Field(max_length=MOST_POINTS)] | None = None


class MorePoints(Act):
    """Related points that are to be answered too."""

    points: Points


class Extension(AdjustedAct):
    """More working days for the reply, told to the resident; beyond the Code's limit with a good reason."""

    reason: Words
    working_days: int = Field(ge=1, le=250)
    good_reason: Words | None = None


class UpdateInterval(Act):
    """The interval of updates that the complainant agreed to."""

    every: Interval


class Adjustments(Act):
    """The reasonable adjustments for a complainant (Equality Act 2010), all of them; none ends them.

    `reason` is the need, for officers' eyes. Those that are in force have a day of review.
    """

    adjustments: Annotated[list[Words], Field(max_length=MOST_ADJUSTMENTS)]
    large_print: bool = Field(False, description="Letters are in large print")
    reason: Words
    review_on: Day | None = Field(None, description="Needed unless there are none any more")

    @model_validator(mode="after")
    def is_reviewed(self) -> Self:
        """Adjustments that nobody looks at again are soon the wrong ones (Code, 5.10)."""
        if self.adjustments and self.review_on is None:
            raise wrong_at("/review_on", "say by when the adjustments are reviewed")
        if self.large_print and not self.adjustments:
            raise wrong_at("/large_print", "name large print among the adjustments")
        return self


class Update(AdjustedAct):
    """Progress of a complaint, in the words of the letter that tells the complainant."""

    message: Words


class PointDecision(RequestModel):
    """The decision on one point, with its reasons."""

    point: PointNumber
    outcome: Outcome
    findings: Words


# a Literal, for a validator of ours hands it on, and strict mode takes no text of Python's for an enumeration
RemedyKind = Literal["apology", "explanation", "money", "action"]


class Remedy(RequestModel):
    """One remedy; money is exact, and what is to be done has its day."""

    kind: RemedyKind
    amount: PositivePounds | None = None
    basis: Words | None = Field(None, description="The reason for the sum")
    description: Words | None = None
    by: Day | None = Field(None, description="Of a payment by default the day that the standards give")

    @model_validator(mode="after")
    def says_what(self) -> Self:
        """A remedy that nobody can check was none (Code, 7)."""
        if (self.kind == "money") != (self.amount is not None):
            raise wrong_at("/amount", "money has an amount, and nothing else has")
        if self.kind == "action" and self.description is None:
            raise wrong_at("/description", "say what is to be done")
        if self.kind == "action" and self.by is None:
            raise wrong_at("/by", "say by when it is to be done")
        return self


def _by_kind(given: Any) -> Any:
    """A remedy of which its kind says all, such as an apology."""
    return {"kind": given} if isinstance(given, str) else given


RemedyGiven = Annotated[Remedy, BeforeValidator(_by_kind, json_schema_input_type=RemedyKind | Remedy)]


class ToBeDone(RequestModel):
    """Something still to be done, by whom and by when; the answer does not wait for it."""

    description: Words
    by: Day
    owner: Line | None = None


class Response(AdjustedAct):
    """The full written reply of the stage that the complaint is at.

    `understanding` is the definition of a complaint that was not acknowledged before, or a better one.
    """

    outcome: Outcome
    findings: Words = Field(description="The reasons for the decision, with the policy or law that applies")
    points: Annotated[list[PointDecision], Field(max_length=MOST_POINTS)] | None = None
    remedies: Annotated[list[RemedyGiven], Field(max_length=MOST_REMEDIES)] | None = None
    actions: Annotated[list[ToBeDone], Field(max_length=MOST_REMEDIES)] | None = None
    understanding: Words | None = None
    learning: Words | None = Field(None, description="What the council changes because of it")


class Escalation(Act):
    """The wish for stage two, for which no reason is needed."""

    reason: Words | None = None


class Completion(Act):
    """The end of what was promised."""

    notes: Words | None = None


class RemedyFailure(Act):
    """A remedy that cannot be delivered: the reason, and what is done instead.

    Without a day of its own the alternative keeps that of the remedy in whose place it comes.
    """

    reason: Words
    alternative: Words
    by: Day | None = None
    amount: PositivePounds | None = Field(None, description="Of an alternative that is a payment")
    owner: Line | None = None


class OmbudsmanReferral(Act):
    """The complaint's going to the ombudsman."""

    their_reference: Line | None = None


class OmbudsmanDetermination(Act):
    """The decision of the ombudsman, with what is ordered."""

    outcome: Line
    findings: Words | None = None
    orders: Annotated[list[ToBeDone], Field(max_length=MOST_REMEDIES)] | None = None


class ContactRestriction(Act):
    """A restriction of contact with the complainant, or one kept at its review, with the next."""

    restriction: Words
    reason: Words
    review_on: Day


class ContactRestrictionLifting(Act):
    """The reason for which contact is restricted no longer."""

    reason: Words


class Reopening(Act):
    """The reason for which a complaint that was closed without an answer is taken up at stage one."""

    reason: Words


class Withdrawal(Act):
    """The complainant's taking it back."""

    reason: Words | None = None
