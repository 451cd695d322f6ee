"""Rules of damage by anti-social behaviour: the repair raised, access to the case, backoff of questions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.repairs.case.policy import Update

MAKES_SAFE = frozenset({Update.MADE_SAFE, Update.COMPLETED})

# How long asb is left alone about a home that it cannot tell us of, once asked, twice asked, and so on; the
# last holds for good. When asb is back after days, a firm still has the address within minutes.
PAUSES = (
    timedelta(seconds=1),
    timedelta(seconds=5),
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=5),
)

ASB_SCOPE = "asb"


def is_to_be_raised(facts: Mapping[str, Any]) -> bool:
    """Tell whether damage with these facts is ours to repair, and not imported from an old system."""
    return facts.get("our_repair_responsibility") is True and not facts.get("imported")


def is_news(made_safe_at: datetime, told: datetime | None) -> bool:
    """Tell whether asb is to be told, again if need be: contractors report late, and the earliest holds."""
    return told is None or made_safe_at < told


def pause_after(times_asked: int) -> timedelta:
    """The pause before asb is asked about a home once more, having been asked so many times."""
    return PAUSES[min(times_asked, len(PAUSES)) - 1]
