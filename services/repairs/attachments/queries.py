"""What is asked of the database about attachments."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from services.repairs.attachments.models import Attachment
from services.repairs.attachments.policy import AttachmentKind
from shared.caller import Caller
from shared.errors import NotFound


def visible_to(caller: Caller) -> ColumnElement[bool]:
    """What of a repair that the caller may see: officers all, others what they sent, residents photos."""
    if "officer" in caller.roles:
        return true()
    if "contractor" in caller.roles:
        return Attachment.firm == caller.firm if caller.firm else false()
    if "resident" in caller.roles:
        own = and_(Attachment.uploaded_by == caller.subject, Attachment.firm.is_(None))
        return or_(Attachment.kind == AttachmentKind.PHOTO, own)
    return false()


async def listed(session: AsyncSession, reference: str, caller: Caller) -> Sequence[Attachment]:
    """A repair's attachments that the caller may see, in the order they came, without their content."""
    query = select(Attachment).where(Attachment.reference == reference, visible_to(caller))
    return (await session.scalars(query.order_by(Attachment.uploaded_at, Attachment.id))).all()


async def with_content(session: AsyncSession, reference: str, id: UUID, caller: Caller) -> Attachment:
    """One of a repair's attachments that the caller may see; raises NotFound."""
    query = select(Attachment).where(Attachment.reference == reference, Attachment.id == id)
    found = await session.scalar(query.where(visible_to(caller)).options(undefer(Attachment.content)))
    if found is None:
        raise NotFound("There is no such attachment for this caller.")
    return found


async def same(
    session: AsyncSession, reference: str, uploaded_by: str, kind: AttachmentKind, digest: bytes
) -> Attachment | None:
    """The attachment that this very upload made before, if it did."""
    query = select(Attachment).filter_by(
        reference=reference, uploaded_by=uploaded_by, kind=kind, digest=digest
    )
    return await session.scalar(query)


async def count(session: AsyncSession, reference: str) -> int:
    """How many attachments a repair has, whoever may see them."""
    query = select(func.count()).select_from(Attachment).where(Attachment.reference == reference)
    return await session.scalar(query) or 0
