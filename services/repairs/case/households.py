"""The needs of the household, kept with its repair."""

from datetime import datetime

from services.repairs.case.models import Repair
from services.repairs.events import HouseholdNotKnown
from shared.cases.households import Household
from shared.work import Work


def note_household(work: Work, repair: Repair, household: Household, *, at: datetime | None = None) -> None:
    """Keep what residents told; where it could not be asked, the department is told to look itself."""
    repair.household = household.kept()
    if not household.is_known:
        work.record(repair, HouseholdNotKnown(), at=at)
