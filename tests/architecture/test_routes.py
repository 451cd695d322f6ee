"""Every route of every service and of the gateway: who may call it, what it is, and how it refuses."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.responses import Response

from shared.http.auth import Requires
from tests.shared.example.directory import WITH_EXAMPLE
from tests.support.apps import app_of, pages_of_the_gateway

# What anybody may read without a token. Everything under /internal is reachable only from inside.
PUBLIC = {
    ("service", "GET", "/openapi.json"),
    ("service", "GET", "/health/live"),
    ("service", "GET", "/health/ready"),
    ("service", "GET", "/internal/status"),
    ("service", "GET", "/internal/metrics"),
    ("gateway", "GET", "/"),
    ("gateway", "GET", "/docs"),
    ("gateway", "GET", "/docs/start.js"),
    ("gateway", "GET", "/openapi.json"),
    ("gateway", "GET", "/.well-known/jwks.json"),
    ("gateway", "GET", "/health/live"),
    ("gateway", "GET", "/health/ready"),
    ("gateway", "GET", "/status"),
    ("gateway", "POST", "/v1/token"),
}
ALWAYS_POSSIBLE = {401, 403, 422, 429, 503}
ON_A_CASE = {404, 409, 412}


@cache
def app(owner: str) -> FastAPI:
    """A service's application, or the gateway's own pages."""
    return pages_of_the_gateway() if owner == "gateway" else app_of(owner)


def walk(owner: str) -> Iterator[tuple[str, RouteContext]]:
    """Each route, once for each of its methods."""
    for route in iter_route_contexts(app(owner).routes):
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, route


OWNERS = (*WITH_EXAMPLE.names, "gateway")

# not a test for each route: pytest would take ten times as long to tell of it
every_owner = pytest.mark.parametrize("owner", OWNERS)


def requirements(dependant: Dependant) -> list[Requires]:
    """The `Requires` markers of a route, its own or of a dependency."""
    own = [each.call for each in dependant.dependencies if isinstance(each.call, Requires)]
    return own + [further for each in dependant.dependencies for further in requirements(each)]


def kind(owner: str) -> str:
    return "gateway" if owner == "gateway" else "service"


def is_public(owner: str, method: str, route: RouteContext) -> bool:
    return (kind(owner), method, route.path) in PUBLIC


# A POST that only asks: what it is told is a person's, and must stand in no log as a query does.
ASKING = ("repairs", "/v1/repairs/{reference}/tracking")


def is_act_on_a_case(owner: str, method: str, route: RouteContext) -> bool:
    return method == "POST" and "/{reference}/" in str(route.path) and (owner, route.path) != ASKING


@every_owner
def test_every_route_demands_a_token_or_is_on_the_list(owner: str) -> None:
    """Default is deny: a route that forgot to ask is found here, and so is a public one that asks."""
    for method, route in walk(owner):
        asked = isinstance(route.original_route, APIRoute) and requirements(route.dependant)
        assert bool(asked) is not is_public(owner, method, route), (owner, method, route.path)


def test_the_list_names_no_route_that_is_not_there() -> None:
    """A public path that went away must not wait for the next route of its name."""
    assert {(kind(owner), method, route.path) for owner in OWNERS for method, route in walk(owner)} >= PUBLIC


@every_owner
def test_every_route_says_what_it_is(owner: str) -> None:
    """A summary for the list, a sentence beneath it, and the form of its answer."""
    for method, route in walk(owner):
        if not route.include_in_schema:
            continue
        assert route.summary, (owner, method, route.path)
        assert route.description, (owner, method, route.path)
        says_its_form = route.response_model is not None or route.response_class is Response
        assert says_its_form or (owner, route.path) == ("gateway", "/v1/token"), (owner, method, route.path)


@every_owner
def test_every_route_says_how_it_refuses(owner: str) -> None:
    """Its answers are those of every route, 404 where something is looked up, and an act's 409 and 412."""
    for method, route in walk(owner):
        if not route.include_in_schema:
            continue
        expected = set(ALWAYS_POSSIBLE)
        if "{" in str(route.path):
            expected.add(404)
        if is_act_on_a_case(owner, method, route):
            expected |= ON_A_CASE
        assert expected <= set(route.responses), (owner, method, route.path)


@every_owner
def test_what_is_posted_to_a_service_is_answered_201(owner: str) -> None:
    """A POST creates a case or an act on one; nothing is changed by other methods, nor by what is 200."""
    for method, route in walk(owner):
        if owner != "gateway":
            assert method in {"GET", "POST"}, (owner, method, route.path)
            asks = method == "GET" or (owner, route.path) == ASKING
            assert asks or route.status_code == 201, (owner, method, route.path)


@pytest.mark.parametrize("service", WITH_EXAMPLE.names)
def test_the_openapi_document_refers_to_nothing_that_is_missing(service: str) -> None:
    """Clients are generated from it."""
    document = app(service).openapi()
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert "Problem" in named
    assert named <= set(document["components"]["schemas"])


def test_every_operation_has_a_name_of_its_own() -> None:
    """Also over all services: one document has them all, and generated clients call their methods by it."""
    operations = Counter(
        operation["operationId"]
        for service in WITH_EXAMPLE.names
        for path, methods in app(service).openapi()["paths"].items()
        if path.startswith("/v1/")
        for operation in methods.values()
    )
    assert [name for name, times in operations.items() if times > 1] == []


@pytest.mark.parametrize("service", WITH_EXAMPLE.names)
def test_no_name_in_the_document_tells_where_its_code_is(service: str) -> None:
    """Two models of one name are shown with their modules; moving a file would rename clients' types."""
    names = app(service).openapi()["components"]["schemas"]
    assert not [name for name in names if name.startswith(("services__", "shared__")) or "-" in name]
