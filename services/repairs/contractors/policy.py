"""Rules of contractors: the council's own, and the words that refuse a firm that is not registered."""

from collections.abc import Iterable

from shared.text import same

OWN_OPERATIVES = "council operatives"
"""The firm of a slot that an officer publishes without naming one; registered from the start."""

NAMED_IN_A_REFUSAL = 20


def not_registered(known: Iterable[str], but: str | None) -> str:
    """The words for a name that no firm has, with some of those that it can be, without `but`."""
    others = ", ".join(name for name in known if not same(name, but))
    can_be = f"it can be one of these: {others}." if others else "an officer of repairs registers it first."
    return f"No firm of this name is registered here; {can_be}"
