"""Every route of every service: what its signature asks for is what the OpenAPI document says of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from shared.caller import OFFICER
from shared.cases.routers import action
from shared.http.auth import Requires, requires
from shared.http.bodies import FileBody
from shared.http.case_route import CaseRoute, routes_of
from shared.http.health import router as health
from shared.http.idempotency import CASE, LONGEST
from shared.work import UnitOfWork
from tests.shared.answering import Act
from tests.shared.example.directory import WITH_EXAMPLE
from tests.support.apps import app_of


@dataclass(frozen=True)
class Walked:
    """One route of a service, and what its document says of it."""

    service: str
    context: RouteContext
    operation: dict[str, Any]
    method: str

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.context.path}"

    @property
    def route(self) -> CaseRoute:
        assert isinstance(self.context.original_route, CaseRoute)
        return self.context.original_route

    @property
    def dependencies(self) -> list[Dependant]:
        return self.route.dependant.dependencies

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """The parameters that the document names, by their name."""
        listed = self.operation.get("parameters", [])
        named = {parameter["name"]: parameter for parameter in listed}
        assert len(named) == len(listed)
        return named


def walk(service: str) -> Iterator[tuple[RouteContext, dict[str, Any], str]]:
    """Each route of a service but that of the document itself, which shows all the others."""
    paths = app_of(service).openapi()["paths"]
    for context in iter_route_contexts(app_of(service).routes):
        if isinstance(context.original_route, APIRoute):
            for method in context.methods or ():
                yield context, paths[str(context.path)][method.lower()], method


HEALTH = {route.path for route in iter_route_contexts(health.routes)}


@cache
def walked(service: str) -> list[Walked]:
    """The routes of a service but those of its health."""
    return [
        Walked(service, context, operation, method)
        for context, operation, method in walk(service)
        if context.path not in HEALTH
    ]


@pytest.fixture(params=WITH_EXAMPLE.names)
def routes(request: pytest.FixtureRequest) -> list[Walked]:
    """The routes of each service: a test for each would take ten times as long to be told of."""
    return walked(request.param)


def test_all_routes_are_walked() -> None:
    """Each service has some, and the whole at least as many as there were when this was written."""
    routes = [each for service in WITH_EXAMPLE.names for each in walked(service)]
    assert {each.service for each in routes} == set(WITH_EXAMPLE.names)
    assert len(routes) >= 59
    assert {each.method for each in routes} == {"GET", "POST"}


def test_every_route_is_a_case_route_that_asks_one_thing_of_its_caller(routes: list[Walked]) -> None:
    """A plain route of FastAPI's would read the body of whoever comes, and begin no unit of work."""
    for route in routes:
        asked = [each for each in route.dependencies if isinstance(each.call, Requires)]
        assert len(asked) == 1, route
        assert asked[0].name, f"{route}: without a name in the signature the endpoint gets no unit of work"


def test_nothing_is_asked_beside_the_signature(routes: list[Walked]) -> None:
    """CaseRoute does not see what `include_router` and `FastAPI` are given as `dependencies`."""
    for route in routes:
        assert list(route.context.dependencies) == [], route
        assert len(route.context.dependant.dependencies) == len(route.dependencies), route


@pytest.mark.parametrize("service", WITH_EXAMPLE.names)
def test_no_application_asks_anything_of_all_its_routes(service: str) -> None:
    """It would be asked of the routes that a load balancer calls without a token, and of no other."""
    assert app_of(service).router.dependencies == []
    assert app_of(service).dependency_overrides == {}


def test_the_document_says_that_a_token_is_needed(routes: list[Walked]) -> None:
    """And no longer names the unit of work, which no caller sends."""
    for route in routes:
        assert route.operation["security"] == [{"accessToken": []}], route
        [marker] = [each for each in route.dependencies if isinstance(each.call, Requires)]
        assert marker.name not in route.parameters, route


@pytest.mark.parametrize("service", WITH_EXAMPLE.names)
def test_the_document_says_what_a_token_is(service: str) -> None:
    """One scheme, and the routes that need no token do not name it."""
    document = app_of(service).openapi()
    [(name, scheme)] = document["components"]["securitySchemes"].items()
    assert (name, scheme["type"], scheme["scheme"]) == ("accessToken", "http", "bearer")
    for path in HEALTH & set(document["paths"]):
        assert "security" not in document["paths"][path]["get"]


def test_the_document_names_the_headers_that_a_post_takes(routes: list[Walked]) -> None:
    """An Idempotency-Key on each, an If-Match on those that act on a case; and every part of the path."""
    for route in routes:
        changes = route.method == "POST" and route.context.status_code == 201  # a 200 only asks
        expected = {"Idempotency-Key"} if changes else set()
        is_act = changes and f"{{{CASE}}}" in str(route.context.path)
        expected |= {"If-Match"} if is_act else set()
        in_headers = {name for name, each in route.parameters.items() if each["in"] == "header"}
        assert in_headers == expected, route
        if expected:
            assert route.parameters["Idempotency-Key"]["schema"]["maxLength"] == LONGEST, route
        in_path = {name for name, each in route.parameters.items() if each["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", str(route.context.path))), route


def test_the_document_says_how_a_body_may_be_refused(routes: list[Walked]) -> None:
    """409 for a key that is in use, 413 and 415; and a GET has no body."""
    for route in routes:
        if route.method == "POST":
            assert {"409", "413", "415", "422"} <= set(route.operation["responses"]), route
        else:
            assert "requestBody" not in route.operation, route


def test_the_document_says_what_the_body_is(routes: list[Walked]) -> None:
    """JSON for a model, or a file of the types that the route takes."""
    for route in routes:
        files = [each.call for each in route.dependencies if isinstance(each.call, FileBody)]
        content = route.operation.get("requestBody", {}).get("content", {})
        if files:
            [file] = files
            assert set(content) == set(file.media_types), route
        elif route.route.dependant.body_params:
            assert set(content) == {"application/json"}, route
        else:
            assert content == {}, route


def test_an_act_is_named_by_its_path(routes: list[Walked]) -> None:
    """The name that a refusal and a case list as allowed is the path to which a client posts."""
    for route in routes:
        [marker] = [each.call for each in route.dependencies if isinstance(each.call, Requires)]
        assert isinstance(marker, Requires), route
        if marker.action is None:
            continue
        _, found, act = str(route.context.path).partition(f"{{{CASE}}}/")
        assert act == marker.action if found else str(route.context.path).endswith(f"/{marker.action}"), route
        assert route.operation["summary"], route


Officer = Annotated[UnitOfWork, requires(OFFICER)]


async def _nothing() -> None:
    """Ask nothing of anybody."""


def add_route(router: APIRouter, endpoint: Any) -> None:
    router.add_api_route("/v1/things/{reference}/act", endpoint, methods=["POST"], **action("Do it"))


async def _asks_nobody(reference: str) -> None:
    raise AssertionError(reference)


async def _asks_twice(reference: str, work: Officer, by: Officer) -> None:
    raise AssertionError(reference, work, by)


async def _two_bodies(work: Officer, one: dict[str, str], other: dict[str, str]) -> None:
    raise AssertionError(work, one, other)


@pytest.mark.parametrize("endpoint", [_asks_nobody, _asks_twice, _two_bodies])
def test_a_route_that_was_written_wrong_is_not_built(endpoint: Any) -> None:
    """It is found when the service starts, and not by whoever calls it."""
    with pytest.raises(AssertionError, match=r"must ask one thing of its caller|more than one body"):
        add_route(routes_of(), endpoint)


def test_the_walk_finds_what_an_inclusion_adds() -> None:
    """Without this the test above would show nothing."""

    async def endpoint(reference: str, work: Officer) -> None:
        raise AssertionError(reference, work)

    router, app = routes_of(), FastAPI()
    add_route(router, endpoint)
    app.include_router(router, dependencies=[Depends(_nothing)])
    [context] = [each for each in iter_route_contexts(app.routes) if str(each.path).startswith("/v1")]
    assert len(context.dependencies) == 1


def test_each_routers_routes_ask_their_own_question() -> None:
    """Two kinds of cases in one service allow different acts; a router made without one asks none."""

    async def one(_: UnitOfWork, __: str) -> list[str]:
        return [Act.NOTE]

    async def other(_: UnitOfWork, __: str) -> list[str]:
        return [Act.ANSWER]

    routers = [routes_of(one), routes_of(other), routes_of()]
    kinds = [router.route_class for router in routers]
    assert [kind.allowed for kind in kinds if issubclass(kind, CaseRoute)] == [(one,), (other,), ()]
    assert CaseRoute.allowed == ()
