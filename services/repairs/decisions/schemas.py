"""What callers send and receive about decisions."""

from typing import Self

from pydantic import BaseModel, Field

from services.repairs.decisions.models import Reason
from shared.http.schemas import Asked, Instant, Words


class PriorityChange(Asked):
    """Another priority than it has, and why: danger, somebody vulnerable, or a raise that was a mistake."""

    priority: int = Field(ge=1, le=3)
    reason: Words
    occurred_at: Instant | None = None


class Cancellation(Asked):
    """Why the repair is no longer wanted or needed."""

    reason: Words
    occurred_at: Instant | None = None


class ReasonOut(BaseModel):
    """Why an act was done."""

    act: str
    reason: str
    given_by: str
    occurred_at: Instant

    @classmethod
    def of(cls, reason: Reason) -> Self:
        """As it was given."""
        return cls.model_validate(reason, from_attributes=True)


class Reasons(BaseModel):
    """The reasons that were given, in order."""

    items: list[ReasonOut]
