"""Priorities raised above the guide's and taken back; nobody goes below the guide (section 6)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.repairs.case.guide import EMERGENCY
from services.repairs.events import PriorityCorrected, PriorityRaised, RepairReported
from shared.events import Event


def standing(history: Iterable[Event]) -> list[int]:
    """The priorities that stand after what happened, each more urgent than the one before it.

    The first is the guide's; then come the raises that were not taken back, and so the last is the one that
    the repair has.
    """
    stand: list[int] = []
    for event in sorted(history, key=lambda event: event.sequence):
        if event.type in {RepairReported.type, PriorityRaised.type}:
            stand.append(event.facts["priority"])
        if event.type == PriorityCorrected.type:
            stand = [priority for priority in stand if priority >= event.facts["priority"]]
    return stand


def last_change(history: Iterable[Event]) -> datetime | None:
    """The instant at which the priority was last raised or taken back, None if it is the guide's still."""
    changes = {PriorityRaised.type, PriorityCorrected.type}
    return max((event.occurred_at for event in history if event.type in changes), default=None)


def can_be_given(stand: Sequence[int]) -> list[int]:
    """The priorities that an officer may give a repair instead of its own; none is below the guide's."""
    guides, current = stand[0], stand[-1]
    return [priority for priority in range(EMERGENCY, guides + 1) if priority != current]


def taken_back_to(stand: Sequence[int], wanted: int) -> int:
    """The standing priority that remains when those more urgent than the one wanted are taken back.

    It may be less urgent than what is wanted, which then takes a raise of its own.
    """
    return min(priority for priority in stand if priority >= wanted)
