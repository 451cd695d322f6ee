"""Judging an act by its lifecycle, before anything is changed."""

from enum import StrEnum
from typing import TypeVar

from shared.errors import MoveNotAllowed
from shared.lifecycle import Lifecycle

Situation = TypeVar("Situation")


def check(lifecycle: Lifecycle[Situation], action: StrEnum, situation: Situation) -> None:
    """Raise MoveNotAllowed, with the reason for a person, if the lifecycle does not allow the act now."""
    if why := lifecycle.refusal(action, situation):
        raise MoveNotAllowed(why)
