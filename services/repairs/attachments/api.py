"""The routes of attachments."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from services.repairs.api import Lister, Reference
from services.repairs.attachments import policy, service
from services.repairs.attachments.models import Attachment
from services.repairs.attachments.policy import AttachmentKind
from services.repairs.attachments.schemas import AttachmentOut
from services.repairs.attachments.service import Upload
from shared.errors import MoveNotAllowed, NotFound, StaleVersion, TooLarge, Unavailable
from shared.http.paging import Page
from shared.http.problems import problems
from shared.http.routes import Now, Running, Session, TransactionalRoute

router = APIRouter(
    prefix="/v1/repairs/{reference}/attachments", tags=["repairs"], route_class=TransactionalRoute
)

FILE = {"type": "string", "format": "binary"}
FILES: dict[str, Any] = {media_type: {"schema": FILE} for media_type in policy.MEDIA_TYPES}
IN_THE_BODY = {"requestBody": {"required": True, "content": FILES}}


async def uploaded(request: Request) -> Upload:
    """The body as a file; raises TooLarge before more than that is held in memory."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > policy.MOST_BYTES:
            raise TooLarge(f"An attachment may have {policy.MOST_BYTES} bytes.")
    named = request.headers.get("content-type", "")
    return Upload(named.partition(";")[0].strip().lower(), bytes(content))


Uploaded = Annotated[Upload, Depends(uploaded)]


@router.post(
    "", status_code=201, summary="Keep a photo or a signature with the repair",
    responses=problems(NotFound, MoveNotAllowed, StaleVersion, TooLarge, Unavailable),
    openapi_extra=IN_THE_BODY,
)  # fmt: skip
async def attach(
    reference: Reference, kind: Annotated[AttachmentKind, Query()], response: Response,
    caller: Lister, upload: Uploaded, session: Session, running: Running, now: Now,
) -> AttachmentOut:  # fmt: skip
    """The file is the body. A picture is kept without its metadata; what is sent again is kept once."""
    kept = await service.attach(session, running, reference, kind, upload, by=caller, now=now)
    response.headers["Location"] = f"/v1/repairs/{kept.reference}/attachments/{kept.id}"
    return AttachmentOut.of(kept)


@router.get("", summary="What is kept with the repair", responses=problems(NotFound))
async def attachments(reference: Reference, caller: Lister, session: Session) -> Page[AttachmentOut]:
    """Officers see all, the resident the photos, a firm what it uploaded itself; all on one page."""
    kept = await service.attached(session, reference, caller)
    return Page(items=[AttachmentOut.of(each) for each in kept], next=None)


@router.get(
    "/{id}", summary="One photo or signature", response_class=Response,
    responses={**problems(NotFound), 200: {"content": FILES}},
)  # fmt: skip
async def attachment(reference: Reference, id: UUID, caller: Lister, session: Session) -> Response:
    """Sent to be saved, and never to be run or shown as part of a page."""
    kept = await service.attachment(session, reference, id, caller)
    return Response(kept.content, media_type=kept.media_type, headers=_to_be_saved(kept))


def _to_be_saved(kept: Attachment) -> dict[str, str]:
    name = f"{kept.reference}-{kept.kind}-{kept.id}.{policy.MEDIA_TYPES[kept.media_type].ending}"
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
