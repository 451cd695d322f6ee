"""A case handed over to another service: no event says what somebody said, so the other service asks."""

from typing import Any, Self

from pydantic import BaseModel

from shared.cases.columns import CaseColumns
from shared.cases.contact import Contact


class Handover(BaseModel):
    """A case in the words of whoever brought it: what is wrong, where, and whom to tell."""

    description: str
    contact: dict[str, Any]
    property: dict[str, Any] | None

    @classmethod
    def of(cls, case: CaseColumns, description: str) -> Self:
        """The case's contact and home as they are kept, with its words."""
        contact = {name: said for name, said in case.contact.items() if name in Contact.model_fields}
        return cls(description=description, contact=contact, property=getattr(case, "property", None) or None)
