"""Which appliances are serviced yearly, what may be done with one, and when two are the same."""

from datetime import date
from enum import StrEnum

from shared.standards.calendar import FIRST_YEAR


class Kind(StrEnum):
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

# the calendar knows no day before it, so no date could be promised from one
EARLIEST_SERVICE = date(FIRST_YEAR, 1, 1)


def home_of(uprn: str | None, address: str, postcode: str) -> str:
    """What tells one property from another: its UPRN, or else its address however it is punctuated.

    An appliance is the same as another when it is of the same kind at the same property.
    """
    if uprn is not None:
        return f"uprn {int(uprn)}"
    letters = "".join(character if character.isalnum() else " " for character in address.casefold())
    return f"{postcode.replace(' ', '').upper()} {' '.join(letters.split())}"
