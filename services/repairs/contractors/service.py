"""Use cases of contractors: register a firm, and tell one that is registered from one that is not."""

from services.repairs.case.policy import DEPARTMENT
from services.repairs.contractors import policy, queries
from services.repairs.contractors.models import Contractor
from services.repairs.contractors.schemas import NewContractor
from shared.errors import Forbidden, Invalid
from shared.work import UnitOfWork


async def register(work: UnitOfWork, body: NewContractor) -> Contractor:
    """Register a firm, or answer the one that has this name already, as it was spelt first.

    Raises Forbidden for an officer of another department.
    """
    if DEPARTMENT not in work.caller.departments:
        raise Forbidden("Only officers of the repairs department register firms.")
    await queries.put_in(work, [body.name])
    registered = await queries.named(work, body.name)
    assert registered is not None, "it was put in, and no firm is ever taken out"
    return registered


async def registered_name(work: UnitOfWork, name: str, *, but: str | None = None) -> str:
    """The name by which a firm is registered, which is the one that is kept and goes out in events.

    A misspelt firm would have a job that nobody sees, so raises Invalid for one that is not registered, with
    some of those that it can be, without `but`.
    """
    if firm := await queries.named(work, name):
        return firm.name
    known = await queries.names(work, policy.NAMED_IN_A_REFUSAL)
    raise Invalid(policy.not_registered(known, but), "/contractor")
