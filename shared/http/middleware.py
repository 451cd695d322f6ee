"""Request id, access log, metrics and the last resort, as one pure ASGI middleware; and HEAD wherever GET is.

Starlette's BaseHTTPMiddleware costs 130 µs a request. Its handler for unexpected errors runs outside of all
middleware, and so would answer without the request id by which the error is found in the log.
"""

import re
import time
from collections.abc import Iterable, Mapping
from secrets import token_hex
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.problems import unexpected
from shared.references import normalised
from shared.telemetry import REQUESTS, get_logger, request_id, service_name

log = get_logger(__name__)

X_REQUEST_ID = b"x-request-id"
REQUEST_ID = r"[A-Za-z0-9._:-]{1,128}"
WELL_FORMED = re.compile(REQUEST_ID.encode())


def request_id_from(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The caller's X-Request-ID when it is well-formed, else a new one."""
    given = next((value for name, value in headers if name == X_REQUEST_ID), b"")
    return given.decode("ascii") if WELL_FORMED.fullmatch(given) else token_hex(16)


class RequestContext:
    """Gives a request its id, returns it, and records how the request went."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identifier = request_id_from(scope["headers"])
        token, name = request_id.set(identifier), service_name.set(self._service)
        started = time.perf_counter()
        status = 500
        begun = False

        async def send_with_id(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                others = [each for each in message.get("headers", ()) if each[0] != X_REQUEST_ID]
                message = {**message, "headers": [*others, (X_REQUEST_ID, identifier.encode("ascii"))]}
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:
            if begun:
                raise  # the server cuts the connection, which shows that something is missing
            await unexpected(error)(scope, receive, send_with_id)
        finally:
            self._record(scope, status, time.perf_counter() - started)
            request_id.reset(token)
            service_name.reset(name)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        template = str(getattr(scope.get("route"), "path", "-"))
        REQUESTS.labels(self._service, scope["method"], template, str(status)).observe(seconds)
        path = _loggable_path(template, scope.get("path_params", {}))
        about = {"method": scope["method"], "route": template, "path": path, "status": status}
        log.info("request", extra={**about, "milliseconds": round(seconds * 1000, 2)})


def _loggable_path(template: str, parameters: Mapping[str, Any]) -> str:
    """The path without its query, with the references and numbers in it and nothing else.

    A query may name a postcode, and somebody may type a name where a reference belongs.
    """
    path = template
    for name, value in parameters.items():
        if str(value).isdecimal() or normalised(str(value)) is not None:
            path = path.replace(f"{{{name}}}", str(value))
    return path


class HeadByGet:
    """Answers HEAD wherever GET is (RFC 9110 section 9.1), with the headers that GET would have."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_without_body)
