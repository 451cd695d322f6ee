"""The needs of the household, kept with its repair."""

from collections.abc import Sequence
from datetime import datetime

from services.repairs.case.models import Repair
from services.repairs.case.queries import open_repairs_at
from services.repairs.events import HouseholdNotKnown
from shared.cases.households import Household
from shared.events import Event
from shared.work import UnitOfWork, Work

VISITING_DECIDED = "residents.visiting-in-pairs-decided"


def note_household(work: Work, repair: Repair, household: Household, *, at: datetime | None = None) -> None:
    """Keep what residents told; where it could not be asked, the department is told to look itself."""
    repair.household = household.kept()
    if not household.is_known:
        work.record(repair, HouseholdNotKnown(), at=at)


async def note_visits(work: UnitOfWork, decided: Sequence[Event]) -> None:
    """Keep with the open repairs of homes if two people must go there, by the latest word on each home."""
    latest = {event.facts["home"]: event for event in sorted(decided, key=lambda event: event.recorded_at)}
    for home in sorted(latest):
        for repair in await open_repairs_at(work, home):
            repair.household = {
                **(repair.household or {}),
                "visit_in_pairs": latest[home].facts["home_needs_it"],
            }
