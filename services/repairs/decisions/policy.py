"""What may be decided about a repair."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from services.repairs.events import PriorityCorrected, PriorityRaised, RepairReported
from services.repairs.policy import EMERGENCY, ENDED, Status
from shared.events import Event

PRIORITY, CANCELLATION = "priority", "cancellation"


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
    """When the priority was last raised or taken back, None if it is the guide's still."""
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


def may_cancel(roles: Collection[str], *, hazard_is_open: bool) -> bool:
    """Whether a caller with these roles may call an open repair off.

    That ends the clocks of Awaab's law, which no refusal of the resident's stops. So while a hazard stands
    open only an officer may, as one who answers for saying that it was reported in error.
    """
    return "officer" in roles or not hazard_is_open


def acts_allowed(
    status: Status, stand: Sequence[int], roles: Collection[str], *, hazard_is_open: bool
) -> frozenset[str]:
    """Which of these acts a repair in that status, of which those priorities stand, allows a caller now."""
    if status in ENDED:
        return frozenset()
    cancelling = {CANCELLATION} if may_cancel(roles, hazard_is_open=hazard_is_open) else set[str]()
    return frozenset(cancelling | ({PRIORITY} if can_be_given(stand) else set()))
