"""Answers about the damage that a repair answers for."""

from typing import Self

from pydantic import Field

from services.repairs.asb_damage.models import AsbDamage
from shared.cases.formats import Instant
from shared.cases.schemas import AnswerModel


class AsbDamageOut(AnswerModel):
    """The damage that a repair answers for."""

    asb_reference: str | None = Field(description="For officers with the asb scope, and nobody else")
    damage: int
    made_safe_at: Instant | None

    @classmethod
    def without_the_case(cls, damage: AsbDamage) -> Self:
        """The damage for a caller who may not know of the ASB case."""
        return cls.of(damage).model_copy(update={"asb_reference": None})
