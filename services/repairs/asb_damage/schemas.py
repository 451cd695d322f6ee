"""What asb answers about a damage, and what a repair shows of it."""

from typing import Annotated, Self

from pydantic import BaseModel, StringConstraints

from services.repairs.asb_damage.models import AsbDamage
from shared.http.schemas import Instant, Line, Words


class AsbDamageOut(BaseModel):
    """The damage that a repair answers for."""

    asb_reference: str
    damage: int
    made_safe_at: Instant | None

    @classmethod
    def of(cls, damage: AsbDamage) -> Self:
        """As asb was told."""
        return cls.model_validate(damage, from_attributes=True)


class Home(BaseModel):
    """Where a damage is."""

    uprn: Annotated[str, StringConstraints(pattern=r"^\d{1,12}$")] | None = None
    address: Line
    postcode: Annotated[
        str, StringConstraints(strip_whitespace=True, to_upper=True, min_length=3, max_length=10)
    ]


class DamagedHome(BaseModel):
    """What asb answers when it is asked about a damage; it may answer more than we need to know."""

    property: Home
    description: Words | None = None
    access_needs: Annotated[str, StringConstraints(max_length=1000)] | None = None
