"""Photos that come with a form: kept with the case by the API, or what is said beside the field."""

from collections.abc import Callable, Mapping
from hashlib import sha256

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from services.board.client import Answer, Api, Refused, Unanswered, segment
from services.board.pages.queueing import form_of, key_of, passed_on
from services.board.people import NotHere
from services.board.presenting.cases import collection_of
from services.board.signin import Session
from services.board.state import state_of

FIELD = "photo"
MISSING = "Choose a photo."
UNKNOWN = "We do not know if the photo was saved. Choose it once more: it is kept once."
NO_PICTURE = "This file is not a whole photo. Choose it again, or another one."
REFUSALS: Mapping[int, str] = {
    409: "This case has all the photos that it can keep.",
    413: "This photo is over 12 MB. Choose a smaller one.",
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
    content = await photo.read()
    key = sha256(reference.encode() + content).hexdigest()
    try:
        await attach(api, reference, content, photo.content_type, key)
    except Unanswered:
        return UNKNOWN
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


async def read_photo(api: Api, reference: str, identifier: str) -> Response:
    """A photo as it is kept, by the person's own token; raises Refused, Unanswered."""
    path = f"{collection_of(reference)}/{segment(reference)}/attachments/{segment(identifier)}"
    answer = await api.get_file(path)
    headers = {name: answer.headers[name] for name in ("content-disposition",) if name in answer.headers}
    return Response(answer.content, headers=headers, media_type=answer.headers["content-type"])
