"""What callers send and receive about slots and appointments."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from services.repairs.appointments.models import Appointment, Slot
from services.repairs.appointments.policy import LONGEST_WINDOW, Trade
from shared.http.schemas import Asked, Instant, Words

MOST_PLACES = 500
Firm = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class SlotIn(Asked):
    """When a firm can come, for which work, and to how many homes."""

    trade: Trade
    starts_at: Instant
    ends_at: Instant
    capacity: int = Field(ge=1, le=MOST_PLACES, default=1)
    contractor: Firm | None = Field(None, description="A contractor's own firm; an officer says which")

    @model_validator(mode="after")
    def is_a_window(self) -> Self:
        """A resident waits in for it: it has a length, and is not a whole day and night."""
        if not self.starts_at < self.ends_at <= self.starts_at + LONGEST_WINDOW:
            raise ValueError("ends_at must be after starts_at, by 12 hours at most")
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

    @classmethod
    def of(cls, slot: Slot) -> Self:
        """As it is stored."""
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
        """What somebody choosing needs to know of a slot."""
        return cls(slot_id=slot.id, starts_at=slot.starts_at, ends_at=slot.ends_at, trade=Trade(slot.trade))


class Offers(BaseModel):
    """The slots that the resident may book now, the earliest first."""

    items: list[Offer]


class Booking(Asked):
    """The slot that the resident has chosen."""

    slot_id: UUID
    occurred_at: Instant | None = None


class AppointmentCancellation(Asked):
    """Why a visit is called off; a firm has to say, nobody else."""

    reason: Words | None = None
    occurred_at: Instant | None = None


class AppointmentOut(BaseModel):
    """The visit that is agreed; `slot_id` is null where it was agreed on site in no slot."""

    slot_id: UUID | None
    contractor: str | None
    starts_at: Instant
    ends_at: Instant
    booked_at: Instant

    @classmethod
    def of(cls, appointment: Appointment) -> Self:
        """As it stands."""
        return cls.model_validate(appointment, from_attributes=True)
