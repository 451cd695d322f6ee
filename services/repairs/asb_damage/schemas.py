"""Answers about the damage that a repair answers for."""

from typing import Self

from pydantic import BaseModel, Field

from services.repairs.asb_damage.models import AsbDamage
from shared.cases.schemas import Instant


class AsbDamageOut(BaseModel):
    """The damage that a repair answers for."""

    asb_reference: str | None = Field(description="For officers with the asb scope, and nobody else")
    damage: int
    made_safe_at: Instant | None

    @classmethod
    def of(cls, damage: AsbDamage) -> Self:
        """The damage as asb was told of it."""
        return cls.model_validate(damage, from_attributes=True)

    @classmethod
    def without_the_case(cls, damage: AsbDamage) -> Self:
        """The damage for a caller who may not know of the ASB case."""
        return cls.of(damage).model_copy(update={"asb_reference": None})
