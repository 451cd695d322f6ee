"""Contact details of the ombudsmen, by date: a final response ends with the details in force on its day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Ombudsman(StrEnum):
    """The bodies that a complaint can be taken to next."""

    HOUSING = "housing"
    """For complaints about the landlord's work."""

    LOCAL_GOVERNMENT = "local-government-and-social-care"
    """For all others about the council."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetails:
    """Web form, telephone and post of one ombudsman, from a day on, until later details follow."""

    ombudsman: Ombudsman
    in_force_from: date
    name: str
    web: str
    phone: str
    email: str | None = None
    address: str | None = None


class NoDetails(ValueError):
    """A day before the first details that are known of an ombudsman."""


DETAILS = (
    # those printed in the council's own document, which bears no date
    ContactDetails(
        ombudsman=Ombudsman.HOUSING,
        in_force_from=date(2000, 1, 1),
        name="Housing Ombudsman Service",
        web="www.housing-ombudsman.org.uk/residents/make-a-complaint/",
        phone="0300 111 3000",
        email="info@housing-ombudsman.org.uk",
        address="PO Box 152, Liverpool L33 7WQ",
    ),
    # No new case is taken by email since January 2026. The day from which the post goes to Preston was not
    # found: it is taken to be the same.
    ContactDetails(
        ombudsman=Ombudsman.HOUSING,
        in_force_from=date(2026, 1, 1),
        name="Housing Ombudsman Service",
        web="www.housing-ombudsman.org.uk/residents/make-a-complaint/",
        phone="0300 111 3000",
        address="PO Box 1484, Unit D, Preston PR2 0ET",
    ),
    # its Code is followed from this day on
    ContactDetails(
        ombudsman=Ombudsman.LOCAL_GOVERNMENT,
        in_force_from=date(2026, 4, 1),
        name="Local Government and Social Care Ombudsman",
        web="www.lgo.org.uk",
        phone="0300 061 0614",
    ),
)


def details_of(ombudsman: Ombudsman, on: date, details: Sequence[ContactDetails] = DETAILS) -> ContactDetails:
    """The details to give on that day; raises NoDetails."""
    in_force = [each for each in details if each.ombudsman is ombudsman and each.in_force_from <= on]
    if not in_force:
        raise NoDetails(f"no contact details of the {ombudsman} ombudsman are known for {on}")
    return max(in_force, key=lambda each: each.in_force_from)
