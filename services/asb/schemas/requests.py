"""Requests about a case: the report, and what officers and the victim do."""

from dataclasses import dataclass
from typing import Annotated, Any, Self

from fastapi import Query
from pydantic import BeforeValidator, Field, TypeAdapter, model_validator

from services.asb.events import Every, Outcome, Risk
from services.asb.policy import DEPARTMENT, Body, Category, DamageOutcome, Reporter, Status
from shared.cases.contact import Address, ReportedContact
from shared.cases.filters import CaseFilters, Sort
from shared.cases.formats import Day, Instant
from shared.cases.handlers import Officer, of_department, or_by_name
from shared.cases.property import ReportedProperty
from shared.cases.schemas import Channel, RequestModel, check_range, wrong_at
from shared.cases.words import Line, Words

MOST_INCIDENTS = 50
MOST_OF_A_TEAM = 50
MOST_PERPETRATORS = 20
WORDS: TypeAdapter[str] = TypeAdapter(Words)


class AllegedPerpetrator(RequestModel):
    """The person complained of, as far as they are known."""

    name: Line | None = None
    address: Address | None = None
    description: Words | None = None
    subject: Line | None = Field(
        None, description="The subject of their token, if they have one: such a caller never sees the case"
    )

    @model_validator(mode="after")
    def says_something(self) -> Self:
        """Nothing known is told by leaving it out."""
        if not any((self.name, self.address, self.description, self.subject)):
            raise ValueError("give at least one of name, address, description and subject")
        return self


def _described(given: Any) -> Any:
    """Somebody who is described by a text alone; a union would put our types' names into pointers."""
    if isinstance(given, str):
        return AllegedPerpetrator(description=WORDS.validate_python(given), subject=None)
    return given


AllegedGiven = Annotated[
    AllegedPerpetrator, BeforeValidator(_described, json_schema_input_type=Words | AllegedPerpetrator)
]


class ReportedIncident(RequestModel):
    """One incident, and the body and day that it was reported to, by default us and today."""

    description: Words
    happened_on: Day | None = None
    reported_on: Day | None = None
    reported_to: Body = Body.COUNCIL

    @model_validator(mode="after")
    def is_reported_after_it_happened(self) -> Self:
        """The other way round one of the two days is wrong."""
        check_range(self.happened_on, self.reported_on, "/reported_on")
        return self


class Report(RequestModel):
    """A report, by the victim or somebody else; `contact` is of whoever we are in touch with."""

    imported: bool = False
    category: Category
    hate_incident: bool = Field(False, description="Anybody perceives it as motivated by hate")
    description: Words
    contact: ReportedContact
    reporter: Reporter = Reporter.VICTIM
    property: ReportedProperty | None = None
    incidents: list[ReportedIncident] = Field(default_factory=list, max_length=MOST_INCIDENTS)
    alleged_perpetrator: AllegedGiven | None = None
    channel: Channel
    received_at: Instant | None = None


class Dated(RequestModel):
    """An act, and when it happened, by default now."""

    occurred_at: Instant | None = None


class CategoryCorrection(Dated):
    """The behaviour as it proved to be, and why; hate that was perceived stays unless this says otherwise."""

    category: Category | None = None
    hate_incident: bool | None = None
    reason: Words

    @model_validator(mode="after")
    def corrects_something(self) -> Self:
        """A reason alone is none."""
        if self.category is None and self.hate_incident is None:
            raise ValueError("give at least one of category and hate_incident")
        return self


class PriorityRaise(Dated):
    """A more urgent priority than the report has, and why."""

    priority: int = Field(ge=1, le=2)
    reason: Words


class VictimContact(Dated):
    """An attempt to speak with the victim, and whether it reached them."""

    method: Line
    reached: bool
    notes: Words | None = None


class Visit(Dated):
    """A visit to the victim, and the plan agreed there."""

    action_plan_agreed: bool
    plan: Words | None = None
    identification_shown: bool | None = None


class ActionPlan(Dated):
    """The plan, as it was sent to the victim."""

    plan: Words


class Update(Dated):
    """The words in which the victim was told how the case stands."""

    message: Words


class UpdateFrequency(Dated):
    """Another rhythm of updates, and why."""

    every: Every
    reason: Words


class RiskAssessment(Dated):
    """The risk to the victim, and why."""

    score: Risk
    reason: Words


class RiskReview(Dated):
    """The outcome of a manager's review of a high risk."""

    outcome: Words


class Incident(ReportedIncident, Dated):
    """A further incident; a graver category than the case's raises its priority."""

    category: Category | None = None
    hate_incident: bool = False


class ToolUsed(Dated):
    """A tool used or a partner brought in on a day, such as a warning or a referral."""

    kind: Line
    reference: Line | None = None
    date: Day
    notes: Words | None = None


class Joining(Dated):
    """The earlier case about the same people, and why it is thought so."""

    reference: Line
    reason: Words


class Home(Dated):
    """The home that the case is about."""

    property: ReportedProperty


class DamageReport(Dated):
    """Damage to the home; repairs is told the fault and the words for the contractor, and nothing else."""

    fault: str | None = Field(None, description="As in the repairs guide", pattern="^[a-z-]{1,60}$")
    for_contractor: Words | None = None
    description: Words
    repair_responsibility: bool


class DamageEnd(Dated):
    """The outcome of a damage, by its number on the case, whose repair will not tell of it; and why."""

    damage: int = Field(ge=1, le=100_000)
    outcome: DamageOutcome
    reason: Words


class Closure(Dated):
    """The reason for closing, and that the victim agrees, or why it is closed all the same."""

    reason: Words
    agreed_with_victim: bool = False
    why_not: Words | None = None

    @model_validator(mode="after")
    def is_agreed_or_explained(self) -> Self:
        """Nobody's case is closed over their head without a word."""
        if not self.agreed_with_victim and self.why_not is None:
            raise wrong_at("/why_not", "say why it is closed though the victim has not agreed")
        return self


class Survey(Dated):
    """The questionnaire, as it was sent."""


class SurveyAnswers(Dated):
    """The victim's answers, which become a complaint if they ask for it."""

    satisfied: bool
    comments: Words | None = None
    complaint: bool = Field(False, description="Make it a complaint about how we handled the case")

    @model_validator(mode="after")
    def says_what_is_complained_of(self) -> Self:
        """A complaint has words."""
        if self.complaint and self.comments is None:
            raise wrong_at("/comments", "say what you complain of")
        return self


class Review(Dated):
    """The outcome of the review that a dissatisfied victim is owed."""

    outcome: Outcome
    reason: Words


class NamedHandler(Officer):
    """The officer who deals with the case; the department is the case's own."""

    department: Annotated[Line, of_department(DEPARTMENT)] | None = None


class Team(Dated):
    """The officers who may see the case, by the subjects of their tokens, and who deals with it."""

    members: list[Line] = Field(min_length=1, max_length=MOST_OF_A_TEAM)
    handler: Annotated[NamedHandler, or_by_name(NamedHandler)] | None = None


class AllegedPerpetrators(Dated):
    """All who are complained of, instead of those known before, and the reason of the change."""

    people: list[AllegedPerpetrator] = Field(
        max_length=MOST_PERPETRATORS, description="None, where whoever was named was not"
    )
    reason: Words


class BreakGlass(Dated):
    """The emergency for which an officer outside the team opens the case."""

    reason: Words


@dataclass(frozen=True, kw_only=True)
class AsbFilters(CaseFilters):
    """Filters of the list of cases; none by home or postcode, which would tell a neighbour's case."""

    status: Status | None = None
    sort: Sort | None = None
    category: Category | None = None
    priority: Annotated[int | None, Query(ge=1, le=2)] = None
    risk: Risk | None = None
    risk_to_assess: Annotated[bool | None, Query(description="An incident came since it was assessed")] = None
