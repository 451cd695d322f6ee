"""Requests about a repair that concern no feature, and the parts that several answers share."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.cases.schemas import Instant, Line, RequestModel, Words

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


class Assignment(RequestModel):
    """The firm that is to do the job, and the officer who answers for it."""

    contractor: Firm
    handler: Line | NamedHandler | None = None

    @property
    def handler_name(self) -> str | None:
        """The officer's name, whichever way it was given."""
        return self.handler.name if isinstance(self.handler, NamedHandler) else self.handler


class PriorityChange(RequestModel):
    """Another priority than it has, and why: danger, somebody vulnerable, or a raise that was a mistake."""

    priority: int = Field(ge=1, le=3)
    reason: Words
    occurred_at: Instant | None = None


class Cancellation(RequestModel):
    """The reason for which the repair is no longer wanted or needed."""

    reason: Words
    occurred_at: Instant | None = None
