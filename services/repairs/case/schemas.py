"""Requests about a repair that concern no feature, and the parts that several answers share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from fastapi import Query
from pydantic import Field, StringConstraints

from services.repairs.case.policy import Status
from shared.caller import Role
from shared.cases.filters import FOR_OFFICERS, PropertyFilters, Sort, Term
from shared.cases.schemas import GivenDay, Instant, Line, RequestModel, Words

Postcode = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, min_length=3, max_length=10)
]
Firm = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class Property(RequestModel):
    """The home that needs the repair."""

    uprn: Annotated[str, StringConstraints(pattern=r"^\d{1,12}$")] | None = None
    address: Line
    postcode: Postcode


class NamedHandler(RequestModel):
    """An officer as every answer shows them; the department is the case's own."""

    name: Line
    department: Line | None = None
    subject: Line | None = Field(None, description="The subject of the officer's token, if it is known")


class Assignment(RequestModel):
    """The firm that is to do the job, and the officer who answers for it."""

    contractor: Firm
    handler: Line | NamedHandler | None = None

    @property
    def handler_name(self) -> str | None:
        """The officer's name, whichever way it was given."""
        return self.handler.name if isinstance(self.handler, NamedHandler) else self.handler

    @property
    def handler_subject(self) -> str | None:
        """The subject of the officer's token, if it was given."""
        return self.handler.subject if isinstance(self.handler, NamedHandler) else None


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
    visit_on: Annotated[GivenDay | None, Query(description="A visit is agreed for this day")] = None
    priority: Annotated[int | None, Query(ge=1, le=3)] = None
    queue: Annotated[Literal["handyperson"] | None, Query(description="What waits in it")] = None


class PriorityChange(RequestModel):
    """Another priority than it has, and why: danger, somebody vulnerable, or a raise that was a mistake."""

    priority: int = Field(ge=1, le=3)
    reason: Words
    occurred_at: Instant | None = None


class Cancellation(RequestModel):
    """The reason for which the repair is no longer wanted or needed."""

    reason: Words
    occurred_at: Instant | None = None
