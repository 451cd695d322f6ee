"""What may be decided about a repair."""

from services.repairs.policy import EMERGENCY, ENDED, Status

PRIORITY, CANCELLATION = "priority", "cancellation"


def priorities_above(priority: int) -> tuple[int, ...]:
    """The priorities that an officer may raise a repair to; none lowers it, and so none below the guide's.

    What was raised stays: its clock runs since, and lowering it again would be a way to hide a breach.
    """
    return tuple(range(EMERGENCY, priority))


def acts_allowed(status: Status, priority: int) -> frozenset[str]:
    """Which of these acts a repair in that status with that priority allows now."""
    if status in ENDED:
        return frozenset()
    return frozenset({PRIORITY, CANCELLATION}) if priorities_above(priority) else frozenset({CANCELLATION})
