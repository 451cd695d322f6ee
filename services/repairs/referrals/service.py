"""Use cases of referrals that change the repair alone."""

from datetime import datetime

from services.repairs.case.households import note_household
from services.repairs.case.models import Repair
from services.repairs.case.raising import CONTACT
from services.repairs.events import IssueEnded
from services.repairs.referrals import policy, queries
from services.repairs.referrals.models import Referral
from services.repairs.referrals.schemas import ReferredHome
from shared.app_state import AppState
from shared.cases.contact import unless_corrected
from shared.cases.households import NOBODY, Household, household_at
from shared.cases.queries import get_for_update
from shared.references import prefix_of
from shared.work import UnitOfWork, unit_of_work

BY_ESTATES = "the estates service"


async def ask_about(state: AppState, referral: Referral) -> None:
    """Ask the service that referred a repair where it is and whom to tell, and keep it with the repair.

    Raises httpx.HTTPError when it is away or refuses, ValueError for an answer that cannot be read.
    """
    service = policy.ASKED_OF[prefix_of(referral.made_from)]
    answer = await state.services.get(service, f"/internal/referrals/{referral.made_from}")
    home = ReferredHome.model_validate_json(answer.raise_for_status().content)
    where = home.property
    household = NOBODY if where is None else await household_at(state, where, "a repair is referred")
    async with unit_of_work(state) as work:
        await locate(work, referral.made_from, home, household)


async def locate(work: UnitOfWork, made_from: str, home: ReferredHome, household: Household) -> None:
    """Keep with the repair where it is, what is wrong, whom to tell, and what the household needs."""
    referral = (await queries.of_cases(work, [made_from]))[made_from]
    repair = await get_for_update(work, Repair, referral.repair)
    if (where := home.property or home.place) is not None:
        repair.property = where.model_dump(mode="json", exclude_none=True)
    repair.description = home.description
    if home.contact is not None:
        repair.contact = unless_corrected(repair.contact, home.contact, at_first=CONTACT)
    note_household(work, repair, household)
    referral.answered_at = work.now


async def tell_estates(work: UnitOfWork, repair: Repair, *, dealt_with: bool, at: datetime) -> None:
    """Tell estates that the repair which a problem of theirs needs has ended, if it is one."""
    if repair.reported_by != BY_ESTATES:
        return
    referral = await queries.of_repair(work, repair.reference)
    if referral is not None:
        ended = IssueEnded(issue_reference=referral.made_from, dealt_with=dealt_with)
        work.record(repair, ended, at=at)
