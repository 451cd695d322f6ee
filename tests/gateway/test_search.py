"""`POST /v1/search` at the gateway: whose lists are asked, what is found, and who may ask."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Response
from starlette.types import ASGIApp

from gateway.clients import demo_clients
from shared.http import problems
from shared.references import normalised
from shared.text import canonical_postcode
from tests.gateway.owners import case, references
from tests.gateway.serving import calling, new_gateway, token
from tests.shared.example.directory import WITH_EXAMPLE

SEARCH = "/v1/search"
ROWS = {row.name: row for row in WITH_EXAMPLE.services}
ASKED = replace(WITH_EXAMPLE, services=(ROWS["repairs"], replace(ROWS["permits"], by_postcode=("PER",))))


def at_home(reference: str, received: str, name: str, postcode: str = "RM1 3SL") -> dict[str, Any]:
    home = {"address": "1 High Street", "postcode": postcode}
    return {**case(reference, received, received), "contact": {"name": name}, "property": home}


def owner(path: str, *cases: Mapping[str, Any]) -> FastAPI:
    """A service whose list takes a reference and a postcode, two cases on a page."""
    app = FastAPI()
    problems.install(app)

    @app.get(path)
    async def listed(reference: str = "", postcode: str = "", cursor: int = 0) -> dict[str, Any]:
        wanted, home = normalised(reference), canonical_postcode(postcode)
        found = [each for each in cases if wanted in (None, each["reference"])]
        found = [each for each in found if home in (None, each["property"]["postcode"])]
        more = cursor + 2
        return {"items": found[cursor:more], "next": str(more) if more < len(found) else None}

    @app.get("/v1/appliances")
    async def of_others() -> Response:
        return Response(status_code=403)

    return app


ROOF = at_home("REP-7K3M-Q9TR", "23T09:00", "Jones, Ola")
DOOR = at_home("REP-7K3M-Q9TX", "20T09:00", "Ben Smith")
DAMP = at_home("REP-7K3M-Q9TY", "19T09:00", "Eve Jones")
AWAY = at_home("REP-7K3M-Q9TZ", "21T09:00", "Ola Jones", "RM2 9ZZ")
SHED = at_home("PER-7K3M-Q9TR", "24T10:00", "Ola Jones")
REPAIRS, PERMITS = owner("/v1/repairs", ROOF, DOOR, DAMP, AWAY), owner("/v1/permits", SHED)


@asynccontextmanager
async def officer(folder: Path, services: Mapping[str, ASGIApp]) -> AsyncIterator[httpx.AsyncClient]:
    """An officer before a gateway with these services and no others."""
    gateway = new_gateway(folder, services, demo_clients(), directory=ASKED, cursor_secret="search")
    async with calling(gateway) as client:
        client.headers["Authorization"] = f"Bearer {await token(client, 'demo-officer')}"
        yield client


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"postcode": "rm13sl"}, [SHED, ROOF, DOOR, DAMP]),
        ({"postcode": "RM1 3SL", "surname": "jones"}, [SHED, ROOF, DAMP]),
        ({"postcode": "RM9 9ZZ"}, []),
        ({"reference": "rep 7k3m q9tr"}, [ROOF]),
        ({"reference": "PER-7K3M-Q9TR"}, [SHED]),
        ({"reference": "REP-7K3M-Q9TR", "surname": "Smith"}, []),
        ({"reference": "REP-7K3M-Q9TR", "postcode": "RM2 9ZZ"}, []),
        ({"reference": "CMP-7K3M-Q9TR"}, []),
    ],
    ids=lambda value: "" if isinstance(value, list) else " ".join(value.values()),
)
async def test_what_is_found(
    tmp_path: Path, wanted: Mapping[str, str], found: list[Mapping[str, Any]]
) -> None:
    """Cases of all services come with the newest promise first; all that is said of a case is true of it."""
    async with officer(tmp_path, {"repairs": REPAIRS, "permits": PERMITS}) as client:
        answer = await client.post(SEARCH, json=wanted)
    assert answer.status_code == 200
    assert references(answer) == [each["reference"] for each in found]
    assert (answer.json()["next"], answer.json()["unavailable"]) == (None, [])
    assert answer.headers["Cache-Control"] == "no-store"


async def test_it_is_read_page_by_page(tmp_path: Path) -> None:
    """With the same body again, and the cursor in the query."""
    seen: list[str] = []
    async with officer(tmp_path, {"repairs": REPAIRS, "permits": PERMITS}) as client:
        query = {"limit": "3"}
        while True:
            answer = await client.post(SEARCH, params=query, json={"postcode": "RM1 3SL"})
            seen += references(answer)
            if (cursor := answer.json()["next"]) is None:
                break
            query["cursor"] = cursor
    assert seen == [each["reference"] for each in (SHED, ROOF, DOOR, DAMP)]


async def test_a_service_that_is_silent_is_named(tmp_path: Path) -> None:
    async with officer(tmp_path, {"repairs": REPAIRS}) as client:
        answer = await client.post(SEARCH, json={"postcode": "RM1 3SL"})
    assert (references(answer), answer.json()["unavailable"]) == (
        [each["reference"] for each in (ROOF, DOOR, DAMP)],
        ["permits"],
    )


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/postcode"),
        ({"surname": "Jones"}, "/postcode"),
        ({"postcode": "Romford"}, "/postcode"),
        ({"reference": "REP-1"}, "/reference"),
        ({"postcode": "RM1 3SL", "name": "Jones"}, ""),
    ],
    ids=str,
)
async def test_what_is_not_enough_is_pointed_at(
    tmp_path: Path, body: Mapping[str, str], pointer: str
) -> None:
    """A surname alone would list half a borough; a word that is not known is not passed over."""
    async with officer(tmp_path, {}) as client:
        answer = await client.post(SEARCH, json=body)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("who", ["demo-resident", "demo-contractor", "demo-frontend", "demo-ops"])
async def test_it_is_for_officers(tmp_path: Path, who: str) -> None:
    async with officer(tmp_path, {"repairs": REPAIRS}) as client:
        assert (await client.post(SEARCH, content=b"{")).status_code == 415  # the officer may, in JSON
        del client.headers["Authorization"]
        other = {"Authorization": f"Bearer {await token(client, who)}"}
        assert (await client.post(SEARCH, content=b"{", headers=other)).status_code == 403
        assert (await client.post(SEARCH, json={"postcode": "RM1 3SL"})).status_code == 401
