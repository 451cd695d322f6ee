"""Every refusal as `application/problem+json` (RFC 9457), and nothing else about what went wrong inside."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Match

from shared.db.errors import DatabaseError, PoolExhausted, is_transient, is_unstorable_text
from shared.errors import (
    Forbidden,
    Invalid,
    Refusal,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)
from shared.standards.calendar import FIRST_YEAR, LAST_YEAR, OutsideCalendar
from shared.telemetry import get_logger, request_id

log = get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "urn:housing-service-standards:problem:"
BROKEN_OFF = "The request broke off or cannot be read"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PLAIN_TITLES = {404: "There is no such page", 405: "This method is not allowed here"}


Error = dict[str, Any]
"""One field that cannot be right, as pydantic and FastAPI tell it."""

MOST_ERRORS = 100
# pydantic's own words name no field, or repeat a part of what was sent
WORDS = {
    "extra_forbidden": "an unknown field is here",
    "uuid_parsing": "give a UUID, as in 3fa85f64-5717-4562-b3fc-2c963f66afa6",
}


class FieldError(BaseModel):
    """One field that cannot be right: an RFC 6901 pointer, and why."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """A problem document (RFC 9457); some say more, such as what may be had instead."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    trace_id: str
    errors: list[FieldError] | None = None
    allowed: list[str] | None = None


def problem_response(
    status: int,
    slug: str,
    title: str,
    detail: str,
    members: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem as a response; `trace_id` is the request id that the logs carry."""
    document = {
        "type": TYPE_BASE + slug,
        "title": title,
        "status": status,
        "detail": detail,
        "trace_id": request_id.get(),
        **(members or {}),
    }
    return Response(orjson.dumps(document), status, dict(headers or {}), MEDIA_TYPE)


def respond(refusal: Refusal) -> Response:
    """A refusal as its problem response."""
    return problem_response(
        refusal.status, refusal.slug, refusal.title, refusal.detail, refusal.members(), refusal.headers()
    )


def problem_of(refusal: Refusal) -> Problem:
    """A refusal as a document inside another answer, such as one item of a batch."""
    return Problem.model_validate(
        {
            "type": TYPE_BASE + refusal.slug,
            "title": refusal.title,
            "status": refusal.status,
            "detail": refusal.detail,
            "trace_id": request_id.get(),
            **refusal.members(),
        }
    )


def problems(*refusals: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may refuse so, besides what every route may answer."""
    always: tuple[type[Refusal], ...] = (Unauthenticated, Forbidden, Invalid, TooManyRequests, Unavailable)
    titles = {400: BROKEN_OFF} | {refusal.status: refusal.title for refusal in (*always, *refusals)}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": title, "content": content} for status, title in titles.items()}


def install(app: FastAPI) -> None:
    """Answer every way a request can fail with a problem."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(PoolExhausted, _database_away)
    app.add_exception_handler(DatabaseError, _database_failed)
    app.add_exception_handler(OSError, _database_away)
    app.add_exception_handler(ClientDisconnect, _broken_off)
    app.add_exception_handler(PydanticCustomError, _wrong_together)
    app.add_exception_handler(OutsideCalendar, _beyond_the_calendar)


async def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return respond(refusal)


async def _unreadable(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return respond(InvalidFields(error.errors()))


async def _wrong_together(_: Request, error: Exception) -> Response:
    """A rule over several parameters, asked by an endpoint."""
    assert isinstance(error, PydanticCustomError)
    return respond(Invalid(error.message(), (error.context or {}).get("pointer", "")))


class InvalidFields(Invalid):
    """Fields that cannot be right: each said once, and 100 at most, of however many."""

    def __init__(self, errors: Iterable[Mapping[str, Any]]) -> None:
        told = dict.fromkeys((_pointer_of(error), _words_of(error)) for error in errors)
        super().__init__(f"{len(told)} field(s) cannot be accepted; see errors.")
        self._told = list(told)[:MOST_ERRORS]

    def members(self) -> dict[str, object]:
        return {"errors": [{"pointer": pointer, "detail": detail} for pointer, detail in self._told]}


def errors_of(wrong: ValidationError) -> list[Error]:
    """The errors of a body, without its values."""
    found = wrong.errors(include_url=False, include_input=False)
    return [{**error, "loc": ("body", *error["loc"])} for error in found]


def _words_of(error: Mapping[str, Any]) -> str:
    return WORDS.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")


def _pointer_of(error: Mapping[str, Any]) -> str:
    """`("body", "contact", "email")` → `/contact/email`; for a query or header, its name.

    A rule over several fields names the one it means in the error's context. An unknown field is told where
    it is, and not by the name that the caller has given it.
    """
    location: tuple[int | str, ...] = error["loc"]
    if error["type"] == "json_invalid":  # it is then the place in the text where reading stopped
        return ""
    parts = location[1:] if location and location[0] in {"body", "query", "path", "header"} else location
    if error["type"] == "extra_forbidden":
        parts = parts[:-1]
    if location[:1] in {("query",), ("path",), ("header",)}:  # after its name, the type that it was tried as
        parts = parts[:1]
    place = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
    return place + str(error.get("ctx", {}).get("pointer", ""))


async def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = PLAIN_TITLES.get(error.status_code, "The request was refused")
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_allowed_methods(request))
    return problem_response(error.status_code, "http", title, title, headers=headers)


def _allowed_methods(request: Request) -> list[str]:
    """The methods of a path, over all routes: Starlette names only those of the first (RFC 9110 15.5.6)."""
    allowed = [method for method in METHODS if _has_route(request, method)]
    return ["GET", "HEAD", *allowed[1:]] if "GET" in allowed else allowed


def _has_route(request: Request, method: str) -> bool:
    asked = {**request.scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)


async def _beyond_the_calendar(_: Request, error: Exception) -> Response:
    """A promise that would be counted over days of which nobody can say whether they are worked."""
    log.warning("a date beyond the calendar was counted with", exc_info=error)
    return respond(Invalid(f"Dates are counted in the years {FIRST_YEAR} to {LAST_YEAR}, and this leads on."))


async def _database_away(_: Request, error: Exception) -> Response:
    log.warning("database away or pool exhausted", extra={"error": type(error).__name__})
    return respond(Unavailable("The service cannot reach its data just now; please try again.", 2))


async def _database_failed(request: Request, error: Exception) -> Response:
    if is_transient(error):
        return await _database_away(request, error)
    if isinstance(error, DatabaseError) and is_unstorable_text(error):
        return respond(Invalid("A text holds a character that cannot be kept, such as U+0000."))
    return unexpected(error)


async def _broken_off(_: Request, __: Exception) -> Response:
    return problem_response(400, "http", BROKEN_OFF, BROKEN_OFF)  # read by nobody: the caller has gone


def unexpected(error: Exception) -> Response:
    """An unexpected error, in the log, and as a problem that tells nothing of it."""
    log.error("unexpected error", exc_info=error)
    return problem_response(
        500, "internal", "Something went wrong here", "This was recorded and is looked into."
    )
