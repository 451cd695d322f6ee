"""Which appliances are serviced yearly, what may be done with one, and when two tellings mean the same."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class ApplianceKind(StrEnum):
    """What is serviced every year."""

    HEATING = "heating"
    SMOKE_ALARM = "smoke_alarm"


class Status(StrEnum):
    """Whether an appliance is still there."""

    REGISTERED = "registered"
    REMOVED = "removed"


SERVICES = "services"
REMOVAL = "removal"

ACTS_ALLOWED = {
    Status.REGISTERED: frozenset({SERVICES, REMOVAL}),
    Status.REMOVED: frozenset[str](),
}
ENDED = frozenset({Status.REMOVED})

# what is told of a service besides its day: its hour, its certificate, notes
Told = Mapping[str, Any]


def home_of(uprn: str | None, address: str, postcode: str) -> str:
    """What tells one property from another: its UPRN, or else its address however it is punctuated."""
    if uprn is not None:
        return f"uprn {int(uprn)}"
    letters = "".join(character if character.isalnum() else " " for character in address.casefold())
    return f"{postcode.replace(' ', '').upper()} {' '.join(letters.split())}"


def place_of(location: str | None) -> str:
    """What tells one place in a home from another: the words without their spaces and capitals.

    A home may have several appliances of a kind. A file that is loaded once more means the same one by the
    same kind, home and place.
    """
    return "".join((location or "").casefold().split())


def contradicted(held: Told, told: Told) -> list[str]:
    """What two tellings of one service say differently; what either leaves unsaid contradicts nothing."""
    return [name for name, said in told.items() if said and held[name] and said != held[name]]
