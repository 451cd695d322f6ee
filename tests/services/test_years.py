"""Dates that callers give are of the years 1990 to 2100, which the calendar knows; others are 422."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.reporting import REPORT, assigned, reported


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
