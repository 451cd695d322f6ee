"""`POST /v1/search` with many references: cases of every kind in one call, each service asked for its own."""

from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Query, Request

from shared.references import all_normalised
from tests.gateway.owners import case, references
from tests.gateway.test_search import SEARCH, officer

ROOF, BOILER = case("REP-7K3M-Q9TR", "23T09:00"), case("APP-7K3M-Q9TR", "21T09:00")
SHED = case("PER-7K3M-Q9TR", "24T10:00")


def owner(asked: list[str], **lists: list[dict[str, Any]]) -> FastAPI:
    """A service whose lists take many references, and which notes what it was asked."""
    app = FastAPI()

    @app.get("/v1/{name}")
    async def listed(request: Request, name: str, reference: Annotated[list[str], Query()]) -> dict[str, Any]:
        asked.append(name)
        wanted = all_normalised(reference)
        return {"items": [each for each in lists[name] if each["reference"] in wanted], "next": None}

    return app


async def test_cases_of_every_kind_are_read_at_once(tmp_path: Path) -> None:
    """Only lists of kinds that are named are asked, and a service that is not there is said to be."""
    asked: list[str] = []
    services = {"repairs": owner(asked, repairs=[ROOF], appliances=[BOILER])}
    async with officer(tmp_path, services) as client:
        named = [each["reference"] for each in (SHED, BOILER, ROOF)]
        answer = await client.post(SEARCH, json={"references": [*named, "rep 7k3m q9tr"]})
        assert answer.status_code == 200, answer.text
        assert references(answer) == [ROOF["reference"], BOILER["reference"]]
        assert answer.json()["unavailable"] == ["permits"]
        assert sorted(asked) == ["appliances", "repairs"]
        asked.clear()
        answer = await client.post(SEARCH, json={"references": [BOILER["reference"]]})
        assert (references(answer), asked) == ([BOILER["reference"]], ["appliances"])


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        ({"references": []}, "/references"),
        ({"references": ["REP-7K3M-Q9TR", "nonsense"]}, "/references/1"),
        ({"references": ["REP-7K3M-Q9TR"] * 101}, "/references"),
        ({"references": ["REP-7K3M-Q9TR"], "reference": "REP-7K3M-Q9TR"}, "/references"),
    ],
)
async def test_what_cannot_be_looked_for_is_refused(
    tmp_path: Path, wanted: dict[str, Any], pointer: str
) -> None:
    """With its place."""
    async with officer(tmp_path, {}) as client:
        answer = await client.post(SEARCH, json=wanted)
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
