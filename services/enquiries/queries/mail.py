"""Questions about mails that came in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, literal, select, tuple_

from services.enquiries.models import InboundMail
from services.enquiries.policy import DEPARTMENT
from services.enquiries.policy.mail import Outcome
from shared.http.paging import PageRequest
from shared.work import UnitOfWork


async def lock_sender(work: UnitOfWork, sender: str) -> None:
    """Let mails of one address come in one after the other, until the end of the unit of work."""
    await work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(sender, 0))))


async def known(work: UnitOfWork, digest: bytes) -> InboundMail | None:
    """The mail, if it came in before."""
    return await work.session.get(InboundMail, digest)


async def of_no_case(work: UnitOfWork, page: PageRequest) -> tuple[Sequence[InboundMail], str | None]:
    """A page of the mails that belong to no case, the latest first; raises Invalid."""
    row = InboundMail
    is_theirs = literal(DEPARTMENT in work.caller.departments)
    query = select(row).where(row.reference.is_(None), is_theirs).limit(page.limit + 1)
    if after := page.after(2):
        last = literal(datetime.fromisoformat(after[0])), literal(bytes.fromhex(after[1]))
        query = query.where(tuple_(row.received_at, row.digest) < tuple_(*last))
    query = query.order_by(row.received_at.desc(), row.digest.desc())
    found = (await work.session.scalars(query)).all()
    return page.cut(found, lambda mail: (mail.received_at.isoformat(), mail.digest.hex()))


async def acknowledged_since(work: UnitOfWork, sender: str, since: datetime) -> int:
    """The number of acknowledgements that an address got since."""
    query = select(func.count()).select_from(InboundMail)
    query = query.where(InboundMail.sender == sender, InboundMail.acknowledged)
    return await work.session.scalar(query.where(InboundMail.received_at > since)) or 0


async def was_filed_since(work: UnitOfWork, reference: str, sender: str, since: datetime) -> bool:
    """Tell whether an automatic reply of that address was filed with a case since."""
    query = select(InboundMail.digest).filter_by(reference=reference, sender=sender, outcome=Outcome.FILED)
    return await work.session.scalar(query.where(InboundMail.received_at > since).limit(1)) is not None
