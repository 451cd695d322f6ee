"""Presenter of appliances: each with its deadlines and the acts that it allows the caller."""

from collections.abc import Sequence

from services.repairs.appliances import queries
from services.repairs.appliances.models import Appliance
from services.repairs.appliances.policy import LIFECYCLE, ApplianceStatus, Situation
from services.repairs.appliances.schemas import ApplianceOut
from shared.cases.deadlines import deadlines_of
from shared.lifecycle import allowed_by
from shared.work import UnitOfWork


async def present(work: UnitOfWork, appliance: Appliance) -> ApplianceOut:
    """One appliance as the caller sees it, as this unit of work has left it."""
    await work.session.flush()
    [shown] = await present_all(work, [appliance])
    return shown


async def present_all(work: UnitOfWork, appliances: Sequence[Appliance]) -> list[ApplianceOut]:
    """Appliances as the caller sees them, in the order given."""
    promises = await deadlines_of(work, [appliance.reference for appliance in appliances])
    return [
        ApplianceOut.of(appliance, promises[appliance.reference], work.now, _allowed(work, appliance))
        for appliance in appliances
    ]


async def allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that an appliance allows the caller now; raises NotFound."""
    return _allowed(work, await queries.appliance(work, reference))


def _allowed(work: UnitOfWork, appliance: Appliance) -> list[str]:
    return allowed_by([LIFECYCLE], work.caller.roles, Situation(status=ApplianceStatus(appliance.status)))
