"""CaseRoute: what every route of a service does before and after its endpoint, in one order.

1. the caller: 401 without a good token, 403 without the role or scope that the route's marker names
2. the body: 415 for another media type, 413 once it is longer than the route takes, 422 unless it is JSON
3. an Idempotency-Key: the stored answer, to whoever passes the route's own rule
4. the model and the parameters: 422 with a pointer for each field that cannot be right
5. the endpoint, in one unit of work that is committed before the answer is sent
6. ETag and Location, or 304 where nothing has changed; and after a refused act, what the case allows instead

An act is replayed where its use case finds the case, so its body is validated first. Where the marker is on a
Creation, 3 comes last: the statement that inserts the case finds the stored answer.
A POST that is answered 200 only asks, with a body in place of a query: it may change nothing, and knows no
Idempotency-Key and no If-Match.

So no endpoint and no use case knows of these. FastAPI's own handler reads and parses the body before it asks
any dependency; it is replaced here, and its solver kept for path, query and other dependencies. All that
leans on FastAPI's inside is in this file, and tests/shared/http/test_case_route.py holds it to that.
"""

import asyncio
import dataclasses
import random
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any, ClassVar, cast, get_type_hints

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import SolvedDependency, get_flat_params, solve_dependencies
from fastapi.exceptions import RequestValidationError
from fastapi.params import Param
from fastapi.routing import APIRoute

from shared.app_state import AppState
from shared.caller import Caller
from shared.db.errors import is_retryable
from shared.errors import Conflict, RefusedAct, TooLarge, UnsupportedMediaType
from shared.http import conditional, idempotency
from shared.http.auth import Requires
from shared.http.bodies import BodyReader
from shared.http.idempotency import Keyed, OnReplay
from shared.http.paging import link_next
from shared.http.parameters import Parameters
from shared.http.problems import problems
from shared.telemetry import get_logger
from shared.work import Creation, UnitOfWork, Work, commit_creation, unit_of_work

log = get_logger(__name__)

CREATED = 201
TRIES = 3
LONGEST_PAUSE = 0.1
"""Seconds before another try: drawn at random, so that two that collided do not collide again."""

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": idempotency.LONGEST},
    "description": "The same key, path, query and body replay the first answer to whoever may still see it.",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The case's ETag as it was read; answered 412 when the case has changed since.",
}

Allowed = Callable[[UnitOfWork, str], Awaitable[list[str]]]
"""The acts that a case, by its reference, allows the caller now."""


class CaseRoute(APIRoute):
    """A route of a service."""

    allowed: ClassVar[tuple[Allowed, ...]] = ()
    on_replay: ClassVar[tuple[OnReplay, ...]] = ()

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if "POST" in (options.get("methods") or ()):
            parameters = [IDEMPOTENCY_KEY, *([IF_MATCH] if "{reference}" in path else [])]
            if options.get("status_code") == CREATED:
                options["openapi_extra"] = {"parameters": parameters, **(options.get("openapi_extra") or {})}
            always = problems(Conflict, TooLarge, UnsupportedMediaType)
            options["responses"] = {**always, **(options.get("responses") or {})}
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        # Called once more by each `include_router`, so nothing may be kept on self.
        return RouteHandler(self).answer


def routes_of(allowed: Allowed | None = None, on_replay: OnReplay | None = None, **options: Any) -> APIRouter:
    """A router of CaseRoutes; `allowed` is asked after an act on one of its cases was refused.

    `on_replay` notes that a stored answer about one is shown again.
    """
    own = {"allowed": (allowed,) if allowed else (), "on_replay": (on_replay,) if on_replay else ()}
    return APIRouter(route_class=type("CaseRoute", (CaseRoute,), own), **options)


class RouteHandler:
    """The handler of one route, with what was read from its signature when the route was built."""

    def __init__(self, route: CaseRoute) -> None:
        markers = [each for each in route.dependant.dependencies if isinstance(each.call, Requires)]
        assert len(markers) == 1, f"{route.path} must ask one thing of its caller"
        self._route = route
        self._changes = route.status_code == CREATED
        self._requires, self._work_name = cast(Requires, markers[0].call), str(markers[0].name)
        self._creates = get_type_hints(route.endpoint)[self._work_name] is Creation
        self._on_replay = route.on_replay[0] if route.on_replay else None
        self._body = BodyReader(route.dependant)
        self._others = _without(route.dependant, markers[0], self._body.dependency)
        self._has_others = _asks_anything(self._others)
        self._parameters = Parameters(
            (cast(Param, field.field_info).in_.value, field.alias, field.field_info.annotation)
            for field in get_flat_params(self._others)
        )

    async def answer(self, request: Request) -> Response:
        """Answer a request; raises Refusal, RequestValidationError, and what the database raises."""
        state: AppState = request.app.state.resources
        caller = self._requires.admit(request.scope["state"]["caller"])
        raw = await self._body.read(request, state.settings.body_limit)
        self._body.check_well_formed(raw)
        keyed = idempotency.keyed(request, raw, self._body.by_value) if self._changes else None
        attempt = self._create if self._creates else self._act
        for _ in range(TRIES - 1):
            try:
                return await attempt(request, state, caller, raw, keyed)
            except Exception as problem:
                if not is_retryable(problem):
                    raise
            await asyncio.sleep(random.uniform(0, LONGEST_PAUSE))
        return await attempt(request, state, caller, raw, keyed)

    async def _create(
        self, request: Request, state: AppState, caller: Caller, raw: bytes, keyed: Keyed | None
    ) -> Response:
        async def run(work: Creation) -> Response:
            return await self._call(work, request, raw)

        work = Creation(state, caller, state.clock())
        if keyed is not None:
            return await idempotency.create_once(work, keyed, run, self._on_replay)
        answer = await run(work)
        await commit_creation(work)
        return answer

    async def _act(
        self, request: Request, state: AppState, caller: Caller, raw: bytes, keyed: Keyed | None
    ) -> Response:
        now = state.clock()
        if_match = request.headers.get("if-match") if self._changes else None
        versions = conditional.expected_versions(if_match)
        only_asks = request.method == "POST" and not self._changes

        async def run(work: UnitOfWork) -> Response:
            return await self._call(work, request, raw)

        try:
            async with unit_of_work(
                state, caller, now=now, expected_versions=versions, read_only=only_asks
            ) as work:
                if keyed is None:
                    return await run(work)
                return await idempotency.once(work, keyed, run, self._on_replay)
        except RefusedAct as refused:
            # Only now: the first connection has been given back, so a full pool cannot wait for itself.
            refused.allowed = await self._allowed(request, state, caller, now)
            raise

    async def _call(self, work: Work, request: Request, raw: bytes) -> Response:
        """Validate, call the endpoint, serialise what it returns, and say its version and its place."""
        others = await self._solve_others(request) if self._has_others else None
        body, errors = self._body.validated(raw, request)
        errors += [*self._parameters.errors(request), *(others.errors if others else ())]
        if errors:
            raise RequestValidationError(errors)
        values = others.values if others else {}
        result = await self._route.endpoint(**values, **body, **{self._work_name: work})
        if isinstance(result, Response):
            return result
        assert self._route.response_field is not None, f"{self._route.path} does not say what it answers"
        content = self._route.response_field.serialize_json(result)
        response = Response(content, self._route.status_code or 200, media_type="application/json")
        if others is not None:
            response.raw_headers.extend(others.response.raw_headers)
        conditional.describe(response, result, is_new=self._changes)
        link_next(request, response, result)
        if conditional.is_not_modified(response, request.headers.get("if-none-match")):
            return Response(status_code=304, headers={"ETag": response.headers["ETag"]})
        return response

    async def _solve_others(self, request: Request) -> SolvedDependency:
        return await solve_dependencies(
            request=request,
            dependant=self._others,
            dependency_overrides_provider=self._route.dependency_overrides_provider,
            async_exit_stack=request.scope["fastapi_inner_astack"],
            embed_body_fields=False,
        )

    async def _allowed(
        self, request: Request, state: AppState, caller: Caller, now: datetime
    ) -> list[str] | None:
        """The other acts that the case allows the caller; None where that cannot be read just now."""
        reference = request.path_params.get(idempotency.CASE)
        if reference is None or not self._route.allowed:
            return None
        [allowed] = self._route.allowed
        try:
            async with unit_of_work(state, caller, now=now, read_only=True) as work:
                acts = await allowed(work, reference)
        except Exception as problem:  # the refusal stands, whatever keeps us from saying more
            log.warning("what a case allows could not be read", extra={"error": type(problem).__name__})
            return None
        return [act for act in acts if act != self._requires.action]


def _without(dependant: Dependant, *ours: Dependant | None) -> Dependant:
    """The dependant that FastAPI is left to solve: path, query, headers and other dependencies."""
    others = [each for each in dependant.dependencies if not any(each is one for one in ours)]
    return dataclasses.replace(dependant, dependencies=others, body_params=[])


def _asks_anything(dependant: Dependant) -> bool:
    """Tell whether there is anything to solve; a report has but its body, and FastAPI takes its time."""
    lists = (
        dependant.path_params,
        dependant.query_params,
        dependant.header_params,
        dependant.cookie_params,
        dependant.dependencies,
    )
    named = (
        dependant.request_param_name,
        dependant.http_connection_param_name,
        dependant.response_param_name,
        dependant.background_tasks_param_name,
        dependant.security_scopes_param_name,
    )
    return any(lists) or any(named)
