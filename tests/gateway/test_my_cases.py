"""`/v1/me/cases` and its claims at the gateway: what services that are there, down or slow make of them."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp

from gateway.clients import demo_clients
from shared.errors import NotFound
from shared.http import problems
from tests.gateway.owners import case, references
from tests.gateway.serving import calling, new_gateway, token
from tests.shared.example.directory import WITH_EXAMPLE

MINE, CLAIMS = "/v1/me/cases", "/v1/me/cases/claims"
CLAIM = {"reference": "REP-7K3M-Q9TR", "surname": "Jones", "postcode": "RM1 1AA"}


def owner(path: str, *cases: Mapping[str, Any], pause: float = 0.0, page: int = 2) -> FastAPI:
    """A service with a list of these cases, two on a page, that takes every claim but of those it lacks."""
    app = FastAPI()
    problems.install(app)

    @app.get(path)
    async def listed(mine: bool, cursor: int = 0, limit: int = 0, reference: str = "") -> dict[str, Any]:
        assert mine
        await asyncio.sleep(pause)
        asked, more = [each for each in cases if reference in each["reference"]], cursor + page
        return {"items": asked[cursor:more], "next": str(more) if more < len(asked) else None}

    @app.get("/v1/appliances")
    async def of_officers() -> Response:
        return Response(status_code=403)

    @app.post("/internal/claims", status_code=201)
    async def claim(request: Request, body: dict[str, str]) -> dict[str, str]:
        if body["reference"] not in {each["reference"] for each in cases}:
            raise NotFound("There is no such case for this caller.")
        return {"reference": body["reference"]}

    return app


ROOF = case("REP-7K3M-Q9TR", "23T09:00", "23T09:00")
TWICE = case("REP-2", "20T09:00", "20T09:00", "24T09:00")
REPAIRS = owner("/v1/repairs", ROOF, TWICE, case("REP-3", "22T09:00"))
PERMITS = owner("/v1/permits", case("PER-1", "21T09:00", "23T10:00"))
ROWS = tuple(row for row in WITH_EXAMPLE.services if row.name in ("repairs", "permits"))
[BEN] = (client.model_copy(update={"id": "ben"}) for client in demo_clients() if client.id == "demo-resident")
TWO_OWNERS = replace(WITH_EXAMPLE, services=ROWS)


@asynccontextmanager
async def resident(
    folder: Path, services: Mapping[str, ASGIApp], **settings: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """A resident before a gateway with these services and no others."""
    clients = (*demo_clients(), BEN)
    gateway = new_gateway(folder, services, clients, directory=TWO_OWNERS, cursor_secret="mine", **settings)
    async with calling(gateway) as client:
        client.headers["Authorization"] = f"Bearer {await token(client, 'demo-resident')}"
        yield client


async def test_the_cases_of_all_services_are_one_list(tmp_path: Path) -> None:
    """The newest promise first, or the receipt where none was made; each with all that its owner shows."""
    async with resident(tmp_path, {"repairs": REPAIRS, "permits": PERMITS}) as client:
        answer = await client.get(MINE)
    assert answer.status_code == 200
    assert references(answer) == ["REP-2", "PER-1", "REP-7K3M-Q9TR", "REP-3"]
    assert answer.json()["items"][2] == {**ROOF, "service": "repairs"}
    assert (answer.json()["next"], answer.json()["unavailable"]) == (None, [])
    assert answer.headers["Cache-Control"] == "no-store"


async def test_it_is_read_page_by_page(tmp_path: Path) -> None:
    """Everything once, though a service goes away between two pages; a cursor is nobody else's."""
    services: dict[str, ASGIApp] = {"repairs": REPAIRS, "permits": PERMITS}
    async with resident(tmp_path, services) as client:
        first = await client.get(MINE, params={"limit": "2"})
        cursor = first.json()["next"]
        assert first.headers["Link"] == f'<{MINE}?limit=2&cursor={cursor}>; rel="next"'
        second = await client.get(MINE, params={"limit": "2", "cursor": cursor})
        assert references(first) + references(second) == ["REP-2", "PER-1", "REP-7K3M-Q9TR", "REP-3"]
        assert second.json()["next"] is None
        for query in ({"limit": "101"}, {"limit": "two"}, {"cursor": "guessed"}, {"status": "reported"}):
            assert (await client.get(MINE, params=query)).status_code == 422, query


async def test_a_service_that_is_down_leaves_its_part_out_and_is_named(tmp_path: Path) -> None:
    """Absent, too slow or answering nonsense: the others are shown, within three seconds."""
    slow, broken = owner("/v1/permits", pause=30), owner("/v1/permits", {"reference": "PER-1"})
    for silent in ({}, {"permits": slow}, {"permits": broken}, {"permits": FastAPI()}):
        async with resident(tmp_path, {"repairs": REPAIRS, **silent}) as client:
            answer = await client.get(MINE)
        assert (answer.status_code, answer.json()["unavailable"]) == (200, ["permits"])
        assert references(answer) == ["REP-2", "REP-7K3M-Q9TR", "REP-3"]


async def test_a_claimed_case_is_shown_as_its_resident_sees_it(tmp_path: Path) -> None:
    """As an act on it is answered: with its place and its version."""
    async with resident(tmp_path, {"repairs": REPAIRS}) as client:
        answer = await client.post(CLAIMS, json={**CLAIM, "reference": "rep 7k3m q9tr"})
        refused = await client.post(CLAIMS, json={**CLAIM, "reference": "REP-7K3M-Q9TX"})
        absent = await client.post(CLAIMS, json={**CLAIM, "reference": "PER-7K3M-Q9TR"})
    assert refused.status_code == 404
    assert absent.status_code == 503
    assert answer.status_code == 404  # the owner judges what was typed, not the gateway


async def test_few_tries_are_allowed(tmp_path: Path) -> None:
    """To each caller, right or wrong; the refusal says when to come again."""
    async with resident(tmp_path, {"repairs": REPAIRS}, claims_per_hour=2) as client:
        given = [(await client.post(CLAIMS, json=CLAIM)) for _ in range(3)]
    assert [each.status_code for each in given] == [201, 201, 429]
    assert {each.headers["Cache-Control"] for each in given[:2]} == {"no-store"}
    shown = given[0]
    assert shown.json() == {**ROOF, "service": "repairs"}
    assert (shown.headers["Location"], shown.headers["ETag"]) == ("/v1/repairs/REP-7K3M-Q9TR", '"3"')
    assert int(given[2].headers["Retry-After"]) >= 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
async def test_few_tries_are_allowed_of_a_case(tmp_path: Path, encoding: str) -> None:
    """By whomever, for accounts are cheap; in every encoding that its owner reads."""
    body, json_type = json.dumps(CLAIM).encode(encoding), {"Content-Type": "application/json"}
    async with resident(tmp_path, {"repairs": REPAIRS}, claims_per_hour=2) as client:
        for _ in range(2):
            await client.post(CLAIMS, content=body, headers=json_type)
        del client.headers["Authorization"]
        client.headers["Authorization"] = f"Bearer {await token(client, 'ben')}"
        other = await client.post(CLAIMS, json={**CLAIM, "reference": "REP-7K3M-Q9TX"})
        same = await client.post(CLAIMS, content=body, headers=json_type)
    assert (other.status_code, same.status_code) == (404, 429)


@pytest.mark.parametrize("who", ["demo-officer", "demo-frontend", "demo-ops"])
async def test_both_are_residents_alone(tmp_path: Path, who: str) -> None:
    """A front end follows a case by its tracking; a body is not read before that is known."""
    async with resident(tmp_path, {"repairs": REPAIRS}) as client:
        del client.headers["Authorization"]
        other = {"Authorization": f"Bearer {await token(client, who)}"}
        assert (await client.get(MINE, headers=other)).status_code == 403
        assert (await client.post(CLAIMS, content=b"{", headers=other)).status_code == 403
        assert (await client.post(CLAIMS, json=CLAIM)).status_code == 401
