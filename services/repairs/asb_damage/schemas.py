"""What a repair shows of the damage that it answers for."""

from typing import Self

from pydantic import BaseModel

from services.repairs.asb_damage.models import AsbDamage
from shared.http.schemas import Instant


class AsbDamageOut(BaseModel):
    """The damage that a repair answers for."""

    asb_reference: str
    damage: int
    made_safe_at: Instant | None

    @classmethod
    def of(cls, damage: AsbDamage) -> Self:
        """As asb was told."""
        return cls.model_validate(damage, from_attributes=True)
