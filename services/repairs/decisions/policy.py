"""What may be decided about a repair's priority."""

from services.repairs.policy import EMERGENCY


def priorities_above(priority: int) -> tuple[int, ...]:
    """The priorities that an officer may raise a repair to; none lowers it, and so none below the guide's.

    What was raised stays: its clock runs since, and lowering it again would be a way to hide a breach.
    """
    return tuple(range(EMERGENCY, priority))
