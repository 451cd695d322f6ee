"""The callbacks of providers, as their documentation has them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.notifications.notices.channels.statuses import STATUSES
from services.notifications.policy import AttemptState, Failure
from shared.cases.formats import Instant
from shared.cases.schemas import CallbackModel
from shared.cases.words import Line

Status = Literal[
    "created",
    "sending",
    "pending",
    "sent",
    "delivered",
    "permanent-failure",
    "temporary-failure",
    "technical-failure",
    "accepted",
    "received",
    "cancelled",
    "pending-virus-check",
    "virus-scan-failed",
    "validation-failed",
]


class NotifyReceipt(CallbackModel):
    """A delivery receipt of GOV.UK Notify; of whom it went to nothing is kept."""

    id: UUID
    reference: Line | None = None
    to: Line | None = None
    status: Status
    created_at: Instant
    completed_at: Instant | None = None
    sent_at: Instant | None = None
    notification_type: Literal["email", "sms", "letter"]
    template_id: UUID | None = None
    template_version: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None

    def state(self) -> tuple[AttemptState, Failure | None]:
        """The state of the attempt, at its instant by Notify's clock, and how it failed if it did."""
        status, failure = STATUSES[self.status]
        return AttemptState(status, self.completed_at or self.sent_at or self.created_at), failure

    def letter(self) -> UUID | None:
        """The letter that it is about, if the reference is one of ours."""
        try:
            return UUID(self.reference or "")
        except ValueError:
            return None


class Heard(BaseModel):
    """The outcome of a receipt: if it said anything new."""

    changed: bool
