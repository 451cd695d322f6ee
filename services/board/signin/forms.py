"""Forms that only the person who was shown them can send, from the browser in which they were (CSRF).

A form's token is bound to the browser and to who was signed in: it is good again after they have signed in
once more, and for nobody else. It is another at each showing, since pages are compressed.
"""

from hashlib import sha256
from secrets import compare_digest
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request

from services.board.sealing import Sealer
from services.board.signin.sessions import current, held
from services.board.state import state_of

FIELD = "csrf"
SECONDS = 24 * 60 * 60
"""A form that was left open overnight is made again."""


class FormRefused(Exception):
    """A form that was made for somebody else, in another browser, or by another site."""


class SignedOut(FormRefused):
    """A form that was made in this browser for somebody who is not signed in any more."""


def form_token(request: Request) -> str:
    """The value of the hidden field of a form on the page that is asked for."""
    return _sealer(request).seal(FIELD, _sender(request))


async def checked_form(request: Request) -> FormData:
    """The form that was sent; raises FormRefused, and SignedOut where a sign-in makes it good again."""
    form = await request.form()
    token = form.get(FIELD)
    made_for = _sealer(request).open(FIELD, token if isinstance(token, str) else None, SECONDS)
    if not isinstance(made_for, str):
        raise FormRefused
    if not compare_digest(made_for.encode(), _sender(request).encode()):
        browser = made_for.partition(" ")[0]
        is_of_here = compare_digest(browser.encode(), held(request).browser.encode())
        raise SignedOut if is_of_here and current(request) is None else FormRefused
    return form


def reader_mark(request: Request) -> str:
    """A mark of whoever a page is shown to: another once they have left, or somebody else has come."""
    return sha256(_sender(request).encode()).hexdigest()[:16]


def own_page(path: str, root: str) -> str:
    """The path where it is a page of ours, else our first: nobody is led to another site after a sign-in."""
    try:
        parts = urlsplit(path)
    except ValueError:  # half of an address of IPv6
        return root
    is_ours = not parts.scheme and not parts.netloc and (parts.path == root or path.startswith(f"{root}/"))
    return path if is_ours and path.isprintable() and "\\" not in path else root


def _sender(request: Request) -> str:
    session = current(request)
    return f"{held(request).browser} {session.person if session else ''}"


def _sealer(request: Request) -> Sealer:
    return state_of(request).sealer
