"""What is sent in and shown of what happened on a job."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from services.repairs.appointments.policy import LONGEST_VISIT
from services.repairs.models import JobUpdate
from services.repairs.policy import Update
from shared.http.problems import Problem
from shared.http.schemas import Asked, Instant, Line, wrong_at

MOST_UPDATES = 500


class FollowUp(Asked):
    """The next visit, agreed with the resident while the operative is on site: a slot, or any window."""

    slot_id: UUID | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None

    @model_validator(mode="after")
    def is_a_slot_or_a_window(self) -> Self:
        """A slot has its own window; any other has a length, and is not longer than a day and a night."""
        if (self.slot_id is None) == (self.starts_at is None and self.ends_at is None):
            raise ValueError("give slot_id, or else starts_at and ends_at")
        if self.slot_id is not None:
            return self
        if self.starts_at is None or self.ends_at is None:
            missing = "starts_at" if self.starts_at is None else "ends_at"
            raise wrong_at(f"/{missing}", "a window has starts_at and ends_at")
        if not self.starts_at < self.ends_at <= self.starts_at + LONGEST_VISIT:
            raise wrong_at("/ends_at", "ends_at must be after starts_at, by 24 hours at most")
        return self


class FollowUpOut(BaseModel):
    """The next visit as it was agreed; `slot_id` is null where it is in no slot."""

    slot_id: UUID | None = None
    starts_at: Instant
    ends_at: Instant


class UpdateIn(Asked):
    """One thing that happened on a job."""

    type: Update
    occurred_at: Instant | None = None
    operative: Line | None = None
    notes: Annotated[str, StringConstraints(max_length=5000)] | None = None
    appointment: FollowUp | None = None
    clean_and_tidy: bool | None = None
    identification_shown: bool | None = None
    way: Line | None = Field(None, description="How access was tried: knocked, phoned, texted, card left")
    outcome: Line | None = Field(None, description="What came of it: no answer, refused, no adult in")

    @model_validator(mode="after")
    def carries_what_its_type_needs(self) -> "UpdateIn":
        """Section 6: a follow-on visit is agreed on site; a finished job is left clean and tidy."""
        if self.type is Update.FOLLOW_ON_NEEDED and self.appointment is None:
            raise wrong_at("/appointment", "follow_on_needed carries the appointment agreed on site")
        for field in ("clean_and_tidy", "identification_shown"):
            if self.type is Update.COMPLETED and field not in self.model_fields_set:
                raise wrong_at(f"/{field}", "completed carries clean_and_tidy and identification_shown")
        if self.type is not Update.FOLLOW_ON_NEEDED and self.appointment is not None:
            raise wrong_at("/appointment", "an appointment belongs to follow_on_needed")
        if self.type is not Update.NO_ACCESS and (self.way or self.outcome):
            raise wrong_at("/way" if self.way else "/outcome", "way and outcome belong to no_access")
        return self

    @property
    def leaves_something_unsaid(self) -> bool:
        """Whether a completion gives null for what only an old system's record may leave unknown."""
        unsaid = self.clean_and_tidy is None or self.identification_shown is None
        return self.type is Update.COMPLETED and unsaid


class UpdateOut(BaseModel):
    """One thing that was told of a job, with the time it happened and the time it reached us."""

    type: Update
    occurred_at: Instant
    recorded_at: Instant
    recorded_by: str
    operative: str | None
    notes: str | None
    appointment: FollowUpOut | None = None
    clean_and_tidy: bool | None = None
    identification_shown: bool | None = None
    way: str | None = None
    outcome: str | None = None

    @classmethod
    def of(cls, update: JobUpdate) -> "UpdateOut":
        """The update as it is kept."""
        return cls(
            type=Update(update.type),
            occurred_at=update.occurred_at,
            recorded_at=update.recorded_at,
            recorded_by=update.recorded_by,
            operative=update.operative,
            notes=update.notes,
            **update.details,
        )


class BatchedUpdate(UpdateIn):
    """One update among many."""

    reference: Annotated[str, StringConstraints(max_length=40)]


class Batch(Asked):
    """Up to 500 updates, in any order; each is judged on its own, so they are read one by one."""

    updates: list[object] = Field(min_length=1, max_length=MOST_UPDATES)


class BatchResult(BaseModel):
    """What became of one update."""

    reference: str | None
    status: int
    problem: Problem | None = None


class BatchOut(BaseModel):
    """What became of each update, in the order they were sent."""

    results: list[BatchResult]
