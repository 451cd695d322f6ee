"""Photos that come with a form: kept with the case by the API, or what is said beside the field."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Annotated, Literal

from fastapi import Query, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from services.board.client import Answer, Api, Refused, Unanswered, segment
from services.board.frame import with_number
from services.board.large_forms import MOST_OF_A_PHOTO
from services.board.pages.queueing import form_of, key_of, passed_on
from services.board.people import NotHere
from services.board.presenting.cases import GUARDED, collection_of
from services.board.signin import Session
from services.board.state import state_of
from shared.references import prefix_of

FIELD = "photo"
SMALL = "small"
Size = Annotated[Literal["full", "small"], Query()]
PASSED_ON = ("content-disposition", "content-type")
MISSING = "Choose a photo."
UNKNOWN = "We do not know if the photo was saved. Choose it once more: it is kept once."
NO_PICTURE = "This file is not a whole photo. Choose it again, or another one."
TOO_LARGE = 413
REFUSALS: Mapping[int, str] = {
    409: "This case has all the photos that it can keep.",
    TOO_LARGE: "This photo is over 12 MB. Choose a smaller one.",
    415: "We cannot show this kind of file. Choose a JPEG or PNG photo. "
    "On an iPhone, go to Settings, Camera, Formats, and choose Most Compatible.",
    422: NO_PICTURE,
    429: "That was too fast for us. Wait a minute, and choose it again.",
}


def sent_with(form: FormData) -> UploadFile | None:
    """The photo that was chosen, if one was."""
    photo = form.get(FIELD)
    return photo if isinstance(photo, UploadFile) and photo.size else None


async def keep_photo(api: Api, reference: str, form: FormData) -> str:
    """Keep the photo of a form with a case; the words for its field where it was not kept, else none.

    Raises Refused where the case is not theirs.
    """
    photo = sent_with(form)
    if photo is None:
        return MISSING
    if (photo.size or 0) > MOST_OF_A_PHOTO:  # and may have been cut off
        return REFUSALS[TOO_LARGE]
    content = await photo.read()
    key = sha256(reference.encode() + content).hexdigest()
    try:
        await attach(api, reference, content, photo.content_type, key)
    except Unanswered:
        return with_number(UNKNOWN)
    except Refused as refused:
        if refused.status not in REFUSALS:
            raise
        return REFUSALS[refused.status]
    return ""


async def keep_photo_if_sent(api: Api, reference: str, form: FormData) -> str:
    """The same for a form on which a photo is one's choice."""
    return await keep_photo(api, reference, form) if sent_with(form) else ""


async def attach(api: Api, reference: str, content: bytes, media_type: str | None, key: str) -> Answer:
    """Send a photo to its case; raises Refused, Unanswered."""
    path = f"{collection_of(reference)}/{segment(reference)}/attachments?kind=photo"
    return await api.post_file(path, content, media_type or "application/octet-stream", key=key)


async def pass_photo_on(request: Request, session: Session, read: Callable[[str], str]) -> Response:
    """Send on one photo of a phone's queue, after the facts of its case; `read` judges its reference."""
    form = await form_of(request, session)
    reference, photo = read(str(form.get("reference", ""))), form.get(FIELD)
    if not isinstance(photo, UploadFile):
        raise NotHere
    content, api = await photo.read(), state_of(request).api(session.token)
    return await passed_on(lambda: attach(api, reference, content, photo.content_type, key_of(form)))


async def read_photo(
    request: Request, session: Session, reference: str, identifier: str, size: str, *, is_hidden: bool = False
) -> Response:
    """A photo, whole or small, by the person's own token; raises Refused, Unanswered.

    A small one may be kept by the browser, which asks each time if it still may show it; of a guarded case,
    and of one that is hidden from whoever else looks at the screen, nothing is kept.
    """
    path = f"{collection_of(reference)}/{segment(reference)}/attachments/{segment(identifier)}"
    is_kept = size == SMALL and not is_hidden and prefix_of(reference) != GUARDED
    known = request.headers.get("if-none-match", "") if is_kept else ""
    answer = await state_of(request).api(session.token).get_file(path, {"size": size}, known)
    headers = {name: answer.headers[name] for name in PASSED_ON if name in answer.headers}
    if is_kept and "etag" in answer.headers:
        headers |= {"ETag": answer.headers["etag"], "Cache-Control": "private, no-cache"}
    return Response(answer.content, answer.status_code, headers)
