"""The answer to the wish for the handyperson."""

from typing import Self

from pydantic import BaseModel, Field

from services.repairs.case.models import Repair
from services.repairs.handyperson import policy


class HandypersonOut(BaseModel):
    """The outcome of the wish for the handyperson."""

    accepted: bool
    because: str | None = Field(description="Reason why it was not accepted, if it was not")

    @classmethod
    def of(cls, repair: Repair) -> Self | None:
        """None if nobody asked."""
        if not repair.handyperson:
            return None
        vulnerable = repair.vulnerable or repair.queue is not None
        because = policy.reason_to_decline(repair.fault, repair.is_emergency, vulnerable)
        return cls(accepted=because is None, because=because)
