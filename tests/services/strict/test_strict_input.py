"""Strict input: every field of every route is tried with values that are none of it, and refuses each.

The walk reads the OpenAPI documents, so that a route or a field that is added is tried too; each needs a
valid request in requests.py, of which the hostile ones are made.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from services.notifications.main import app as notifications_app
from services.repairs.main import app as repairs_app
from shared.clock import Clock
from tests.architecture.test_routes import APPS
from tests.gateway.serving import calling, new_gateway
from tests.services.callers import Callers, Headers
from tests.services.repairs.reporting import london
from tests.services.strict import hostile
from tests.services.strict.hostile import SENT
from tests.services.strict.requests import ANY_QUERY, CELLS, GATEWAY, ITEMS, NOTIFICATIONS, REPAIRS, Valid
from tests.services.strict.schemas import Place, Schema, Walk, value_at, with_value
from tests.support.clock import house_clock

Route = tuple[str, str]
Table = Mapping[Route, Valid]

RANGES = (("from", "to"), ("starts_at", "ends_at"), ("received_from", "received_to"))
MARK = '"in the place of this"'


@pytest.fixture
def clock() -> Iterator[Clock]:
    """One hour for all tries: what is valid is not in the future then."""
    house_clock.show(london("Friday 2026-11-27 10:00"))
    yield house_clock
    house_clock.show(None)


@dataclass
class Tries:
    """Requests of which each must be refused at one field, and those that were not."""

    client: httpx.AsyncClient
    callers: Callers
    fields: set[tuple[Route, str, str]] = field(default_factory=set)
    count: int = 0
    wrong: list[str] = field(default_factory=list)

    async def send(self, route: Route, valid: Valid, **changed: Any) -> httpx.Response:
        """A valid request, but for what is changed: `path`, `query`, `headers`, or the `content`."""
        method, path = route
        places = {**valid.path, **changed.get("path", {})}
        for name, value in places.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        headers: Headers = {**valid.headers(self.callers), **changed.get("headers", {})}
        content = changed.get("content")
        if valid.bodies and content is None:
            content = json.dumps(valid.bodies[0]).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        if valid.file is not None:
            headers["Content-Type"], content = valid.file[0], changed.get("file", valid.file[1])
        query = changed.get("query", list(valid.query.items()))
        return await self.client.request(method, path, params=query, headers=headers, content=content)

    async def try_one(
        self,
        route: Route,
        valid: Valid,
        where: str,
        pointer: str,
        *,
        tried: object = "",
        also: str | None = None,
        **changed: Any,
    ) -> None:
        """Send one, and note if it is not refused at the pointer (or at `also`), or says anything back."""
        answer = await self.send(route, valid, **changed)
        self.fields.add((route, where, pointer))
        self.count += 1
        status, found = refusal_in(answer)
        if status != 422 or not found or not found <= {pointer, also} or SENT in answer.text:
            at = f"{' '.join(route)} {where} {pointer}"
            self.wrong.append(f"{at}: {tried!r:.60} → {status} {sorted(found)} {answer.text:.300}")


def refusal_in(answer: httpx.Response) -> tuple[int, set[str]]:
    """The status and the pointers of an answer, or of the one item of a batch or register in it."""
    document = answer.json() if answer.headers["content-type"].endswith("json") else {}
    if "results" in document:
        [document] = document["results"]
    if "lines" in document:
        [document] = document["lines"]
    problem = document.get("problem") or document
    return problem.get("status", answer.status_code), {e["pointer"] for e in problem.get("errors") or ()}


def pointer(place: Place) -> str:
    return "".join(f"/{name}" for name in place)


async def walk_through(app: FastAPI, table: Table, tries: Tries) -> None:
    """Try every parameter, every header and every field of the bodies of an application."""
    document = app.openapi()
    walk = Walk(document["components"]["schemas"])
    for route, valid in table.items():
        operation = document["paths"][route[1]][route[0]]
        await try_parameters(tries, walk, route, valid, operation.get("parameters", ()))
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content and route not in ITEMS:
            await try_bodies(tries, walk, route, valid, content["application/json"]["schema"])


async def try_parameters(tries: Tries, walk: Walk, route: Route, valid: Valid, given: Any) -> None:
    query = list(valid.query.items())
    await tries.try_one(route, valid, "query", "", query=[*query, (SENT, SENT)])
    for parameter in given:
        name, forms = parameter["name"], walk.forms(parameter["schema"])
        if parameter["in"] == "header":
            await try_header(tries, route, valid, name)
        elif parameter["in"] == "path":
            for value in path_values(forms):
                await tries.try_one(route, valid, "path", f"/{name}", tried=value, path={name: value})
        else:
            others = [pair for pair in query if pair[0] != name]
            if forms[0].get("type") != "array":
                twice = [*query, (name, valid.query.get(name, "1"))]
                twice += [] if name in valid.query else twice[-1:]
                await tries.try_one(route, valid, "query", f"/{name}", query=twice)
            for value in hostile.of_parameter(forms):
                hostiles = [*others, (name, value)]
                await tries.try_one(route, valid, "query", f"/{name}", tried=value, query=hostiles)
    for first, last in RANGES:
        if {first, last} <= valid.query.keys():
            turned = {**valid.query, first: valid.query[last], last: valid.query[first]}
            await tries.try_one(route, valid, "query", f"/{last}", query=list(turned.items()))


def path_values(forms: list[Schema]) -> list[str]:
    """A reference of any letters may be unknown (404), but not without end; what has a form must have it."""
    values = [value for form in forms for value in hostile.of_text(form)]
    formed = any("format" in form for form in forms)
    return [value for value in values if value.strip() and "/" not in value and (formed or len(value) > 40)]


async def try_header(tries: Tries, route: Route, valid: Valid, name: str) -> None:
    values = {"Idempotency-Key": ("", "x" * 256), "If-Match": (SENT, "3", '"3', "W/3", '"3" "4"')}[name]
    for value in values:
        await tries.try_one(route, valid, "header", f"/{name.lower()}", tried=value, headers={name: value})


async def try_bodies(tries: Tries, walk: Walk, route: Route, valid: Valid, schema: Schema) -> None:
    for body in valid.bodies:
        for place, inner, value in present(walk, schema, body):
            for tried in hostile.of_field(walk, inner, value):
                content = json.dumps(with_value(body, place, tried)).encode()
                await tries.try_one(route, valid, "body", pointer(place), tried=tried, content=content)
            marked = json.dumps(with_value(body, place, json.loads(MARK)))
            for raw, at in (("1e999", pointer(place)), ("NaN", ""), ("-Infinity", "")):
                content = marked.replace(MARK, raw).encode()
                await tries.try_one(route, valid, "body", at, tried=raw, content=content)
        for place, inner in objects(walk, schema, body):
            await try_object(tries, route, valid, body, place, inner)


async def try_object(
    tries: Tries, route: Route, valid: Valid, body: Any, place: Place, inner: dict[str, Any]
) -> None:
    """An unknown field, a key that stands twice, and a range that ends before it begins."""
    unknown = json.dumps(with_value(body, (*place, SENT), SENT)).encode()
    await tries.try_one(route, valid, "body", pointer(place), content=unknown)
    name, value = next(iter(inner.items()))
    twice = f"{json.dumps(inner)[:-1]}, {json.dumps(name)}: {json.dumps(value)}}}"
    content = json.dumps(with_value(body, place, json.loads(MARK))).replace(MARK, twice).encode()
    await tries.try_one(route, valid, "body", pointer(place), also="", content=content)
    for first, last in RANGES:
        if {first, last} <= inner.keys():
            turned = {**inner, first: inner[last], last: inner[first]}
            content = json.dumps(with_value(body, place, turned)).encode()
            await tries.try_one(route, valid, "body", pointer((*place, last)), content=content)


def present(walk: Walk, schema: Schema, body: Any) -> Iterator[tuple[Place, Schema, Any]]:
    """The fields of a schema that a body has, each with its value."""
    for place, inner in walk.fields(schema):
        try:
            yield place, inner, value_at(body, place)
        except LookupError:
            continue


def objects(walk: Walk, schema: Schema, body: Any) -> Iterator[tuple[Place, dict[str, Any]]]:
    yield (), body
    for place, _, value in present(walk, schema, body):
        if isinstance(value, dict):
            yield place, value


async def rows_in(url: str) -> dict[str, int]:
    """The number of rows in each table."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = sorted(row["tablename"] for row in tables)
        return {name: await connection.fetchval(f'SELECT count(*) FROM "{name}"') for name in names}
    finally:
        await connection.close()


async def assert_valid(tries: Tries, table: Table) -> None:
    """What the hostile requests are made of is not what is wrong with them."""
    for route, valid in table.items():
        for body in valid.bodies or (None,):
            content = None if body is None else json.dumps(body).encode()
            answer = await tries.send(route, valid, content=content)
            assert answer.status_code in {200, 201, 404}, f"{route}: {answer.text}"


def report(name: str, tries: Tries) -> None:
    print(f"\n{name}: {len(tries.fields)} fields, {tries.count} tries")
    assert not tries.wrong, f"{len(tries.wrong)} of {tries.count}:\n" + "\n".join(tries.wrong)


@pytest.mark.parametrize(
    ("app", "table"),
    [(repairs_app, REPAIRS), (notifications_app, NOTIFICATIONS)],
    ids=["repairs", "notifications"],
)
def test_every_route_and_every_field_has_a_valid_request(app: FastAPI, table: Table) -> None:
    """So that none is left out of the walk by being new."""
    document = app.openapi()
    walk = Walk(document["components"]["schemas"])
    routes = {(method, path) for path, item in document["paths"].items() for method in item}
    assert routes - ANY_QUERY == table.keys()
    for route, valid in table.items():
        operation = document["paths"][route[1]][route[0]]
        named = [(each["in"], each["name"]) for each in operation.get("parameters", ())]
        assert {name for place, name in named if place == "path"} == valid.path.keys(), route
        queried = {name for place, name in named if place == "query"}
        assert queried - {"cursor"} == valid.query.keys(), route
        content = operation.get("requestBody", {}).get("content", {})
        assert bool(content) == bool(valid.bodies or valid.file), route
        if "application/json" in content:
            schema = content["application/json"]["schema"]
            found = {place for body in valid.bodies for place, _, _ in present(walk, schema, body)}
            assert {place for place, _ in walk.fields(schema)} == found, route


def test_the_gateways_own_routes_are_all_tried() -> None:
    """But for those in no document, which are pages for people."""
    paths = APPS["gateway"].openapi()["paths"]
    assert {(method, path) for path, item in paths.items() for method in item} - ANY_QUERY == GATEWAY.keys()


@pytest.mark.parametrize("owner", ["repairs", "notifications"])
async def test_what_is_no_value_of_a_field_is_refused_there(
    repairs: httpx.AsyncClient,
    notifications: httpx.AsyncClient,
    repairs_database: str,
    notifications_database: str,
    callers: Callers,
    owner: str,
) -> None:
    """Never taken, never stored, never an error of ours, and nothing of it is said back."""
    app, table, client, url = {
        "repairs": (repairs_app, REPAIRS, repairs, repairs_database),
        "notifications": (notifications_app, NOTIFICATIONS, notifications, notifications_database),
    }[owner]
    tries = Tries(client, callers)
    await assert_valid(tries, table)
    before = await rows_in(url)
    await walk_through(app, table, tries)
    report(owner, tries)
    assert await rows_in(url) == before


async def test_what_is_no_value_of_a_field_of_an_item_is_refused_there(
    repairs: httpx.AsyncClient, repairs_database: str, callers: Callers
) -> None:
    """Of each item of a batch as of the same act sent alone."""
    tries = Tries(repairs, callers)
    before = await rows_in(repairs_database)
    for route, (name, model, items) in ITEMS.items():
        schema = model.model_json_schema()
        walk, valid = Walk(schema["$defs"]), REPAIRS[route]
        for item in items:
            for place, inner, value in present(walk, schema, item):
                for tried in hostile.of_field(walk, inner, value):
                    content = json.dumps({name: [with_value(item, place, tried)]}).encode()
                    await tries.try_one(route, valid, "item", pointer(place), tried=tried, content=content)
            for place, _ in objects(walk, schema, item):
                unknown = {name: [with_value(item, (*place, SENT), SENT)]}
                content = json.dumps(unknown).encode()
                await tries.try_one(route, valid, "item", pointer(place), content=content)
    report("items of batches", tries)
    assert await rows_in(repairs_database) == before


CELL_TRIES = {
    "kind": (SENT, "1", *hostile.INVISIBLE[:-1]),
    "address": hostile.INVISIBLE,
    "postcode": hostile.INVISIBLE,
    "uprn": (SENT, "1.00023E+11", "0" * 13, *hostile.OTHER_DIGITS, *hostile.INVISIBLE),
    "location": hostile.INVISIBLE,
    "last_serviced_on": (
        *(value for value in hostile.DATES if value not in {"23/11/2026", " 2026-11-23"}),
        "31/02/2026",
        "٣١/٠٣/٢٠٢٦",
        "31/03/1989",
        "31/03/26",
    ),
}


async def test_what_is_no_value_of_a_cell_is_refused_there(
    repairs: httpx.AsyncClient, repairs_database: str, callers: Callers
) -> None:
    """In a register too, where days may be written the British way."""
    route = ("post", "/v1/appliances/register")
    tries, valid = Tries(repairs, callers), REPAIRS[route]
    before = await rows_in(repairs_database)
    columns, cells = (line.split(",") for line in CELLS.splitlines())
    assert CELL_TRIES.keys() == set(columns)
    for name, values in CELL_TRIES.items():
        for value in values:
            line = [value if column == name else cell for column, cell in zip(columns, cells, strict=True)]
            file = f"{','.join(columns)}\n{','.join(line)}\n".encode()
            await tries.try_one(route, valid, "cell", f"/{name}", tried=value, file=file)
    report("cells", tries)
    assert await rows_in(repairs_database) == before


@pytest.fixture
async def gateway(tmp_path: Path, callers: Callers) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(new_gateway(tmp_path, {}, signing_keys=callers.settings.signing_keys)) as client:
        yield client


async def test_the_gateways_own_pages_take_no_unknown_parameter(
    gateway: httpx.AsyncClient, callers: Callers
) -> None:
    """But for its documents and its health, to which monitors and browsers add what they like."""
    tries = Tries(gateway, callers)
    for route, valid in GATEWAY.items():
        await try_parameters(tries, Walk({}), route, valid, ())
    report("gateway", tries)
    for _, path in sorted(ANY_QUERY):
        assert (await gateway.get(path, params={"t": "1"})).status_code in {200, 503}, path
