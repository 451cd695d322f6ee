"""The question of other services: what must be known of the household in a home."""

from services.residents import queries
from services.residents.models import Read
from services.residents.policy import Needs
from shared.cases.property import reference_key
from shared.cases.reads import note_reads
from shared.work import UnitOfWork


async def needs_of_household(
    work: UnitOfWork, uprn: str | None, property_reference: str | None, purpose: str
) -> Needs:
    """The needs of all who have a tenancy at a home; the reading of each tenancy is noted."""
    key = reference_key(property_reference) if property_reference else None
    tenancies = await queries.household(work, uprn and uprn.lstrip("0"), key)
    note_reads(work, Read, [tenancy.reference for tenancy in tenancies], purpose)
    return Needs.of_household([tenancy.needs for tenancy in tenancies])
