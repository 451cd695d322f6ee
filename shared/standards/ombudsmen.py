"""Contact details of the ombudsmen, by date: a final response ends with the details in force on its day.

The details are in the regimes' files, where an officer can change them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import ConfigDict


class Ombudsman(StrEnum):
    """The bodies that a complaint can be taken to next."""

    HOUSING = "housing"
    """For complaints about the landlord's work."""

    LOCAL_GOVERNMENT = "local-government-and-social-care"
    """For all others about the council."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetails:
    """Web form, telephone and post of one ombudsman, from a day on, until later details follow."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    ombudsman: Ombudsman
    in_force_from: date
    name: str
    web: str
    phone: str
    email: str | None = None
    address: str | None = None


class NoDetails(ValueError):
    """A day before the first details that are known of an ombudsman."""


def details_of(ombudsman: Ombudsman, on: date, details: Sequence[ContactDetails]) -> ContactDetails:
    """The details to give on that day; raises NoDetails."""
    in_force = [each for each in details if each.ombudsman is ombudsman and each.in_force_from <= on]
    if not in_force:
        raise NoDetails(f"no contact details of the {ombudsman} ombudsman are known for {on}")
    return max(in_force, key=lambda each: each.in_force_from)
