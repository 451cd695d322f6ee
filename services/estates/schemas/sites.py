"""Requests about sites, and the filters of their list."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from services.estates.events import SiteKind
from services.estates.policy.site import Part, SiteStatus
from shared.cases.filters import CaseFilters, Sort
from shared.cases.formats import Day, Instant
from shared.cases.handlers import Officer, or_by_name
from shared.cases.schemas import Channel, RequestModel
from shared.cases.words import Line, Words

MOST_LANDINGS, MOST_ELEMENTS = 100, 50

Landing = Annotated[int, Field(ge=0, le=MOST_LANDINGS)]
NEXT = 0
"""The landing whose turn it is, whichever that may be."""
WalkingOrder = Annotated[int, Field(ge=0, le=100_000)]
Caretaker = Annotated[Officer, or_by_name(Officer)]


def _landings(given: Any) -> Any:
    """Accept true for the landing whose turn it is: NEXT alone, which is no landing's number."""
    return [NEXT] if given is True else [] if given is False else given


Landings = Annotated[
    list[Landing],
    Field(max_length=MOST_LANDINGS),
    BeforeValidator(_landings, json_schema_input_type=bool | list[Landing]),
]
WHICH_LANDINGS = "The numbers of those cleaned; true, or 0 among them: the one whose turn it was"


class NewSite(RequestModel):
    """A site as it comes onto the register."""

    imported: bool = False
    name: Line
    kind: SiteKind
    address: Line
    caretaker: Caretaker | None = None
    walking_order: WalkingOrder | None = Field(None, description="Its place in the caretaker's round")
    landings: Annotated[int, Field(ge=0, le=MOST_LANDINGS)] = Field(
        0, description="The number of landings that are cleaned in turn"
    )
    received_at: Instant | None = None

    @property
    def channel(self) -> Channel:
        """The way in which a site comes onto the register."""
        return Channel.OFFICER

    @property
    def contact(self) -> None:
        """Nobody reports a site, and nobody is written to about it."""
        return None


class Act(RequestModel):
    """An act, by default now."""

    occurred_at: Instant | None = None


class CaretakerAssignment(Act):
    """The caretaker who has the site from now on, and its place in their round."""

    caretaker: Caretaker
    walking_order: WalkingOrder | None = None


class Cleaning(RequestModel):
    """The parts of a site that were cleaned."""

    inside: bool
    outside: bool
    lifts: bool = False
    lobbies: bool = False
    landings: Landings | None = Field(None, description=WHICH_LANDINGS)
    swept: bool = Field(False, description="Swept, and litter picked")

    @property
    def parts(self) -> frozenset[Part]:
        """The parts that were cleaned."""
        return frozenset(part for part in Part if getattr(self, part))


class CleanDone(Act, Cleaning):
    """One clean; without all that its kind of site needs it is kept, and keeps no promise."""


class InspectionDone(Act):
    """One inspection, with each element that was found unsatisfactory."""

    cleanliness: Annotated[int, Field(ge=1, le=5, description="5 is the best")]
    unsatisfactory: Annotated[list[Line], Field(max_length=MOST_ELEMENTS)] = Field(default_factory=list)
    notes: Words | None = None


class FollowUpDone(Act):
    """The putting right of an unsatisfactory element, by default with the site's caretaker."""

    caretaker: Line | None = None
    notes: Words | None = None


class ClearancePlan(Act):
    """A clearance on a day to come, if need be together with another service."""

    date: Day
    partner: Line | None = None


class ClearanceOutcome(Act):
    """The outcome of a planned clearance."""

    carried_out: bool
    notes: Words | None = None


class Retirement(Act):
    """The end of a site: it was sold, pulled down, or another cleans it."""

    reason: Words | None = None


@dataclass(frozen=True, kw_only=True)
class SiteFilters(CaseFilters):
    """Filters of the list of sites."""

    status: SiteStatus | None = None
    sort: Sort | None = None
    kind: SiteKind | None = None
