"""The two sides of a report: whoever it is for, and those whom it complains of, as far as it tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.text import compared, same_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The sides of one report: `name`, `identities` and `home` are its reporter's, `alleged` the others.

    An identity is a token's, with or without the sign-in that vouches for it.
    """

    name: str | None
    identities: frozenset[str]
    home: Mapping[str, Any] | None
    alleged: Sequence[Mapping[str, Any]]

    def complains_of(self, other: "Sides") -> bool:
        """Tell whether the other report's reporter is one of those complained of, by token or by name."""
        subjects = {identity.rpartition("\n")[2] for identity in other.identities}
        return any(
            each.get("subject") in subjects
            or bool(other.name and each.get("name") and same_name(other.name, each["name"]))
            for each in self.alleged
        )

    def points_at_home_of(self, other: "Sides") -> bool:
        """Tell whether one complained of is said to live where the other report is from."""
        if other.home is None:
            return False
        address = other.home["address"]
        spellings = {compared(address), compared(f"{address} {other.home['postcode']}")}
        return any(compared(each.get("address") or "") in spellings for each in self.alleged)


def are_against_each_other(one: Sides, other: Sides) -> bool:
    """Tell whether two reports are of neighbours who complain of one another, as far as is known.

    An address alone says so only if each points at the other's: a victim may live with the person whom the
    neighbours complain of.
    """
    if one.complains_of(other) or other.complains_of(one):
        return True
    return one.points_at_home_of(other) and other.points_at_home_of(one)
