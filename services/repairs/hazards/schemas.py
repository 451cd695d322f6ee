"""Requests and answers about a hazard."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from services.repairs.events.values import Finding, HazardEnd, ReasonableStep, Severity
from services.repairs.hazards.models import Hazard
from services.repairs.hazards.policy import HAZARDS, LIFESTYLE, Action, Stage
from shared.cases.formats import Day, Instant
from shared.cases.schemas import AnswerModel, RequestModel, check_range, wrong_at
from shared.cases.words import Line, Words


class Happened(RequestModel):
    """An act, and when it happened."""

    occurred_at: Instant | None = None


NO_HAZARD = "none"


def _known(hazard: str) -> str:
    """A misspelt hazard would be in no scope, and so lose its clocks."""
    if hazard not in HAZARDS:
        raise ValueError(f"no such hazard; it is one of {', '.join(HAZARDS)}")
    return hazard


def _known_or_none(hazard: str) -> str:
    return hazard if hazard == NO_HAZARD else _known(hazard)


def _no_lifestyle(words: str) -> str:
    if LIFESTYLE.search(words):
        raise ValueError("the way in which people live is never a reason")
    return words


KnownHazard = Annotated[str, Field(max_length=60), AfterValidator(_known)]
FoundHazard = Annotated[str, Field(max_length=60), AfterValidator(_known_or_none)]
Grounds = Annotated[Words, AfterValidator(_no_lifestyle)]


class NamedHazard(RequestModel):
    """A hazard, how grave it is taken to be, since when we know of it, and whose health it may harm."""

    hazard: KnownHazard = Field(description="A hazard of the rating system, such as damp-and-mould")
    severity: Severity
    aware_at: Instant | None = None
    household_health: Annotated[
        Words | None,
        Field(description="Health of the household as it is known, or ought to be; kept with the grading"),
    ] = None


class MaterialChange(Happened):
    """A change of a known hazard, which counts as a new one from our becoming aware of it."""

    severity: Severity
    change: Words
    household_health: Words | None = None


class Investigator(RequestModel):
    """The person who investigated, and the competence for it."""

    name: Line
    competence: Words


class Investigation(Happened):
    """The outcome of an investigation."""

    finding: Finding
    further_work_needed: bool = Field(description="It takes work to keep the hazard from coming back")
    in_person: bool = Field(
        True, description="False for a remote one, after which the tenant may ask for one"
    )
    investigator: Investigator | None = None


class InPersonRequest(Happened):
    """The tenant's wish for an investigation in person after a remote one."""


class Summary(Happened):
    """The parts that the law wants in the written summary, as it was sent; it counts when it is sent.

    Where all work is done, telling the tenant of it suffices: `told` then stands for all other parts.
    """

    hazard: FoundHazard | None = Field(None, description="The hazard that was found, or none")
    action: Words | None = None
    begin_by: Day | None = None
    complete_by: Day | None = None
    why_no_action: Grounds | None = None
    contact: Words | None = None
    how_to_complain: Words | None = None
    told: Words | None = None
    delivery: Words | None = Field(None, description="Proof of delivery, such as a receipt of posting")

    @model_validator(mode="after")
    def is_whole(self) -> Self:
        """Refuse a summary in which a part is missing."""
        parts = self.model_fields_set - {"occurred_at", "told", "delivery"}
        if self.told is not None and parts:
            raise wrong_at(f"/{min(parts)}", "what was told stands for the whole summary")
        missing = (
            () if self.told is not None else [part for part in self._needed() if not getattr(self, part)]
        )
        if missing:
            raise wrong_at(f"/{missing[0]}", f"the summary has no {' and no '.join(missing)}")
        check_range(self.begin_by, self.complete_by, "/complete_by")
        if self.action and self.why_no_action:
            raise wrong_at("/why_no_action", "the summary has an action")
        return self

    def in_words(self) -> str:
        """The whole of it as a text."""
        if self.told is not None:
            return self.told
        found = (
            "We found no hazard." if self.hazard == NO_HAZARD else f"We found: {HAZARDS[str(self.hazard)]}."
        )
        work = self.why_no_action or (
            f"{self.action} We begin by {self.begin_by:%-d %B %Y} and end by {self.complete_by:%-d %B %Y}."
        )
        return "\n".join((found, work, f"{self.contact}", f"{self.how_to_complain}"))

    def _needed(self) -> tuple[str, ...]:
        work = ("why_no_action",) if self.why_no_action else ("action", "begin_by", "complete_by")
        return ("hazard", *work, "contact", "how_to_complain")


class SafetyWork(Happened):
    """The work that made the hazard safe."""

    work: Words | None = None


def _boolean(given: Any) -> Any:
    """A boolean; pydantic takes the number 1 for the literal True, in strict mode too."""
    if not isinstance(given, bool):
        raise ValueError("give a boolean")
    return given


class PreventiveWork(Happened):
    """Further preventive work: steps towards it, its beginning, or by when the tenant was told it begins."""

    steps: Words | None = Field(None, description="Steps taken towards it, such as an order to a firm")
    begun: Annotated[Literal[True], BeforeValidator(_boolean)] | None = None
    begin_by: Day | None = None
    reason: Grounds | None = None

    @model_validator(mode="after")
    def is_one_fact(self) -> Self:
        """Steps taken and begun are two facts, each with its own date."""
        if sum(told is not None for told in (self.steps, self.begun, self.begin_by)) != 1:
            raise ValueError("say steps, or begun, or by when it will begin in begin_by")
        if self.begin_by is not None and self.reason is None:
            raise ValueError("begin_by needs the reason that the tenant was told")
        return self


class Decant(Happened):
    """An offer of somewhere else to stay: reason and dates; the place is kept with the tenancy."""

    reason: Words
    suitability: Words | None = Field(None, description="Account of how the place suits the household")
    from_: Day = Field(alias="from")
    to: Day | None = None

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> Self:
        """A stay has a length."""
        check_range(self.from_, self.to)
        return self


class DecantAnswer(Happened):
    """The household's answer to the offer of somewhere to stay, and their word on how it suits them."""

    accepted: bool
    suitability: Words | None = None


class Step(Happened):
    """A step towards safety that took time: evidence of our efforts, which stops no clock."""

    kind: ReasonableStep
    step: Grounds


class End(Happened):
    """The ground on which a hazard is dealt with no more, and its evidence."""

    because: HazardEnd
    reason: Grounds


class AccessAttempt(Happened):
    """An attempt to get in, and its outcome; refused access stops no clock."""

    way: Line = Field(description="Knocked, phoned, texted, card left")
    outcome: Line


class ActOut(AnswerModel):
    """One thing that was done."""

    act: Action
    occurred_at: Instant
    recorded_at: Instant
    details: dict[str, Any]


class HazardOut(AnswerModel):
    """The hazard of a repair, and what was done about it."""

    hazard: str
    severity: Severity
    stage: Stage
    aware_at: Instant
    investigated_at: Instant | None
    finding: Finding | None
    further_work_needed: bool | None
    in_person: bool | None
    in_person_requested_at: Instant | None
    summary: str | None
    summary_sent_at: Instant | None
    made_safe_at: Instant | None
    preventive_work_by: date | None
    preventive_steps_at: Instant | None
    preventive_work_begun_at: Instant | None
    decant_offered_at: Instant | None
    decant_accepted: bool | None
    ended_because: HazardEnd | None
    covered_by_law: bool = True
    not_covered_because: str | None = Field(None, description="Reason why the law of that day does not apply")
    acts: list[ActOut] = Field(description="All that was done about it, in the order it was told")

    @classmethod
    def under_the_law(cls, hazard: Hazard, not_covered: str | None) -> Self:
        """The hazard, with the reason for which the law of the day of awareness does not cover it, if so."""
        law = {"covered_by_law": not_covered is None, "not_covered_because": not_covered}
        return cls.of(hazard).model_copy(update=law)


class JobHazardOut(AnswerModel):
    """The hazard as the firm must know it that is to make it safe; its severity is as it was found to be."""

    hazard: str
    severity: Severity

    @classmethod
    def graded(cls, hazard: Hazard) -> Self | None:
        """The hazard by its last grade; None for one that was found to be none."""
        grade = hazard.finding or hazard.severity
        return None if grade == Finding.NONE else cls(hazard=hazard.hazard, severity=Severity(grade))
