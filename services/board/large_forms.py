"""Forms that are too large: shown again with what was typed, or answered by a page that says what to do."""

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.bodies import REFUSED_BODY

MOST_OF_A_PHOTO = 12 * 1024 * 1024
"""The largest photo that the API keeps."""

MOST_OF_A_FORM = 2 * MOST_OF_A_PHOTO
"""Larger than any photo that is kept, and what a form with one may fill of the disk."""


class TooMuch(Exception):
    """A form that the gateway did not pass on, for it was larger than any may be."""


async def refuse_too_much(request: Request) -> None:
    """Raise TooMuch for a request whose body the gateway kept back."""
    if REFUSED_BODY in request.headers:
        raise TooMuch


class ShortenedForms:
    """Cuts off a form's photo beyond what any may have, so that the fields before it are read all the same.

    A photo is the last field of its form. What is cut off is too large to be kept, and is told so beside its
    field; it is still received, as a browser that is cut off itself shows a page of its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        boundary = _boundary_of(scope)
        await self._app(scope, _Shortened(receive, boundary).receive if boundary else receive, send)


class _Shortened:
    def __init__(self, receive: Receive, boundary: bytes) -> None:
        self._receive = receive
        self._end = b"\r\n--" + boundary + b"--\r\n"
        self._left = MOST_OF_A_FORM

    async def receive(self) -> Message:
        """The next message; the one that is over the limit is the last, and ends the form."""
        message = await self._receive()
        body = message.get("body", b"")
        self._left -= len(body)
        if self._left >= 0:
            return message
        while message.get("more_body"):
            message = await self._receive()
        if message["type"] == "http.disconnect":
            return message
        kept = body[: len(body) + self._left]
        return {"type": "http.request", "body": kept + self._end, "more_body": False}


def _boundary_of(scope: Scope) -> bytes | None:
    """The line between the fields of a form with files; None for any other request."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    _, options = parse_options_header(Headers(scope=scope).get("content-type"))
    return options.get(b"boundary")
