"""The ways to reach those who keep the promises of some services, as a standards file has them."""

from dataclasses import dataclass
from datetime import date

from pydantic import ConfigDict


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """The ways to reach those who keep the promises of some services, from a day on, until others follow.

    Where they deal with `emergencies` the telephone is answered at any hour.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    services: tuple[str, ...]
    in_force_from: date
    web: str | None = None
    free_phone: str | None = None
    phone: str | None = None
    text_phone: str | None = None
    emergencies: bool = False

    @property
    def ring(self) -> str | None:
        """The number to ring first."""
        return self.free_phone or self.phone
