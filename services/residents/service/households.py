"""The questions of other services: what must be known of the households in some homes."""

from collections.abc import Sequence

from services.residents import queries
from services.residents.models import Read
from services.residents.policy import Needs
from services.residents.schemas.households import HouseholdQuestion
from shared.cases.reads import Reading, note_readings
from shared.work import UnitOfWork


async def needs_of_households(work: UnitOfWork, questions: Sequence[HouseholdQuestion]) -> list[Needs]:
    """The needs of all who have a tenancy at each home, in the order of the questions.

    The reading of each tenancy is noted for each question by itself, with its purpose and its request.
    """
    households = await queries.households(work, questions)
    read = [
        Reading(tenancy.reference, question.purpose, question.request_id)
        for question, tenancies in zip(questions, households, strict=True)
        for tenancy in tenancies
    ]
    await note_readings(work, Read, read)
    return [Needs.of_household([tenancy.needs for tenancy in tenancies]) for tenancies in households]
