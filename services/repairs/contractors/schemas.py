"""Requests and answers about contractors."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, field_validator

from services.repairs.case.schemas import Firm
from services.repairs.contractors.models import Contractor
from shared.cases.formats import Instant
from shared.cases.schemas import RequestModel
from shared.text import compared


class NewContractor(RequestModel):
    """A firm as it is registered."""

    name: Firm

    @field_validator("name")
    @classmethod
    def can_be_compared(cls, name: str) -> str:
        """A name of dashes alone is the same as none."""
        if not compared(name):
            raise ValueError("this is no name of a firm")
        return name


class ContractorOut(BaseModel):
    """A firm that jobs can be given to."""

    contractor_id: UUID
    name: str
    registered_at: Instant

    @property
    def path(self) -> str:
        """The path at which the firm is read."""
        return f"/v1/contractors/{self.contractor_id}"

    @classmethod
    def of(cls, firm: Contractor) -> Self:
        """The firm as it is stored."""
        return cls(contractor_id=firm.id, name=firm.name, registered_at=firm.registered_at)
