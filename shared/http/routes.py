"""What every route has: one transaction, Idempotency-Key, If-Match, and the dependencies to reach them."""

import asyncio
import inspect
import random
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.app_state import AppState
from shared.caller import Caller
from shared.db.transaction import transaction
from shared.errors import Conflict, Invalid, TooLarge
from shared.http import idempotency
from shared.http.auth import Requires
from shared.http.paging import CursorSigner, signer_for
from shared.http.problems import problems

IF_MATCH = "the versions that If-Match names"
ETAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')
ETAGS = re.compile(rf"{ETAG.pattern}(?:\s*,\s*{ETAG.pattern})*")
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": idempotency.LONGEST},
    "description": "The same key, path, query and body replay the first answer to whoever may still see it.",
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
KEYWORD = inspect.Parameter.KEYWORD_ONLY
THE_REQUEST = "the_request"


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
        super().__init__(path, _given_ours(endpoint), **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        required = tuple(requirements(self.dependant))

        async def in_transaction(request: Request) -> Response:
            for _ in range(TRIES - 1):
                try:
                    return await _answer(request, handle, required)
                except DBAPIError as problem:
                    if not is_chance(problem):
                        raise
                await asyncio.sleep(random.uniform(0, LONGEST_PAUSE))
            return await _answer(request, handle, required)

        return in_transaction


def requirements(dependant: Dependant) -> Iterator[Requires]:
    """All that a route asks of its caller, through however many dependencies."""
    if isinstance(dependant.call, Requires):
        yield dependant.call
    for further in dependant.dependencies:
        yield from requirements(further)


async def _answer(
    request: Request,
    handle: Callable[[Request], Coroutine[Any, Any, Response]],
    required: Sequence[Requires],
) -> Response:
    resources: AppState = request.app.state.resources
    async with transaction(resources.database) as session:
        request.state.session = session
        session.info[IF_MATCH] = _versions(request.headers.get("if-match"))
        caller: Caller | None = getattr(request.state, "caller", None)
        if request.method == "POST" and idempotency.HEADER in request.headers and caller:
            for requirement in required:  # before a stored answer, which has asked nobody anything
                await requirement(request)
            return await idempotency.once(session, request, caller, handle, resources.clock())
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
async def _resources(request: Request) -> AppState:
    resources: AppState = request.app.state.resources
    return resources


async def _session(request: Request) -> AsyncSession:
    session: AsyncSession = request.state.session
    return session


async def _now(request: Request) -> datetime:
    return (await _resources(request)).clock()


async def _cursors(request: Request) -> CursorSigner:
    return signer_for(request, request.scope["state"].get("caller"), (await _resources(request)).cursor_key)


Running = Annotated[AppState, Depends(_resources)]
Session = Annotated[AsyncSession, Depends(_session)]
Now = Annotated[datetime, Depends(_now)]
Cursors = Annotated[CursorSigner, Depends(_cursors)]
OURS: dict[Any, Callable[[Request], Awaitable[Any]]] = {
    Running: _resources,
    Session: _session,
    Now: _now,
    Cursors: _cursors,
}


def _given_ours(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint as FastAPI is to see it: without the parameters that every route has from us.

    For each parameter FastAPI solves a tree of dependencies anew in every request, which for these few was
    a tenth of what a report costs.
    """
    signature = inspect.signature(endpoint)
    parameters = signature.parameters
    ours = {name: OURS[given.annotation] for name, given in parameters.items() if given.annotation in OURS}
    if not ours:
        return endpoint
    assert inspect.iscoroutinefunction(endpoint), f"{endpoint.__name__} must be async, as every route"
    request = next((name for name, given in parameters.items() if given.annotation is Request), None)

    async def given_ours(**asked: Any) -> Any:
        the_request = asked[request] if request else asked.pop(THE_REQUEST)
        return await endpoint(**asked, **{name: await find(the_request) for name, find in ours.items()})

    others = [given.replace(kind=KEYWORD) for name, given in parameters.items() if name not in ours]
    if not request:
        others.append(inspect.Parameter(THE_REQUEST, KEYWORD, annotation=Request))
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(given_ours, name, getattr(endpoint, name))
    given_ours.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
    return given_ours
