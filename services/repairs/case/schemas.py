"""Requests about a repair that concern no feature, and the parts that several answers share."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter

from shared.cases.formats import Instant, Uprn
from shared.cases.schemas import Line, RequestModel, Words

Postcode = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, min_length=3, max_length=10)
]
Firm = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class Property(RequestModel):
    """The home that needs the repair."""

    uprn: Uprn | None = None
    address: Line
    postcode: Postcode


class NamedHandler(RequestModel):
    """An officer as every answer shows them; the department is the case's own."""

    name: Line
    department: Line | None = None


_A_NAME: TypeAdapter[str] = TypeAdapter(Line)


def _by_name(given: Any) -> Any:
    """An officer who is named by a text alone; a union would put our types' names into pointers."""
    return NamedHandler(name=_A_NAME.validate_python(given)) if isinstance(given, str) else given


HandlerGiven = Annotated[NamedHandler, BeforeValidator(_by_name, json_schema_input_type=Line | NamedHandler)]


class Assignment(RequestModel):
    """The firm that is to do the job, and the officer who answers for it."""

    contractor: Firm
    handler: HandlerGiven | None = None


class PriorityChange(RequestModel):
    """Another priority than it has, and why: danger, somebody vulnerable, or a raise that was a mistake."""

    priority: int = Field(ge=1, le=3)
    reason: Words
    occurred_at: Instant | None = None


class Cancellation(RequestModel):
    """The reason for which the repair is no longer wanted or needed."""

    reason: Words
    occurred_at: Instant | None = None
