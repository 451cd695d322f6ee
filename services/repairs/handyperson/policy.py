"""Eligibility for the handyperson: vulnerable tenants, and minor repairs."""

from services.repairs.case.policy import HANDYPERSON

# Work that one person with a tool box finishes in one visit: no work on gas, electricity, roofs or floors.
MINOR_FAULTS = frozenset(
    {
        "blocked-sink-bath-basin-or-shower",
        "tap-not-turning",
        "loose-banister-or-handrail",
        "frames-and-doors",
        "worktops-and-sink-tops",
        "window-frames",
        "other",
    }
)

AN_EMERGENCY = "An emergency cannot wait for the handyperson: somebody comes at once."
NOT_VULNERABLE = "The handyperson is there for vulnerable tenants, and the report names nobody vulnerable."
NOT_MINOR = "The handyperson does minor repairs, and this is a bigger one."


def reason_to_decline(fault: str, is_emergency: bool, vulnerable: bool) -> str | None:
    """The reason for which the handyperson does not do a repair, for whoever asked; None if they do it."""
    if is_emergency:
        return AN_EMERGENCY
    if not vulnerable:
        return NOT_VULNERABLE
    return None if fault in MINOR_FAULTS else NOT_MINOR


def queue_for(fault: str, is_emergency: bool, vulnerable: bool, asked: bool) -> str | None:
    """The queue that a repair belongs in; None for the ordinary way."""
    return HANDYPERSON if asked and reason_to_decline(fault, is_emergency, vulnerable) is None else None
