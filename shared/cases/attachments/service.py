"""Keeping a photo or a signature with a case."""

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from shared.caller import Role
from shared.cases.attachments import images, policy, queries
from shared.cases.attachments.policy import AttachmentKind
from shared.cases.attachments.queries import AnyAttachment
from shared.errors import Invalid, MoveNotAllowed
from shared.http.bodies import Upload
from shared.work import Case, UnitOfWork


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is kept, without metadata, and the digest of what was sent, by which it is known again."""

    media_type: str
    content: bytes
    digest: bytes


async def prepare(upload: Upload) -> File:
    """Judge an upload and rid it of its metadata; done before the case is locked, for it may take a second.

    Raises Invalid for a file that is empty or of another type than it says, Unavailable while too many
    pictures are being taken in.
    """
    if not policy.has_signature_of(upload.content, upload.media_type):
        raise Invalid(f"The content is not {upload.media_type}.")
    content = await _without_metadata(upload)
    digest = await asyncio.to_thread(hashlib.sha256, upload.content)
    return File(upload.media_type, content, digest.digest())


async def _without_metadata(upload: Upload) -> bytes:
    """The content to keep: a picture says where it was taken and with whose camera, and is rid of that.

    A document stays as it is: to write it anew would break the signature that a certificate carries.
    """
    if upload.media_type not in images.FORMATS:
        return upload.content
    return await images.stripped(upload.content, upload.media_type)


async def attach(
    work: UnitOfWork, table: type[AnyAttachment], case: Case, kind: AttachmentKind, file: File
) -> AnyAttachment:
    """Keep a file with a case whose row is locked; the same one sent again is kept once.

    It may come after the case's end: photos of finished work are sent when the phone has signal again.
    Raises MoveNotAllowed when the case has as many as it may have.
    """
    known = await queries.same(work, table, case.reference, kind, _digest(work, file))
    if known is not None:
        return known
    if await queries.count(work, table, case.reference) >= policy.MOST_OF_A_CASE:
        raise MoveNotAllowed(f"A case keeps at most {policy.MOST_OF_A_CASE} photos and signatures.")
    return _kept(work, table, case, kind, file)


async def attach_of_mail(
    work: UnitOfWork, table: type[AnyAttachment], case: Case, file: File
) -> AnyAttachment:
    """Keep the words of a mail, or a file that came with one, with a case whose row is locked.

    However many the case has: nothing of a mail is lost. What is kept already is kept once.
    """
    known = await queries.same(work, table, case.reference, AttachmentKind.MAIL, _digest(work, file))
    return known or _kept(work, table, case, AttachmentKind.MAIL, file)


def _digest(work: UnitOfWork, file: File) -> bytes:
    """The digest by which a file is known again.

    Of a service that encrypts a keyed one: by a plain digest a picture that is known elsewhere is found.
    """
    keyring = work.state.keyring
    return file.digest if keyring is None else keyring.digest_of_bytes(file.digest)


def _kept(
    work: UnitOfWork, table: type[AnyAttachment], case: Case, kind: AttachmentKind, file: File
) -> AnyAttachment:
    by = work.caller
    values: dict[str, Any] = {
        "id": uuid4(),
        "reference": case.reference,
        "kind": kind,
        "media_type": file.media_type,
        "size": len(file.content),
        "digest": _digest(work, file),
        "uploaded_at": work.now,
        "uploaded_by": by.identity,
        "firm": by.firm if by.is_a(Role.CONTRACTOR) else None,
    }
    attachment = table(**values)
    work.assign(attachment, content=file.content)
    work.session.add(attachment)
    return attachment
