"""The way to the ombudsman: the referral, and the determination with what it orders."""

from services.complaints import events, queries
from services.complaints.events import Origin
from services.complaints.models import Complaint
from services.complaints.policy import Action
from services.complaints.schemas.acts import OmbudsmanDetermination, OmbudsmanReferral
from services.complaints.service.judging import begin
from services.complaints.service.promising import Promised, promise
from shared.work import UnitOfWork


async def refer(work: UnitOfWork, reference: str, body: OmbudsmanReferral) -> Complaint:
    """Record that the complaint, or its refusal, was taken to the ombudsman."""
    complaint, at = await begin(work, reference, Action.OMBUDSMAN_REFERRAL, body)
    case = await queries.ombudsman_case(work, complaint.reference)
    case.referred_at, case.their_reference = at, body.their_reference
    complaint.move(Action.OMBUDSMAN_REFERRAL)
    work.record(complaint, events.OmbudsmanReferred(), at=at)
    return complaint


async def determine(work: UnitOfWork, reference: str, body: OmbudsmanDetermination) -> Complaint:
    """Record what the ombudsman decided; each order is an action, whose completion is the compliance."""
    complaint, at = await begin(work, reference, Action.OMBUDSMAN_DETERMINATION, body)
    case = await queries.ombudsman_case(work, complaint.reference)
    case.determined_at, case.determination, case.findings = at, body.outcome, body.findings
    complaint.move(Action.OMBUDSMAN_DETERMINATION)
    work.record(complaint, events.OmbudsmanDetermined(), at=at)
    orders = [
        Promised(f"/orders/{number}/by", order.description, order.by, owner=order.owner)
        for number, order in enumerate(body.orders or ())
    ]
    await promise(work, complaint, Origin.OMBUDSMAN, orders, at)
    return complaint
