"""Requests and answers of telephone calls."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import BaseModel, model_validator

from services.enquiries.events import Service
from services.enquiries.models import Call
from services.enquiries.policy.call import CallStatus
from services.enquiries.schemas.acts import Act
from shared.cases.filters import CaseFilters, Sort
from shared.cases.formats import Day, Instant
from shared.cases.schemas import CaseOut, RequestModel, wrong_at
from shared.cases.words import Line
from shared.http.problems import Problem

WHO = "say who answered, and in which department"
RESOLVED = "say whether it was resolved at first contact"
UNTIL = "say until when, or which service will help: it was not resolved at once"


class AnsweredBy(RequestModel):
    """The name and department that the caller was given."""

    name: Line
    department: Line


class AnswerFields(RequestModel):
    """The way in which a call was answered."""

    referred_to: Service | None = None
    expected_answer_on: Day | None = None
    told_about_online: bool = False
    recording_reference: Line | None = None


class NewCall(AnswerFields):
    """A call, whole or in parts: it was queued, and then answered or abandoned."""

    queued_at: Instant
    answered_at: Instant | None = None
    abandoned_at: Instant | None = None
    answered_by: AnsweredBy | None = None
    resolved_at_first_contact: bool | None = None

    @model_validator(mode="after")
    def is_of_one_kind(self) -> Self:
        """One call is not both answered and abandoned; one that was answered says by whom and how."""
        if self.answered_at is not None and self.abandoned_at is not None:
            raise wrong_at("/abandoned_at", "a call that was answered was not abandoned")
        for name in ("answered_at", "abandoned_at"):
            at: Any = getattr(self, name)
            if at is not None and at < self.queued_at:
                raise wrong_at(f"/{name}", "this is before the call was queued")
        if self.answered_at is not None:
            if self.answered_by is None:
                raise wrong_at("/answered_by", WHO)
            if self.resolved_at_first_contact is None:
                raise wrong_at("/resolved_at_first_contact", RESOLVED)
            _check_promised(self, is_resolved=self.resolved_at_first_contact)
        return self


class CallAnswer(AnswerFields):
    """The answer to a call that waits."""

    answered_at: Instant | None = None
    answered_by: AnsweredBy
    resolved_at_first_contact: bool

    @model_validator(mode="after")
    def is_promised(self) -> Self:
        """A caller who was not helped at once knows who will, or when (section 4)."""
        _check_promised(self, is_resolved=self.resolved_at_first_contact)
        return self


class LoadedCall(NewCall):
    """A call in the file of a telephone system, whose own id tells it from every other."""

    call_id: Line


class CallPart(AnswerFields):
    """A part of a call, under the telephone system's own id; parts come in any order, and more than once."""

    call_id: Line
    queued_at: Instant | None = None
    answered_at: Instant | None = None
    abandoned_at: Instant | None = None
    answered_by: AnsweredBy | None = None
    resolved_at_first_contact: bool | None = None

    @model_validator(mode="after")
    def tells_something(self) -> Self:
        """A part has at least the instant of what it tells."""
        if not (self.queued_at or self.answered_at or self.abandoned_at):
            raise wrong_at("/queued_at", "say when the call was queued, answered or abandoned")
        return self


class CallPartOut(BaseModel):
    """The call that a part was told of; none while the part waits to hear that the call was queued."""

    call_id: str
    reference: str | None


def _check_promised(answer: AnswerFields, *, is_resolved: bool) -> None:
    if not is_resolved and answer.expected_answer_on is None and answer.referred_to is None:
        raise wrong_at("/expected_answer_on", UNTIL)


class CallAbandonment(RequestModel):
    """The caller's hanging up before anybody answered."""

    abandoned_at: Instant | None = None


class CallResolution(Act):
    """The giving of the answer that was promised in a call."""


@dataclass(frozen=True, kw_only=True)
class CallFilters(CaseFilters):
    """Filters of the list of calls."""

    status: CallStatus | None = None
    sort: Sort | None = None


class CallOut(CaseOut):
    """A call, as officers see it."""

    collection: ClassVar[str] = "/v1/calls"

    call_id: str | None
    queued_at: Instant
    answered_at: Instant | None
    abandoned_at: Instant | None
    answered_by: AnsweredBy | None
    resolved_at_first_contact: bool | None
    referred_to: Service | None
    expected_answer_on: date | None
    told_about_online: bool
    recording_reference: str | None

    @classmethod
    def kept(cls, call: Call) -> dict[str, Any]:
        """The fields that the call's own row has."""
        own = cls.model_fields.keys() - CaseOut.model_fields.keys() - {"queued_at", "answered_by"}
        by = None
        if call.handler_name is not None:
            by = AnsweredBy.model_construct(name=call.handler_name, department=call.answered_in or "")
        kept: dict[str, Any] = {name: getattr(call, name) for name in own}
        return kept | {"queued_at": call.received_at, "answered_by": by}


class Loaded(StrEnum):
    """The outcome of one line of a file of calls."""

    LOADED = "loaded"
    ALREADY_LOADED = "already_loaded"
    REFUSED = "refused"


class CallLine(BaseModel):
    """The outcome of one line, by its number in the file."""

    line: int
    outcome: Loaded
    reference: str | None = None
    problem: Problem | None = None


class CallsLoaded(BaseModel):
    """The outcome of a file of calls: how many of each, and the lines that were refused."""

    loaded: int
    already_loaded: int
    refused: int
    lines: list[CallLine]

    @classmethod
    def of(cls, lines: list[CallLine]) -> Self:
        """The lines, counted."""
        outcomes = [line.outcome for line in lines]
        return cls(
            loaded=outcomes.count(Loaded.LOADED),
            already_loaded=outcomes.count(Loaded.ALREADY_LOADED),
            refused=outcomes.count(Loaded.REFUSED),
            lines=lines,
        )
