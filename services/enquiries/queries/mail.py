"""Questions about mails that came in."""

from datetime import datetime

from sqlalchemy import func, select

from services.enquiries.models import InboundMail
from services.enquiries.policy.mail import Outcome
from shared.work import UnitOfWork


async def lock_sender(work: UnitOfWork, sender: str) -> None:
    """Let mails of one address come in one after the other, until the end of the unit of work."""
    await work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(sender, 0))))


async def known(work: UnitOfWork, digest: bytes) -> InboundMail | None:
    """The mail, if it came in before."""
    return await work.session.get(InboundMail, digest)


async def acknowledged_since(work: UnitOfWork, sender: str, since: datetime) -> int:
    """The number of acknowledgements that an address got since."""
    query = select(func.count()).select_from(InboundMail)
    query = query.where(InboundMail.sender == sender, InboundMail.acknowledged)
    return await work.session.scalar(query.where(InboundMail.received_at > since)) or 0


async def was_filed_since(work: UnitOfWork, reference: str, sender: str, since: datetime) -> bool:
    """Tell whether an automatic reply of that address was filed with a case since."""
    query = select(InboundMail.digest).filter_by(reference=reference, sender=sender, outcome=Outcome.FILED)
    return await work.session.scalar(query.where(InboundMail.received_at > since).limit(1)) is not None
