"""The lifecycle of an appliance, and the identity of appliances and services that are reported twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.repairs.events import ApplianceServiced
from shared.caller import OFFICER
from shared.lifecycle import STAYS, Lifecycle, Rule, from_every
from shared.order import Follows
from shared.text import canonical_postcode, compared

REMOVED_ALREADY = "The appliance is removed."


class ApplianceStatus(StrEnum):
    """The stages of an appliance: on the register, then off it."""

    REGISTERED = "registered"
    REMOVED = "removed"


class Action(StrEnum):
    """An act on an appliance, by its path."""

    SERVICES = "services"
    REMOVAL = "removal"
    CONTACT = "contact"


ENDED = frozenset({ApplianceStatus.REMOVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The facts of one appliance that its rules look at."""

    status: ApplianceStatus


FOLLOWS: Mapping[Action, Sequence[Follows]] = {
    Action.REMOVAL: (Follows.of("its latest service", ApplianceServiced),),
}
"""The facts that each act follows, besides the registration."""

LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=ENDED,
    rules={
        Action.SERVICES: Rule(
            who=OFFICER, moves={ApplianceStatus.REGISTERED: STAYS}, out_of_turn=REMOVED_ALREADY
        ),
        Action.REMOVAL: Rule(
            who=OFFICER,
            moves={ApplianceStatus.REGISTERED: ApplianceStatus.REMOVED},
            out_of_turn=REMOVED_ALREADY,
        ),
        Action.CONTACT: Rule(who=OFFICER, moves=from_every(ApplianceStatus)),
    },
)

Told = Mapping[str, Any]
"""A service as it was reported, besides its day: the hour, the certificate, notes."""


def homes_of(uprn: str | None, key: str | None, address: str, postcode: str) -> list[str]:
    """The identities under which a property may be on the register; a new appliance gets the first.

    `key` is the property reference as references are compared. A home with neither is known by its address.
    """
    by_reference = [] if key is None else [f"reference {key}"]
    by_uprn = [] if uprn is None and by_reference else [home_of(uprn, address, postcode)]
    return [*by_uprn, *by_reference]


def home_of(uprn: str | None, address: str, postcode: str) -> str:
    """The identity of a property: its UPRN, or else its address however it is punctuated."""
    if uprn is not None:
        return f"uprn {int(uprn)}"
    letters = "".join(character if character.isalnum() else " " for character in compared(address))
    return f"{canonical_postcode(postcode) or compared(postcode)} {' '.join(letters.split())}"


def place_of(location: str | None) -> str:
    """The identity of a place in a home: the words without their spaces and capitals.

    A home may have several appliances of a kind. A file that is loaded once more means the same one by the
    same kind, home and place.
    """
    return "".join(compared(location or "").split())


def contradicted(held: Told, told: Told) -> list[str]:
    """The fields in which two reports of one service differ; a field that either leaves out does not."""
    return [name for name, said in told.items() if said and held[name] and said != held[name]]
