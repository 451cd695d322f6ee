"""Alive, ready, and how the events are doing: told to those who watch, and nothing of any case."""

import json
import logging
from datetime import timedelta

import httpx
import pytest

from shared.db.engine import Database
from shared.telemetry import SafeJson
from tests.shared.http.scraping import sample
from tests.shared.permits_app import REQUEST, requested
from tests.shared.stored import change


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_health_needs_no_token(client: httpx.AsyncClient, path: str) -> None:
    """Whoever runs the containers asks without one."""
    client.headers.pop("authorization")
    answer = await client.get(path)
    assert answer.status_code == 200
    assert set(answer.json()) == {"status"}


async def test_the_status_shows_what_is_owed(client: httpx.AsyncClient, database: Database) -> None:
    """An event that waits for five minutes is an alarm; here nobody listens, so it waits."""
    assert (await client.get("/internal/status")).json()["oldest_unpublished_seconds"] == 0
    await requested(client)
    await five_minutes_pass(database)
    status = (await client.get("/internal/status")).json()
    assert status["oldest_unpublished_seconds"] == pytest.approx(300, abs=20)
    assert (status["service"], status["database"], status["broker"]) == ("permits", "ok", "ok")


async def test_metrics_show_what_is_owed_even_if_nobody_asked_for_the_status(
    client: httpx.AsyncClient, database: Database
) -> None:
    """Prometheus scrapes nothing else; a broker that is away must show there."""
    await requested(client)
    await five_minutes_pass(database)
    age = await sample(client, "oldest_unpublished_event_seconds", service="permits")
    assert age == pytest.approx(300, abs=20)


async def five_minutes_pass(database: Database) -> None:
    await change(database, f"UPDATE events SET recorded_at = now() - interval '{timedelta(minutes=5)}'")


async def test_metrics_count_requests_by_route_and_never_by_case(client: httpx.AsyncClient) -> None:
    """The path's template, or else every reference would be a time series, and readable by operations."""
    case = (await requested(client)).json()["reference"]
    await client.get(f"/v1/permits/{case}")
    await client.get("/v1/nonsense")
    text = (await client.get("/internal/metrics")).text
    assert case not in text
    assert "nonsense" not in text
    assert REQUEST["contact"]["email"] not in text
    route = {"service": "permits", "method": "GET", "route": "/v1/permits/{reference}", "status": "200"}
    assert await sample(client, "http_request_seconds_count", **route) >= 1


async def test_the_log_names_the_path_and_never_the_query(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """A search by postcode tells where somebody lives, and anything may be typed for a reference."""
    case = (await requested(client)).json()["reference"]
    with caplog.at_level(logging.INFO):
        await client.get("/v1/permits", params={"reference": case, "q": "RM1 1AA"})
        await client.get(f"/v1/permits/{case}")
        await client.get("/v1/RM1-1AA")
        await client.get("/v1/permits/RM1-1AA")
    lines = [SafeJson().format(record) for record in caplog.records if record.message == "request"]
    assert [json.loads(line)["path"] for line in lines] == [
        "/v1/permits",
        f"/v1/permits/{case}",
        "-",
        "/v1/permits/{reference}",
    ]
    assert "1AA" not in "".join(lines)
