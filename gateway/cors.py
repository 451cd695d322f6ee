"""Cross-origin resource sharing (CORS): the web pages of which origins may read the answers in a browser.

Starlette's middleware answers a preflight from elsewhere with a 400, which browsers' consoles blame on the
request; this one says nothing of origins. Tokens travel in the Authorization header and never in a cookie,
so credentials stay off.
"""

from collections.abc import Callable, Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ANY_ORIGIN = "*"
METHODS = "GET, HEAD, POST"
REQUEST_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-ID, traceparent"
)
EXPOSED = "Location, ETag, Link, Retry-After, RateLimit, RateLimit-Policy, Idempotent-Replayed, X-Request-ID"
"""The response headers that a script may read, besides those that every script may."""

MAX_AGE_SECONDS = 7200
"""The time that a browser need not ask again; none keeps a preflight for longer."""


class CrossOrigin:
    """Marks every answer, a refusal too, as readable by the origins that are listed."""

    def __init__(self, app: ASGIApp, origins: Callable[[], Collection[str]]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if origins := self._origins():
            send = _marked(origins, Headers(scope=scope).get("origin"), send)
        await self._app(scope, receive, send)


def _marked(origins: Collection[str], origin: str | None, send: Send) -> Send:
    async def send_marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if ANY_ORIGIN in origins:
                _expose(headers, ANY_ORIGIN)
            else:
                headers.add_vary_header("Origin")
                if origin is not None and origin in origins:
                    _expose(headers, origin)
        await send(message)

    return send_marked


def _expose(headers: MutableHeaders, origin: str) -> None:
    headers["Access-Control-Allow-Origin"] = origin
    headers["Access-Control-Expose-Headers"] = EXPOSED


def is_preflight(scope: Scope) -> bool:
    """Tell a preflight, which a browser sends by itself and without a token, from other requests."""
    if scope["method"] != "OPTIONS":
        return False
    headers = Headers(scope=scope)
    return "origin" in headers and "access-control-request-method" in headers


def answer_to_preflight(scope: Scope, origins: Collection[str]) -> Response:
    """The headers for an origin; none for one that is not listed."""
    answer = Response(status_code=204)
    if ANY_ORIGIN in origins or Headers(scope=scope)["origin"] in origins:
        answer.headers["Access-Control-Allow-Methods"] = METHODS
        answer.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
        answer.headers["Access-Control-Max-Age"] = str(MAX_AGE_SECONDS)
    return answer
