"""Correcting whom to tell about a complaint."""

from services.complaints import queries
from services.complaints.events import ContactCorrected
from services.complaints.models import Complaint
from shared.cases import contact
from shared.cases.contact import ContactCorrection
from shared.work import UnitOfWork


async def correct_contact(work: UnitOfWork, reference: str, body: ContactCorrection) -> Complaint:
    """Correct the contact of a complaint, also once it has ended: people are written to after that."""
    complaint = await queries.complaint_for_update(work, reference)
    await contact.correct(work, complaint, body, ContactCorrected())
    return complaint
