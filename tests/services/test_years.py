"""Dates that callers give are of the years 1990 to 2100, which the calendar knows; others are 422."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.notifications.main import app as notifications_app
from services.repairs.main import app as repairs_app
from shared.references import new_reference
from tests.services.callers import Callers, Headers
from tests.services.repairs.reporting import REPORT, assigned, reported

DAYS = ("1989-12-31", "2101-01-01", "0001-01-01", "9999-12-31")
# the last is a moment of 1989 in London
INSTANTS = (
    "1989-12-31T23:59:59Z",
    "2101-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "1990-01-01T00:30:00+01:00",
)
Place = tuple[str, ...]


def dates_in(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """The places in a schema that hold a date or an instant, each with which of the two."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if schema.get("format") in {"date", "date-time"}:
        yield (), schema["format"]
    for choice in schema.get("anyOf", ()):
        yield from dates_in(choice, document)
    for name, inner in schema.get("properties", {}).items():
        for place, kind in dates_in(inner, document):
            yield (name, *place), kind


def walked(app: FastAPI) -> Iterator[tuple[str, str, str, Place, str]]:
    """Every date that a service can be given: method, path, where, in which field, of which kind."""
    document = app.openapi()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                for _, kind in dates_in(parameter["schema"], document):
                    yield method, path, parameter["in"], (parameter["name"],), kind
            content = operation.get("requestBody", {}).get("content", {})
            for place, kind in dates_in(content.get("application/json", {}).get("schema", {}), document):
                yield method, path, "body", place, kind


WALKED = [(app, *found) for app in (repairs_app, notifications_app) for found in sorted(set(walked(app)))]


def nested(place: Place, value: str) -> Any:
    return value if not place else {place[0]: nested(place[1:], value)}


def headers_for(path: str, callers: Callers) -> Headers:
    return callers.service("cases") if path.startswith("/internal") else callers.officer()


def pointers(answer: httpx.Response) -> set[str]:
    return {error["pointer"] for error in answer.json()["errors"]}


def test_the_walk_finds_the_dates_that_we_know_of() -> None:
    """A walk that found none would say nothing."""
    found = {(path, place) for _, _, path, _, place, _ in WALKED}
    assert {
        ("/v1/repairs", ("received_at",)),
        ("/v1/repairs/{reference}/hazard", ("aware_at",)),
        ("/v1/repairs/guide", ("on",)),
        ("/v1/repairs/{reference}/updates", ("appointment", "starts_at")),
        ("/v1/appliances", ("last_serviced_on",)),
        ("/v1/appliances", ("due_before",)),
        ("/v1/slots", ("from",)),
        ("/v1/calendar/closures", ("date",)),
        ("/v1/calendar/closures/{day}/withdrawal", ("day",)),
        ("/v1/performance", ("to",)),
        ("/internal/open-cases", ("recorded_before",)),
    } <= found


@pytest.mark.parametrize(
    ("app", "method", "path", "where", "place", "kind"),
    WALKED,
    ids=[f"{method} {path} {'.'.join(place)} {kind}" for _, method, path, _, place, kind in WALKED],
)
async def test_a_date_of_another_year_is_refused_at_its_field(
    repairs: httpx.AsyncClient,
    notifications: httpx.AsyncClient,
    callers: Callers,
    app: FastAPI,
    method: str,
    path: str,
    where: str,
    place: Place,
    kind: str,
) -> None:
    """In every body, query and path of every service."""
    client = repairs if app is repairs_app else notifications
    for value in DAYS if kind == "date" else INSTANTS:
        target = path.replace("{reference}", new_reference("REP")).replace("{day}", value)
        sent: dict[str, Any] = {"params": {place[0]: value}} if where == "query" else {}
        if method == "post":
            sent["json"] = nested(place, value) if where == "body" else {}
        answer = await client.request(method, target, headers=headers_for(path, callers), **sent)
        assert answer.status_code == 422, f"{value}: {answer.status_code}"
        assert f"/{'/'.join(place)}" in pointers(answer), f"{value}: {answer.text}"


@pytest.mark.parametrize(
    "received_at", ["1990-01-01T00:00:00Z", "1990-01-02T09:00:00Z", "1990-01-06T12:00:00Z"]
)
async def test_the_first_days_that_the_calendar_knows_are_taken(
    repairs: httpx.AsyncClient, callers: Callers, received_at: str
) -> None:
    """Nothing was promised at that time; the repair is read like any other."""
    case = await reported(repairs, callers.officer(scopes=["import"]), received_at=received_at, imported=True)
    assert case["received_at"] == received_at
    answer = await repairs.get("/v1/repairs", headers=callers.officer())
    assert [item["received_at"] for item in answer.json()["items"]] == [received_at]


async def test_one_update_of_another_year_leaves_the_others_of_its_batch_standing(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The item is named, with the field."""
    job = await assigned(repairs, callers.officer())
    updates: Sequence[dict[str, Any]] = [
        {"reference": job["reference"], "type": "accepted", "occurred_at": "1989-12-31T12:00:00Z"},
        {"reference": job["reference"], "type": "accepted"},
    ]
    answer = await repairs.post(
        "/v1/repairs/updates", json={"updates": updates}, headers=callers.contractor()
    )
    refused, taken = answer.json()["results"]
    assert (refused["status"], taken["status"]) == (422, 201)
    assert [error["pointer"] for error in refused["problem"]["errors"]] == ["/occurred_at"]


async def test_one_line_of_another_year_leaves_the_others_of_its_register_standing(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The line is named, with the cell, and the rest goes in."""
    file = (
        "kind,address,postcode,last_serviced_on\n"
        "heating,1 High Street,RM1 1AA,1989-12-31\n"
        "heating,2 High Street,RM1 1AA,31/12/1989\n"
        "heating,3 High Street,RM1 1AA,2101-01-01\n"
        "heating,4 High Street,RM1 1AA,0001-01-01\n"
        "heating,5 High Street,RM1 1AA,1990-01-01\n"
        "heating,6 High Street,RM1 1AA,2026-03-02\n"
    )
    headers = callers.officer() | {"Content-Type": "text/csv"}
    answer = await repairs.post("/v1/appliances/register", content=file, headers=headers)
    assert answer.status_code == 201, answer.text
    lines = answer.json()["lines"]
    assert [line["outcome"] for line in lines] == ["refused"] * 4 + ["registered"] * 2
    for line in lines[:4]:
        assert [error["pointer"] for error in line["problem"]["errors"]] == ["/last_serviced_on"]
    assert [line["line"] for line in lines] == [2, 3, 4, 5, 6, 7]


async def test_a_report_of_another_year_names_the_years(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Whoever reads the refusal knows what would do."""
    body = {**REPORT, "received_at": "1989-12-31T23:59:59Z"}
    answer = await repairs.post("/v1/repairs", json=body, headers=callers.officer())
    assert answer.json()["errors"] == [
        {"pointer": "/received_at", "detail": "give a date of the years 1990 to 2100"}
    ]
