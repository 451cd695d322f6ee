"""A form that was not taken, kept with all that was typed in it, so that it can be sent again."""

from fastapi import Request
from starlette.responses import Response

from services.board.frame import ROOT, Link, page
from services.board.pages.safety import TITLE
from services.board.signin import FIELD, current
from shared.caller import Role
from shared.telemetry import request_id

SIGNED_OUT, TOO_MANY, AWAY, UNKNOWN = 401, 429, 503, 504
KEY = "key"
FOR_RESIDENTS = (f"{ROOT}/mine/", f"{ROOT}/report/")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def brings_a_form(request: Request) -> bool:
    """Tell if a person sent a form; what a script sends, it keeps by itself."""
    kind = request.headers.get("content-type", "")
    return request.method == "POST" and kind.startswith(FORMS) and "hx-request" not in request.headers


async def keep_form(
    request: Request, trouble: int, said: str = "", *, back: Link | None = None
) -> Response | None:
    """The page with the form as it was sent, under its own key; None for a form that is none of ours.

    It keeps the token of whoever was shown it: nobody else can send it.
    """
    form = await request.form()
    if not form.get(FIELD):
        return None
    if trouble == UNKNOWN and not form.get(KEY):
        trouble = AWAY
    sent = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    is_private = is_for_residents(request)
    return page(
        request,
        "kept.html",
        TITLE if is_private else "Not sent yet",
        status=trouble,
        back=back,
        private=is_private,
        address=request.scope["path"],
        sent=sent,
        words=[value for name, value in sent if name != FIELD and len(value.split()) > 1],
        has_photo=len(sent) < len(form.multi_items()),
        trouble=trouble,
        said=said,
        trace_id=request_id.get(),
    )


def is_for_residents(request: Request) -> bool:
    """Tell if somebody else may look at this screen: the page is left at once by a button, as theirs are."""
    session = current(request)
    is_resident = session is None or Role.RESIDENT in session.roles
    return is_resident and request.scope["path"].startswith(FOR_RESIDENTS)
