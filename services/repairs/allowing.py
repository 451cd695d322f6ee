"""What a repair allows its caller now, by all that its use cases know of it; every refusal says so."""

from datetime import datetime
from typing import NoReturn

from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs import policy, queries
from services.repairs.appointments import policy as appointments_policy, queries as appointments
from services.repairs.decisions import policy as decisions_policy
from services.repairs.hazards import policy as hazards_policy, queries as hazards
from services.repairs.hazards.policy import Severity
from services.repairs.models import Repair
from services.repairs.policy import Status
from services.repairs.recharges import policy as recharges_policy, queries as recharges
from services.repairs.recharges.policy import RechargeStatus
from services.repairs.right_to_repair import policy as right_to_repair_policy
from services.repairs.roles import acts_of
from shared.app_state import AppState
from shared.caller import Caller
from shared.errors import MoveNotAllowed
from shared.messaging.outbox import history
from shared.standards.deadlines import deadlines


async def acts_allowed(
    session: AsyncSession, resources: AppState, repair: Repair, by: Caller, now: datetime
) -> frozenset[str]:
    """The caller's acts, by the names of their paths, that the repair takes if they happen now.

    An act is named if anything that can be told by it would be taken; history that comes late is taken
    besides. Acts of other roles are not named: they would be answered 403, and tell of the household.
    """
    reference, status = repair.reference, Status(repair.status)
    visit = (await appointments.standing(session, [reference])).get(reference)
    recharge = await recharges.current_of(session, reference)
    hazard = await hazards.hazard_of(session, reference)
    told = (await history(session, [reference]))[reference]
    promises = deadlines(told, resources.catalogue, resources.calendar)
    hazard_is_open = hazard is not None and hazard.is_open()
    allowed: frozenset[str] = frozenset().union(
        policy.acts_allowed(status),
        decisions_policy.acts_allowed(
            status, decisions_policy.standing(told), by.roles, hazard_is_open=hazard_is_open
        ),
        appointments_policy.acts_allowed(status, repair.priority, visit.starts_at if visit else None, now),
        recharges_policy.acts_allowed(
            status,
            RechargeStatus(recharge.status) if recharge else None,
            hazard_is_open=hazard_is_open,
        ),
        hazards_policy.acts_allowed(
            status, hazard.stage if hazard else None, Severity(hazard.severity) if hazard else None
        ),
        right_to_repair_policy.acts_allowed(status, promises, now),
    )
    return allowed & acts_of(by.roles)


async def refuse(
    session: AsyncSession, resources: AppState, repair: Repair, why: str, by: Caller, now: datetime
) -> NoReturn:
    """Raise MoveNotAllowed, with what the repair allows the caller instead."""
    raise MoveNotAllowed(why, await acts_allowed(session, resources, repair, by, now))


async def open_repair(
    session: AsyncSession, resources: AppState, reference: str, by: Caller, now: datetime
) -> Repair:
    """A repair that the caller may act on, locked, and not ended.

    Raises NotFound, StaleVersion, and MoveNotAllowed once it has ended.
    """
    repair = await queries.repair_for_update(session, reference, by)
    if not repair.is_open():
        await refuse(session, resources, repair, f"The repair is {repair.status}.", by, now)
    return repair
