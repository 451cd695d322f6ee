"""Correction of whom to tell about a repair, and how."""

from services.repairs.case import queries
from services.repairs.case.models import Repair
from services.repairs.events import ContactCorrected
from shared.cases import contact
from shared.cases.contact import ContactCorrection
from shared.work import UnitOfWork


async def correct_contact(work: UnitOfWork, reference: str, body: ContactCorrection) -> Repair:
    """Correct the contact of a repair, also once it has ended: people are written to after that."""
    repair = await queries.repair_for_update(work, reference)
    await contact.correct(work, repair, body, ContactCorrected())
    return repair
