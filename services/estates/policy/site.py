"""The lifecycle of a site, and the rules of its cleans: which are complete, and which landing is next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from services.estates import events
from services.estates.events import SiteKind
from shared.caller import OFFICER
from shared.lifecycle import STAYS, Lifecycle, Rule
from shared.order import Follows

NOTHING_TO_FOLLOW_UP = "Nothing that an inspection found is still to be put right."
NO_CLEARANCE_IS_PLANNED = "No clearance is planned."

NEVER = datetime.min.replace(tzinfo=UTC)


class SiteStatus(StrEnum):
    """The stages of a site."""

    REGISTERED = "registered"
    RETIRED = "retired"


class Action(StrEnum):
    """An act on a site, by its path."""

    ASSIGNMENT = "assignment"
    CLEAN = "cleans"
    INSPECTION = "inspections"
    FOLLOW_UP = "follow-ups/{number}/resolution"
    CLEARANCE = "clearances"
    CLEARANCE_OUTCOME = "clearances/{number}/outcome"
    RETIREMENT = "retirement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Facts of one site, by which its lifecycle judges an act."""

    status: SiteStatus
    open_follow_ups: int
    planned_clearances: int


REGISTERED = {SiteStatus.REGISTERED: STAYS}
EVEN_RETIRED = REGISTERED | {SiteStatus.RETIRED: STAYS}

FOLLOWS: Mapping[Action, Sequence[Follows]] = {
    Action.RETIREMENT: (Follows.of("the last work on the site", events.SiteCleaned, events.SiteInspected),),
}
"""The facts that each act follows, besides the registration, which every act follows."""

LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=frozenset({SiteStatus.RETIRED}),
    rules={
        Action.ASSIGNMENT: Rule(who=OFFICER, moves=REGISTERED),
        Action.CLEAN: Rule(who=OFFICER, moves=REGISTERED),
        Action.INSPECTION: Rule(who=OFFICER, moves=REGISTERED),
        # what was found is followed to its end, whatever becomes of the site
        Action.FOLLOW_UP: Rule(
            who=OFFICER,
            moves=EVEN_RETIRED,
            when=lambda situation: situation.open_follow_ups > 0,
            otherwise=NOTHING_TO_FOLLOW_UP,
        ),
        Action.CLEARANCE: Rule(who=OFFICER, moves=REGISTERED),
        Action.CLEARANCE_OUTCOME: Rule(
            who=OFFICER,
            moves=EVEN_RETIRED,
            when=lambda situation: situation.planned_clearances > 0,
            otherwise=NO_CLEARANCE_IS_PLANNED,
        ),
        Action.RETIREMENT: Rule(who=OFFICER, moves={SiteStatus.REGISTERED: SiteStatus.RETIRED}),
    },
)


class Part(StrEnum):
    """The parts of a site that are cleaned."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    LIFTS = "lifts"
    LOBBIES = "lobbies"


PARTS: Mapping[SiteKind, frozenset[Part]] = {
    SiteKind.LOW_RISE: frozenset({Part.INSIDE, Part.OUTSIDE}),
    SiteKind.TOWER_BLOCK: frozenset(Part),
    SiteKind.SHELTERED: frozenset({Part.INSIDE, Part.OUTSIDE}),
}
"""The parts without which a clean is only a part of one (section 7)."""


def is_complete(kind: SiteKind, cleaned: frozenset[Part]) -> bool:
    """Tell whether a clean keeps the promise for a site of that kind; half a clean keeps nothing."""
    return PARTS[kind] <= cleaned


def next_landing(landings: int, cleaned_at: Mapping[int, datetime]) -> int | None:
    """The landing whose turn it is: the one cleaned longest ago, the lowest of those that never were.

    Landings are cleaned on rotation (section 7). None for a site without landings.
    """
    return min(
        range(1, landings + 1), key=lambda number: (cleaned_at.get(number, NEVER), number), default=None
    )
