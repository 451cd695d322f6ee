"""Many job updates in one request, each judged on its own: one that is refused leaves the others standing."""

from collections.abc import Sequence

from services.repairs.actions.update import update
from services.repairs.actions.update_schemas import BatchedUpdate
from services.repairs.case import queries
from services.repairs.case.lifecycle import Action
from services.repairs.case.models import Repair
from shared.cases.batch import Allowed, BatchResult, each_alone
from shared.references import normalised
from shared.work import UnitOfWork


async def update_many(work: UnitOfWork, updates: Sequence[object], allowed: Allowed) -> list[BatchResult]:
    """Record each update that can be, in the order sent; nothing of a refused one stays.

    Other batches that name a repair of this one wait until this one has ended.
    """
    await queries.lock_all(work, _references(updates))
    return await each_alone(work, updates, BatchedUpdate, _update, allowed=allowed, action=Action.UPDATES)


async def _update(work: UnitOfWork, item: BatchedUpdate) -> Repair:
    return await update(work, item.reference, item)


def _references(updates: Sequence[object]) -> set[str]:
    named = [item.get("reference") for item in updates if isinstance(item, dict)]
    return {form for name in named if isinstance(name, str) and (form := normalised(name)) is not None}
