"""Requests about a repair that concern no feature, and the parts that several answers share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from fastapi import Query
from pydantic import Field, StringConstraints

from services.repairs.case.policy import DEPARTMENT, Status
from services.repairs.events.values import HandbackReason
from shared.caller import Role
from shared.cases.filters import FOR_OFFICERS, PropertyFilters, Sort, Term
from shared.cases.formats import Day, Instant
from shared.cases.handlers import Officer, of_department, or_by_name
from shared.cases.schemas import RequestModel
from shared.cases.words import ONE_LINE, Line, Words

Firm = Annotated[str, StringConstraints(min_length=1, max_length=100), ONE_LINE]


class NamedHandler(Officer):
    """An officer as every answer shows them; the department is the case's own."""

    department: Annotated[Line, of_department(DEPARTMENT)] | None = None


HandlerGiven = Annotated[NamedHandler, or_by_name(NamedHandler)]


class Assignment(RequestModel):
    """The firm that is to do the job, and the officer who answers for it."""

    contractor: Firm
    handler: HandlerGiven | None = None


class Handback(RequestModel):
    """The reason for which a firm hands a job back, with notes for the department."""

    reason: HandbackReason
    notes: Words | None = None
    occurred_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class RepairFilters(PropertyFilters):
    """Filters of the list of repairs."""

    hidden_from: ClassVar[Mapping[Role, tuple[str, ...]]] = {
        Role.RESIDENT: FOR_OFFICERS,
        Role.CONTRACTOR: (*FOR_OFFICERS, "contractor", "queue"),
    }

    status: Status | None = None
    sort: Sort | None = None
    contractor: Term | None = None
    visit_on: Annotated[Day | None, Query(description="A visit is agreed for this day")] = None
    priority: Annotated[int | None, Query(ge=1, le=3)] = None
    queue: Annotated[Literal["handyperson"] | None, Query(description="Repairs waiting in this queue")] = None


class PriorityChange(RequestModel):
    """Another priority than it has, and why: danger, somebody vulnerable, or a raise that was a mistake."""

    priority: int = Field(ge=1, le=3)
    reason: Words
    occurred_at: Instant | None = None


class Cancellation(RequestModel):
    """The reason for which the repair is no longer wanted or needed."""

    reason: Words
    occurred_at: Instant | None = None
