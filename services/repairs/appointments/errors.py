"""Refusals of a slot; each brings the slots that may be had instead."""

from collections.abc import Sequence
from typing import Any

from shared.errors import Invalid, RefusedAct


class SlotGone(RefusedAct):
    """The slot is full, has begun, or was withdrawn."""

    slug = "slot-gone"
    title = "This slot cannot be had any more"

    def __init__(self, detail: str, offers: Sequence[dict[str, Any]]) -> None:
        super().__init__(detail)
        self.offers = list(offers)

    def members(self) -> dict[str, object]:
        return {**super().members(), "appointment_offers": self.offers}


class SlotUnfit(Invalid):
    """There is no such slot, or it is not for this repair."""

    def __init__(self, detail: str, offers: Sequence[dict[str, Any]], pointer: str) -> None:
        super().__init__(detail, pointer)
        self.offers = list(offers)

    def members(self) -> dict[str, object]:
        return {**super().members(), "appointment_offers": self.offers}
