"""Requests and answers about slots and appointments."""

from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from services.repairs.appointments.models import Slot
from services.repairs.appointments.policy import LONGEST_VISIT, LONGEST_WINDOW, Trade
from services.repairs.case.schemas import Firm
from shared.cases.formats import Instant
from shared.cases.schemas import AnswerModel, RequestModel, wrong_at
from shared.cases.words import Words

MOST_PLACES = 500


class SlotIn(RequestModel):
    """A window in which a firm can come, for which work, and to how many homes."""

    trade: Trade
    starts_at: Instant
    ends_at: Instant
    capacity: int = Field(ge=1, le=MOST_PLACES, default=1)
    contractor: Firm | None = Field(None, description="A contractor's own firm; an officer says which")

    @model_validator(mode="after")
    def is_a_window(self) -> Self:
        """A resident waits in for it: it has a length, and is not a whole day and night."""
        if not self.starts_at < self.ends_at <= self.starts_at + LONGEST_WINDOW:
            raise wrong_at("/ends_at", "ends_at must be after starts_at, by 12 hours at most")
        return self


class SlotOut(BaseModel):
    """A slot, and how many places in it are free."""

    slot_id: UUID
    contractor: str
    trade: Trade
    starts_at: Instant
    ends_at: Instant
    capacity: int
    free: int
    withdrawn_at: Instant | None

    @property
    def path(self) -> str:
        """The path at which the slot is read."""
        return f"/v1/slots/{self.slot_id}"

    @classmethod
    def of(cls, slot: Slot) -> Self:
        """The slot as it is stored."""
        return cls(
            slot_id=slot.id,
            contractor=slot.contractor,
            trade=Trade(slot.trade),
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            capacity=slot.capacity,
            free=0 if slot.withdrawn_at else slot.capacity - slot.booked,
            withdrawn_at=slot.withdrawn_at,
        )


class Offer(BaseModel):
    """A slot that the resident may book."""

    slot_id: UUID
    starts_at: Instant
    ends_at: Instant
    trade: Trade

    @classmethod
    def of(cls, slot: Any) -> Self:
        """The part of a slot that somebody who chooses needs to know."""
        return cls(slot_id=slot.id, starts_at=slot.starts_at, ends_at=slot.ends_at, trade=Trade(slot.trade))


class Offers(BaseModel):
    """The slots that the resident may book now, the earliest first."""

    items: list[Offer]


class Booking(RequestModel):
    """The slot that the resident has chosen."""

    slot_id: UUID
    occurred_at: Instant | None = None


class AppointmentCancellation(RequestModel):
    """The reason for which a visit is called off; a firm has to give one, nobody else."""

    reason: Words | None = None
    occurred_at: Instant | None = None


class AppointmentOut(AnswerModel):
    """The visit that is agreed; `slot_id` is null where it was agreed on site in no slot."""

    slot_id: UUID | None
    contractor: str | None
    starts_at: Instant
    ends_at: Instant
    booked_at: Instant


class FollowUp(RequestModel):
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


class FollowUpOut(AnswerModel):
    """The next visit as it was agreed; `slot_id` is null where it is in no slot."""

    slot_id: UUID | None = None
    starts_at: Instant
    ends_at: Instant
