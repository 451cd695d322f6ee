"""Requests and answers about a hazard."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from services.repairs.events.values import Finding, Severity
from services.repairs.hazards.policy import HAZARDS, Action, Stage
from shared.cases.formats import Day, Instant
from shared.cases.schemas import AnswerModel, RequestModel, check_range
from shared.cases.words import Line, Words


class NamedHazard(RequestModel):
    """A hazard, and how grave it is taken to be."""

    hazard: str = Field(description="A hazard of the rating system, such as damp-and-mould", max_length=60)
    severity: Severity

    @field_validator("hazard")
    @classmethod
    def is_known(cls, hazard: str) -> str:
        """A misspelt one would be in no scope, and so lose its clocks."""
        if hazard not in HAZARDS:
            raise ValueError(f"no such hazard; it is one of {', '.join(HAZARDS)}")
        return hazard


class Naming(NamedHazard):
    """A hazard that an inspection or a visit has shown, and since when we know of it."""

    aware_at: Instant | None = None


class Happened(RequestModel):
    """An act, and when it happened."""

    occurred_at: Instant | None = None


class Investigation(Happened):
    """The outcome of an investigation."""

    finding: Finding
    further_work_needed: bool = Field(description="It takes work to keep the hazard from coming back")


class Summary(Happened):
    """The written summary, as it was sent to the tenant."""

    summary: Words


class SafetyWork(Happened):
    """The work that made the hazard safe."""

    work: Words | None = None


def _boolean(given: Any) -> Any:
    """A boolean; pydantic takes the number 1 for the literal True, in strict mode too."""
    if not isinstance(given, bool):
        raise ValueError("give a boolean")
    return given


class PreventiveWork(Happened):
    """Further preventive work: it has begun, or the tenant was told why it begins later, and by when."""

    begun: Annotated[Literal[True], BeforeValidator(_boolean)] | None = None
    begin_by: Day | None = None
    reason: Words | None = None

    @model_validator(mode="after")
    def is_begun_or_deferred(self) -> Self:
        """The law wants the one, or the other told to the tenant."""
        if (self.begun is None) == (self.begin_by is None):
            raise ValueError("say begun, or by when it will begin in begin_by")
        if self.begin_by is not None and self.reason is None:
            raise ValueError("begin_by needs the reason that the tenant was told")
        return self


class Decant(Happened):
    """A household's stay somewhere else: reason and dates; the place is kept with the tenancy."""

    reason: Words
    from_: Day = Field(alias="from")
    to: Day | None = None

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> Self:
        """A stay has a length."""
        check_range(self.from_, self.to)
        return self


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
    summary: str | None
    summary_sent_at: Instant | None
    made_safe_at: Instant | None
    preventive_work_by: date | None
    preventive_work_begun_at: Instant | None
    acts: list[ActOut] = Field(description="All that was done about it, in the order it was told")
