"""Requests about a repair that concern no feature, and the parts that several answers share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from fastapi import Query
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, TypeAdapter

from services.repairs.case.policy import DEPARTMENT, Status
from shared.caller import Role
from shared.cases.filters import FOR_OFFICERS, PropertyFilters, Sort, Term
from shared.cases.formats import Day, Instant
from shared.cases.schemas import RequestModel
from shared.cases.words import ONE_LINE, Line, Words
from shared.text import same

Firm = Annotated[str, StringConstraints(min_length=1, max_length=100), ONE_LINE]


def _of_repairs(department: str) -> str:
    if not same(department, DEPARTMENT):
        raise ValueError(f"repairs are dealt with by the department {DEPARTMENT}")
    return DEPARTMENT


class NamedHandler(RequestModel):
    """An officer as every answer shows them; the department is the case's own."""

    name: Line
    department: Annotated[Line, AfterValidator(_of_repairs)] | None = None
    subject: Line | None = Field(None, description="The subject of the officer's token, if it is known")


_A_NAME: TypeAdapter[str] = TypeAdapter(Line)


def _by_name(given: Any) -> Any:
    """An officer who is named by a text alone; a union would put our types' names into pointers."""
    return (
        NamedHandler(name=_A_NAME.validate_python(given), subject=None) if isinstance(given, str) else given
    )


HandlerGiven = Annotated[NamedHandler, BeforeValidator(_by_name, json_schema_input_type=Line | NamedHandler)]


class Assignment(RequestModel):
    """The firm that is to do the job, and the officer who answers for it."""

    contractor: Firm
    handler: HandlerGiven | None = None


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
