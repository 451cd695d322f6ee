"""Use cases of referrals that change the repair alone."""

from services.repairs.case.households import note_household
from services.repairs.case.models import Repair
from services.repairs.referrals import policy, queries
from services.repairs.referrals.models import Referral
from services.repairs.referrals.schemas import ReferredHome
from shared.app_state import AppState
from shared.cases.households import NOBODY, Household, household_at
from shared.cases.queries import get_for_update
from shared.work import UnitOfWork, unit_of_work


async def ask_about(state: AppState, referral: Referral) -> None:
    """Ask complaints where a home is and whom to tell, and keep it with the repair.

    Raises httpx.HTTPError when complaints is away or refuses, ValueError for an answer that cannot be read.
    """
    answer = await state.services.get(policy.COMPLAINTS, f"/internal/referrals/{referral.complaint}")
    home = ReferredHome.model_validate_json(answer.raise_for_status().content)
    where = home.property
    household = NOBODY if where is None else await household_at(state, where, "a complaint refers a repair")
    async with unit_of_work(state) as work:
        await locate(work, referral.complaint, home, household)


async def locate(work: UnitOfWork, complaint: str, home: ReferredHome, household: Household) -> None:
    """Keep with the repair where the home is, what is wrong, whom to tell, and what the household needs."""
    referral = (await queries.of_complaints(work, [complaint]))[complaint]
    repair = await get_for_update(work, Repair, referral.repair)
    if home.property is not None:
        repair.property = home.property.model_dump(mode="json", exclude_none=True)
    repair.description = home.description
    repair.contact = home.contact.kept()
    note_household(work, repair, household)
    referral.answered_at = work.now
