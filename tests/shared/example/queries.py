"""Questions about permits."""

from shared.cases import queries as cases
from shared.cases.access import visible_to
from shared.work import UnitOfWork
from tests.shared.example.models import Permit


async def permit(work: UnitOfWork, reference: str) -> Permit:
    """A permit that the caller sees; raises NotFound."""
    return await cases.get(work, Permit, reference, visible_to(Permit, work.caller))


async def permit_for_update(work: UnitOfWork, reference: str) -> Permit:
    """A permit that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Permit, reference, visible_to(Permit, work.caller))
