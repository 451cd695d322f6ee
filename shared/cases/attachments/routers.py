"""The routes of attachments, the same under every kind of case."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from shared.caller import CONTRACTOR, FRONTEND, OFFICER, RESIDENT, Role
from shared.cases.attachments import queries, service
from shared.cases.attachments.images import FORMATS
from shared.cases.attachments.models import AttachmentColumns
from shared.cases.attachments.policy import MEDIA_TYPES, MOST_BYTES, AttachmentKind
from shared.cases.attachments.schemas import AttachmentOut
from shared.cases.attachments.small import MEDIA_TYPE, small
from shared.cases.columns import CaseColumns
from shared.cases.queries import brought_for_update
from shared.cases.routers import Reference, action, case_router
from shared.errors import Invalid, NotFound, Unavailable
from shared.http.auth import requires
from shared.http.bodies import FileBody, Upload, file_body
from shared.http.case_route import Allowed
from shared.http.conditional import NOT_MODIFIED, content_tag, is_not_modified
from shared.http.idempotency import OnReplay
from shared.http.paging import Page
from shared.http.problems import problems
from shared.work import Case, UnitOfWork

Find = Callable[[UnitOfWork, str], Awaitable[Case]]
"""Finds a case that the caller sees, by its reference; raises NotFound."""

DESCRIBED = FileBody(tuple(MEDIA_TYPES), MOST_BYTES).described
# generators of clients take a file of this one type, whatever type it says that it is
DOWNLOADED = {
    "description": f"The file, as {', '.join(MEDIA_TYPES)}",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
OF_ANY_KIND = "application/octet-stream"
TO_BE_SAVED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}

TO_BE_ASKED_AGAIN = {"Cache-Control": "private, no-cache"}
"""Kept by its reader's browser alone, and asked for again each time: who may see it can change."""

CONCERNED = RESIDENT | OFFICER | CONTRACTOR
Reader = Annotated[UnitOfWork, requires(CONCERNED)]
Uploaded = Annotated[Upload, file_body(MEDIA_TYPES, most=MOST_BYTES)]
Size = Annotated[
    Literal["full", "small"], Query(description="`small`: a JPEG of at most 320 pixels a side, of a photo")
]
Kind = Annotated[Literal[AttachmentKind.PHOTO, AttachmentKind.SIGNATURE], Query()]


async def _known(request: Request) -> str | None:
    """The tags of the contents that the asker has already."""
    return request.headers.get("if-none-match")


Known = Annotated[str | None, Depends(_known)]


def attachments_router(
    path: str,
    table: type[AttachmentColumns],
    *,
    find: Find,
    find_for_update: Find,
    allowed: Allowed,
    tags: Sequence[str],
    on_replay: OnReplay | None = None,
    brought: type[CaseColumns] | None = None,
) -> APIRouter:
    """The routes of the attachments of the cases under `path`, such as /v1/repairs, kept in `table`.

    `find` finds a case for reading, `find_for_update` locks its row too; `on_replay` as for `case_router`.
    `brought` is the table of cases to which a front end adds the photos of what it reported itself.
    """
    at = f"{path}/{{reference}}/attachments"
    router = case_router(at, tags=tags, allowed=allowed, on_replay=on_replay)
    cases = path.rpartition("/")[2]
    senders = CONCERNED if brought is None else CONCERNED | FRONTEND
    find_to_add = find_for_update if brought is None else _or_brought(brought, find_for_update)
    _add_upload(router, path, table, find_to_add, senders, f"attach_to_{cases}")
    _add_list(router, path, table, find, f"list_{cases}_attachments")
    _add_download(router, table, find, f"download_{cases}_attachment")
    return router


def _or_brought(table: type[CaseColumns], find_for_update: Find) -> Find:
    """The same way to find a case, and for a front end the way to those that it brought."""

    async def find(work: UnitOfWork, reference: str) -> Case:
        if work.caller.is_a(Role.FRONTEND):
            return await brought_for_update(work, table, reference)
        return await find_for_update(work, reference)

    return find


def _add_upload(
    router: APIRouter,
    path: str,
    table: type[AttachmentColumns],
    find_for_update: Find,
    senders: frozenset[str],
    name: str,
) -> None:
    @router.post(
        "",
        name=name,
        **action(
            "Keep a photo or a signature with the case",
            responses=problems(Unavailable),
            openapi_extra={"requestBody": DESCRIBED},
        ),
    )
    async def attach(
        reference: Reference,
        kind: Kind,
        file: Uploaded,
        work: Annotated[UnitOfWork, requires(senders)],
    ) -> AttachmentOut:
        """The file is the body. A picture is kept without its metadata; what is sent again is kept once."""
        prepared = await service.prepare(file)
        case = await find_for_update(work, reference)
        return AttachmentOut.of(await service.attach(work, table, case, kind, prepared), path)


def _add_list(router: APIRouter, path: str, table: type[AttachmentColumns], find: Find, name: str) -> None:
    @router.get(
        "",
        name=name,
        summary="The photos and signatures kept with the case",
        responses=problems(NotFound),
    )
    async def attachments(reference: Reference, work: Reader) -> Page[AttachmentOut]:
        """Officers see all, the resident the photos, a firm what it uploaded itself; all on one page."""
        case = await find(work, reference)
        kept = await queries.listed(work, table, case.reference)
        return Page(items=[AttachmentOut.of(each, path) for each in kept], next=None)


def _add_download(router: APIRouter, table: type[AttachmentColumns], find: Find, name: str) -> None:
    @router.get(
        "/{id}",
        name=name,
        summary="One photo or signature",
        response_class=Response,
        responses={**problems(NotFound, Unavailable), 200: DOWNLOADED, **NOT_MODIFIED},
    )
    async def attachment(
        reference: Reference, id: UUID, work: Reader, known: Known, size: Size = "full"
    ) -> Response:
        """Sent to be saved, and never to be run or shown as part of a page; a photo also in a small size."""
        case = await find(work, reference)
        if size == "full":
            return _to_be_saved(work.opened(await queries.with_content(work, table, case.reference, id)))
        seen = await queries.one(work, table, case.reference, id)
        # what is encrypted here is kept by no browser either, and so has no tag
        tagged = {} if work.state.keyring else {"ETag": content_tag(f"small {seen.id}"), **TO_BE_ASKED_AGAIN}
        if is_not_modified(Response(headers=tagged), known):
            return Response(status_code=304, headers=tagged)
        kept = work.opened(await queries.with_content(work, table, case.reference, id))
        return await _small(kept, tagged)


async def _small(kept: AttachmentColumns, tagged: Mapping[str, str]) -> Response:
    """A photo in a small size; what is no picture that can be read goes as it is kept."""
    try:
        if kept.media_type not in FORMATS:
            return _to_be_saved(kept)
        painted = await small(kept.content, kept.media_type)
    except Invalid:
        return _to_be_saved(kept)
    return Response(painted, media_type=MEDIA_TYPE, headers={**_named(kept, "jpg"), **tagged})


def _to_be_saved(kept: AttachmentColumns) -> Response:
    known = MEDIA_TYPES.get(kept.media_type)
    ending, media_type = (known.ending, kept.media_type) if known else ("bin", OF_ANY_KIND)
    return Response(kept.content, media_type=media_type, headers=_named(kept, ending))


def _named(kept: AttachmentColumns, ending: str) -> Mapping[str, str]:
    name = f"{kept.reference}-{kept.kind}-{kept.id}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"', **TO_BE_SAVED}
