"""Keeping photos and signatures with a repair, and handing them out again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs import images, queries as repairs
from services.repairs.allowing import refuse
from services.repairs.attachments import policy, queries
from services.repairs.attachments.models import Attachment
from services.repairs.attachments.policy import AttachmentKind
from shared.app_state import AppState
from shared.caller import Caller
from shared.errors import Invalid


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    media_type: str
    content: bytes


async def attach(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    kind: AttachmentKind,
    upload: Upload,
    *,
    by: Caller,
    now: datetime,
) -> Attachment:
    """Keep a photo or a signature; the same one sent again is kept once.

    It may come after the repair's end: photos of finished work are sent when the phone has signal again.
    Raises Invalid for another type than it says, MoveNotAllowed when the repair has as many as it may have,
    Unavailable while too many pictures are being taken in.
    """
    check(upload)
    content = await without_metadata(upload)  # before the lock: it may take a second
    repair = await repairs.repair_for_update(session, reference, by)
    digest = hashlib.sha256(upload.content).digest()  # of what was sent, by which it is known again
    known = await queries.same(session, repair.reference, by.subject, kind, digest)
    if known is not None:
        return known
    if await queries.count(session, repair.reference) >= policy.MOST_OF_A_CASE:
        detail = f"A repair keeps at most {policy.MOST_OF_A_CASE} photos and signatures."
        await refuse(session, resources, repair, detail, by, now)
    attachment = Attachment(
        id=uuid4(),
        reference=repair.reference,
        kind=kind,
        media_type=upload.media_type,
        size=len(content),
        digest=digest,
        content=content,
        uploaded_at=now,
        uploaded_by=by.subject,
        firm=by.firm if "contractor" in by.roles else None,
    )
    session.add(attachment)
    return attachment


def check(upload: Upload) -> None:
    """Refuse what is empty, of a type that is not kept, or not of the type it says; raises Invalid."""
    if upload.media_type not in policy.MEDIA_TYPES:
        raise Invalid(f"The Content-Type must be one of {', '.join(policy.MEDIA_TYPES)}.", "/content-type")
    if not policy.is_what_it_says(upload.content, upload.media_type):
        raise Invalid(f"The content is not {upload.media_type}.")


async def without_metadata(upload: Upload) -> bytes:
    """The content to keep: a picture says where it was taken and with whose camera, and is rid of that.

    A document stays as it is: to write it anew would break the signature that a certificate carries.
    """
    if upload.media_type not in images.FORMATS:
        return upload.content
    return await images.stripped(upload.content, upload.media_type)


async def attached(session: AsyncSession, reference: str, by: Caller) -> Sequence[Attachment]:
    """What the caller may see of what is kept with a repair; raises NotFound."""
    repair = await repairs.repair(session, reference, repairs.visible_to(by))
    return await queries.listed(session, repair.reference, by)


async def attachment(session: AsyncSession, reference: str, id: UUID, by: Caller) -> Attachment:
    """One of them with its content; raises NotFound."""
    repair = await repairs.repair(session, reference, repairs.visible_to(by))
    return await queries.with_content(session, repair.reference, id, by)
