"""What every route has: one transaction, Idempotency-Key, If-Match, and the dependencies to reach them."""

import asyncio
import random
import re
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import transaction
from shared.errors import Conflict, Invalid, TooLarge
from shared.http import idempotency
from shared.http.auth import Caller
from shared.http.problems import problems
from shared.resources import Resources

IF_MATCH = "the versions that If-Match names"
ETAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')
ETAGS = re.compile(rf"{ETAG.pattern}(?:\s*,\s*{ETAG.pattern})*")
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": idempotency.LONGEST},
    "description": "The same key and body replays the first answer.",
}
IF_MATCH_HEADER = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The case's ETag as it was read; answered 412 when the case has changed since.",
}
TRIES = 3
LONGEST_PAUSE = 0.1  # seconds before another try; by chance, so that those who collided do not again
TRY_AGAIN = {"40001", "40P01"}  # serialisation failure, deadlock
TAKEN = "23505"  # unique violation


class TransactionalRoute(APIRoute):
    """Runs the whole request in one transaction, committed before the answer is sent.

    FastAPI's `yield` dependencies end after the answer by default, which would say 201 to what may
    yet be lost; and a stored idempotent answer must be committed with the work it answers for.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if "POST" in (options.get("methods") or ()):
            described = [IDEMPOTENCY_KEY, *([IF_MATCH_HEADER] if "{reference}" in path else [])]
            options["openapi_extra"] = {"parameters": described, **(options.get("openapi_extra") or {})}
            options["responses"] = {**problems(Conflict, TooLarge), **(options.get("responses") or {})}
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def in_transaction(request: Request) -> Response:
            for _ in range(TRIES - 1):
                try:
                    return await _answer(request, handle)
                except DBAPIError as problem:
                    if not is_chance(problem):
                        raise
                await asyncio.sleep(random.uniform(0, LONGEST_PAUSE))
            return await _answer(request, handle)

        return in_transaction


async def _answer(request: Request, handle: Callable[[Request], Coroutine[Any, Any, Response]]) -> Response:
    resources: Resources = request.app.state.resources
    async with transaction(resources.database) as session:
        request.state.session = session
        session.info[IF_MATCH] = _versions(request.headers.get("if-match"))
        caller: Caller | None = getattr(request.state, "caller", None)
        if request.method == "POST" and idempotency.HEADER in request.headers and caller:
            return await idempotency.once(session, request, caller.subject, handle, resources.clock())
        return await handle(request)


def is_chance(problem: DBAPIError) -> bool:
    """Whether the same work may succeed at once: a deadlock, or a new reference that happened to exist."""
    state = getattr(problem.orig, "sqlstate", None)
    if state == TAKEN:
        constraint = getattr(problem.orig.__cause__, "constraint_name", None) if problem.orig else None
        return str(constraint).startswith("pk_")
    return state in TRY_AGAIN


def _versions(header: str | None) -> frozenset[str] | None:
    """The versions one of which must be the case's, None for any; a tag that was never ours is none's."""
    if header is None or header.strip() == "*":
        return None
    if ETAGS.fullmatch(header.strip()) is None:
        raise Invalid('If-Match must be an ETag in quotation marks, as in "3".', "/if-match")
    return frozenset(ETAG.findall(header))


# Coroutines, though they wait for nothing: FastAPI runs a plain function in a thread, at a third of the rate.
async def _resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


async def _session(request: Request) -> AsyncSession:
    session: AsyncSession = request.state.session
    return session


async def _now(request: Request) -> datetime:
    return (await _resources(request)).clock()


Running = Annotated[Resources, Depends(_resources)]
Session = Annotated[AsyncSession, Depends(_session)]
Now = Annotated[datetime, Depends(_now)]
