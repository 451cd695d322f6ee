"""Requests and answers about what happened on a job."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, model_validator

from services.repairs.appointments.schemas import FollowUp, FollowUpOut
from services.repairs.case.models import JobUpdate
from services.repairs.case.policy import Decision, Update
from shared.cases.batch import BatchResult
from shared.cases.formats import Instant
from shared.cases.schemas import RequestModel, wrong_at
from shared.cases.words import Line, Words

MOST_UPDATES = 500


class UpdateIn(RequestModel):
    """One thing that happened on a job."""

    type: Update
    occurred_at: Instant | None = None
    operative: Line | None = None
    notes: Words | None = None
    appointment: FollowUp | None = None
    clean_and_tidy: bool | None = None
    identification_shown: bool | None = None
    way: Line | None = Field(None, description="Way access was tried: knocked, phoned, texted, card left")
    outcome: Line | None = Field(None, description="Outcome of the try: no answer, refused, no adult in")

    @model_validator(mode="after")
    def check_fields_of_type(self) -> "UpdateIn":
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
    def is_incomplete(self) -> bool:
        """Tell whether a completion gives null for what only an old system's record may leave unknown."""
        is_unknown = self.clean_and_tidy is None or self.identification_shown is None
        return self.type is Update.COMPLETED and is_unknown


class DecisionIn(RequestModel):
    """An officer's decision on a backdated update, and the reason."""

    accepted: bool
    reason: Words


class UpdateOut(BaseModel):
    """One thing that was told of a job, with the time it happened and the time it reached us.

    `decision` is that on an earlier time than the firm's own first word; null where none is needed.
    """

    number: int
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
    decision: Decision | None = None

    @classmethod
    def of(cls, update: JobUpdate) -> "UpdateOut":
        """The update as it is kept."""
        return cls.model_validate({**vars(update), **update.details})


class BatchedUpdate(UpdateIn):
    """One update among many."""

    reference: Annotated[str, StringConstraints(max_length=40, pattern="[0-9A-Za-z]")]


class Batch(RequestModel):
    """Up to 500 updates, in any order; each is judged on its own, so they are read one by one."""

    updates: list[object] = Field(min_length=1, max_length=MOST_UPDATES)


class BatchOut(BaseModel):
    """The outcome of each update, in the order they were sent."""

    results: list[BatchResult]
