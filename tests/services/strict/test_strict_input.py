"""Strict input: every field of every route is tried with values that are none of it, and refuses each.

The walk reads the OpenAPI documents, so that a route or a field that is added is tried too; each needs a
valid request in requests.py, of which the hostile ones are made.
"""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from shared.clock import Clock
from shared.directory import DIRECTORY
from tests.gateway.serving import calling, new_gateway
from tests.services.callers import Callers
from tests.services.repairs.reporting import london
from tests.services.strict import hostile
from tests.services.strict.hostile import SENT
from tests.services.strict.requests import ANY_QUERY, GATEWAY, ITEMS, SERVICES
from tests.services.strict.schemas import Walk, with_value
from tests.services.strict.valid.repairs import CELLS, REPAIRS
from tests.services.strict.walking import (
    Route,
    Table,
    Tries,
    objects,
    pointer,
    present,
    refusal_in,
    try_parameters,
    walk_through,
)
from tests.support.apps import app_of, pages_of_the_gateway
from tests.support.clock import house_clock
from tests.support.in_process import InProcess


@pytest.fixture
def clock() -> Iterator[Clock]:
    """One hour for all tries: what is valid is not in the future then."""
    house_clock.show(london("Friday 2026-11-27 10:00"))
    yield house_clock
    house_clock.show(None)


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
    """Send the valid requests of which the hostile ones are made: these are not refused."""
    for route, valid in table.items():
        for body in valid.bodies or (None,):
            content = None if body is None else json.dumps(body).encode()
            answer = await tries.send(route, valid, content=content)
            if valid.unknown:
                assert refusal_in(answer) == (422, {valid.unknown}), f"{route}: {answer.text}"
            else:
                assert answer.status_code in {200, 201, 404}, f"{route}: {answer.text}"
        for pair in valid.alone.items():
            assert (await tries.send(route, valid, query=[pair])).status_code == 200, f"{route}: {pair}"


def assert_refused(tries: Tries, *routes: Route) -> None:
    """Each of these routes was tried, and every try was refused where it was wrong."""
    assert {route for route, _, _ in tries.fields} == set(routes)
    assert not tries.wrong, f"{len(tries.wrong)} of {tries.count}:\n" + "\n".join(tries.wrong)


@pytest.mark.parametrize("service", DIRECTORY.names)
def test_every_route_and_every_field_has_a_valid_request(service: str) -> None:
    """So that none is left out of the walk by being new."""
    document, table = app_of(service).openapi(), SERVICES[service]
    walk = Walk(document["components"]["schemas"])
    routes = {(method, path) for path, item in document["paths"].items() for method in item}
    assert routes - ANY_QUERY == table.keys()
    for route, valid in table.items():
        operation = document["paths"][route[1]][route[0]]
        named = [(each["in"], each["name"]) for each in operation.get("parameters", ())]
        assert {name for place, name in named if place == "path"} == valid.path.keys(), route
        queried = {name for place, name in named if place == "query"}
        assert queried - {"cursor"} == valid.query.keys() | valid.alone.keys(), route
        content = operation.get("requestBody", {}).get("content", {})
        assert bool(content) == bool(valid.bodies or valid.file), route
        if "application/json" in content:
            schema = content["application/json"]["schema"]
            found = {place for body in valid.bodies for place, _, _ in present(walk, schema, body)}
            assert {place for place, _ in walk.fields(schema)} == found, route


def test_the_gateways_own_routes_are_all_tried() -> None:
    """But for those in no document, which are pages for people."""
    paths = pages_of_the_gateway().openapi()["paths"]
    assert {(method, path) for path, item in paths.items() for method in item} - ANY_QUERY == GATEWAY.keys()


@pytest.mark.parametrize("service", DIRECTORY.names)
async def test_what_is_no_value_of_a_field_is_refused_there(
    services: InProcess, callers: Callers, clock: Clock, service: str
) -> None:
    """Never taken, never stored, never an error of ours, and nothing of it is said back."""
    table, client = SERVICES[service], await services.serve(await services.state(service, clock))
    url = await services.databases.url(service)
    tries = Tries(client, callers)
    await assert_valid(tries, table)
    before = await rows_in(url)
    await walk_through(app_of(service), table, tries)
    assert_refused(tries, *table)
    assert await rows_in(url) == before


@pytest.mark.parametrize("route", ITEMS, ids=lambda route: route[1])
async def test_what_is_no_value_of_a_field_of_an_item_is_refused_there(
    services: InProcess, callers: Callers, clock: Clock, route: Route
) -> None:
    """An item of a batch is judged like the same act sent alone."""
    service = next(name for name, table in SERVICES.items() if route in table)
    tries = Tries(await services.serve(await services.state(service, clock)), callers)
    url = await services.databases.url(service)
    before = await rows_in(url)
    (name, model, items), valid = ITEMS[route], SERVICES[service][route]
    schema = model.model_json_schema()
    walk = Walk(schema["$defs"])
    for item in items:
        for place, inner, value in present(walk, schema, item):
            for tried in hostile.of_field(walk, inner, value):
                content = json.dumps({name: [with_value(item, place, tried)]}).encode()
                await tries.try_one(route, valid, "item", pointer(place), tried=tried, content=content)
        for place, _ in objects(walk, schema, item):
            unknown = {name: [with_value(item, (*place, SENT), SENT)]}
            content = json.dumps(unknown).encode()
            await tries.try_one(route, valid, "item", pointer(place), content=content)
    assert_refused(tries, route)
    assert await rows_in(url) == before


CELL_TRIES = {
    "kind": (SENT, "1", *hostile.INVISIBLE[:-1]),
    "address": hostile.INVISIBLE,
    "postcode": hostile.INVISIBLE,
    "uprn": (SENT, "1.00023E+11", "0" * 13, *hostile.OTHER_DIGITS, *hostile.INVISIBLE),
    "property_reference": ("000", "Flat#2", "9" * 41, *hostile.INVISIBLE),
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
    assert_refused(tries, route)
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
    assert_refused(tries, *GATEWAY)
    for _, path in sorted(ANY_QUERY):
        assert (await gateway.get(path, params={"t": "1"})).status_code in {200, 503}, path
