"""A repair as each of its readers may see it, with what every use case knows of it besides."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs.appointments import queries as appointments
from services.repairs.appointments.schemas import AppointmentOut
from services.repairs.asb_damage import policy as asb_policy, queries as asb_damage
from services.repairs.asb_damage.schemas import AsbDamageOut
from services.repairs.hazards import queries as hazards
from services.repairs.hazards.schemas import HazardOut
from services.repairs.models import Repair
from services.repairs.recharges import queries as recharges
from services.repairs.recharges.schemas import JobRechargeOut, RechargeOut
from services.repairs.schemas import JobOut, RepairOut
from shared.app_state import AppState
from shared.caller import Caller
from shared.casework import promised
from shared.db.group_commit import created

LookUp = Callable[[AsyncSession, Sequence[str]], Awaitable[Mapping[str, Any]]]
Shape = Callable[[Any], Any]
Besides = Mapping[str, tuple[LookUp, Shape]]
View = Callable[..., RepairOut | JobOut]

# What use cases add, by the field that shows it: who looks it up for many repairs at once, and its shape.
TO_RESIDENTS_AND_OFFICERS: Besides = {
    "appointment": (appointments.standing, AppointmentOut.of),
    "recharge": (recharges.current, RechargeOut.of),
    "hazard": (hazards.with_acts, HazardOut.of),
    "asb_damage": (asb_damage.of_repairs, AsbDamageOut.without_the_case),
}
TO_ASB_OFFICERS: Besides = {
    **TO_RESIDENTS_AND_OFFICERS,
    "asb_damage": (asb_damage.of_repairs, AsbDamageOut.of),
}
TO_FIRMS_AND_FRONT_ENDS: Besides = {
    "appointment": (appointments.standing, AppointmentOut.of),
    "recharge": (recharges.current, JobRechargeOut.of),
}


async def shown(
    caller: Caller, session: AsyncSession, resources: AppState, repair: Repair, now: datetime
) -> RepairOut:
    """One repair as officers, residents and whoever has just reported it see it."""
    promises = (await promised(session, resources, [repair.reference]))[repair.reference]
    besides = await _besides(session, [repair], _told(caller))
    return RepairOut.of(repair, promises, now, **besides[repair.reference])


async def shown_to(
    caller: Caller, session: AsyncSession, resources: AppState, repairs: Sequence[Repair], now: datetime
) -> list[RepairOut | JobOut]:
    """Repairs that the caller may see, each as they may see it."""
    view, told = _view_of(caller)
    promises = await promised(session, resources, [repair.reference for repair in repairs])
    besides = await _besides(session, repairs, told)
    return [view(repair, promises[repair.reference], now, **besides[repair.reference]) for repair in repairs]


def _view_of(caller: Caller) -> tuple[View, Besides]:
    """How the caller sees a repair; with several roles, as the one that is shown the least."""
    if "frontend" in caller.roles:
        return RepairOut.followed, TO_FIRMS_AND_FRONT_ENDS
    if "contractor" in caller.roles:
        return JobOut.of, TO_FIRMS_AND_FRONT_ENDS
    return RepairOut.of, _told(caller)


def _told(caller: Caller) -> Besides:
    knows_the_case = asb_policy.may_know_the_case(caller.roles, caller.scopes)
    return TO_ASB_OFFICERS if knows_the_case else TO_RESIDENTS_AND_OFFICERS


async def _besides(
    session: AsyncSession, repairs: Sequence[Repair], besides: Besides
) -> dict[str, dict[str, Any]]:
    """By reference, the further fields."""
    fields: dict[str, dict[str, Any]] = {repair.reference: {} for repair in repairs}
    if created(session) == repairs:
        return fields  # a report that nothing was written to besides: there can be no more to it
    references = [repair.reference for repair in repairs]
    await session.flush()  # what this very request has added is shown too
    for field, (look_up, shape) in besides.items():
        for reference, row in (await look_up(session, references)).items():
            fields[reference][field] = shape(row)
    return fields
