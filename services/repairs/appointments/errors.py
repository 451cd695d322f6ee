"""Refusals of a booking; each brings the slots that could be had instead."""

from collections.abc import Iterable, Sequence
from typing import Any

from shared.errors import Conflict, Invalid


class SlotGone(Conflict):
    """The slot is full, has begun, or was withdrawn."""

    slug = "slot-gone"
    title = "This slot cannot be had any more"

    def __init__(self, detail: str, offers: Sequence[dict[str, Any]], allowed: Iterable[str]) -> None:
        super().__init__(detail)
        self.offers, self.allowed = list(offers), sorted(allowed)

    def members(self) -> dict[str, object]:
        return {"allowed": self.allowed, "appointment_offers": self.offers}


class SlotUnfit(Invalid):
    """There is no such slot, or it is not for this repair."""

    def __init__(self, detail: str, offers: Sequence[dict[str, Any]], pointer: str) -> None:
        super().__init__(detail, pointer)
        self.offers = list(offers)

    def members(self) -> dict[str, object]:
        return {**super().members(), "appointment_offers": self.offers}
