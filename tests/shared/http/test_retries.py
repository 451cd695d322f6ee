"""Retries of a request that met a transient error, which is then done once."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from shared.db.engine import Database
from shared.http.case_route import TRIES
from shared.references import new_reference
from tests.shared.http.crates import crates_app
from tests.shared.permits_app import REQUEST, calling, requested
from tests.shared.stored import count, fail_on_insert, rows

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
DEADLOCK = "RAISE EXCEPTION USING ERRCODE = '40P01';"
UNLUCKY = f"IF nextval('tries') < {TRIES} THEN {DEADLOCK} END IF;"


@pytest.mark.parametrize("key", [{}, KEY], ids=["group commit", "with a key"])
async def test_a_reference_that_happened_to_exist_is_drawn_again(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch, key: dict[str, str]
) -> None:
    """Thirty-five random bits do collide one day; the caller does not notice."""
    taken = (await requested(client)).json()["reference"]
    draws = iter([taken, taken])
    monkeypatch.setattr(
        "shared.cases.opening.new_reference", lambda prefix: next(draws, None) or new_reference(prefix)
    )
    second = await client.post("/v1/permits", json=REQUEST, headers=key)
    assert second.status_code == 201
    assert second.json()["reference"] != taken
    assert await count(database, "permits") == 2
    histories = await rows(database, "SELECT reference FROM events GROUP BY reference ORDER BY min(position)")
    assert histories == [(taken,), (second.json()["reference"],)]


@pytest.mark.parametrize("key", [{}, KEY], ids=["group commit", "with a key"])
async def test_a_deadlock_is_tried_again(
    client: httpx.AsyncClient, database: Database, key: dict[str, str]
) -> None:
    """The database picks a victim by chance; its work succeeds at the next try, and is done once."""
    await fail_on_insert(database, "permits", UNLUCKY)
    answer = await client.post("/v1/permits", json=REQUEST, headers=key)
    assert answer.status_code == 201
    version = answer.json()["version"]
    assert (await count(database, "permits"), await count(database, "events")) == (1, version)
    assert await count(database, "idempotency_keys") == len(key)


async def test_an_act_is_tried_again_from_its_beginning(
    client: httpx.AsyncClient, database: Database
) -> None:
    """The case is read anew, and its history has no gap and no event twice."""
    case = (await requested(client)).json()
    await fail_on_insert(database, "events", UNLUCKY)
    path = f"/v1/permits/{case['reference']}/issue"
    answer = await client.post(path, json={})
    assert (answer.status_code, answer.json()["version"]) == (201, case["version"] + 1)
    told = await rows(database, "SELECT sequence FROM events ORDER BY sequence")
    assert told == [(number,) for number in range(1, case["version"] + 2)]


@pytest.mark.parametrize("error", ["40P01", "40001"])
async def test_who_is_unlucky_each_time_is_asked_to_come_back(
    client: httpx.AsyncClient, database: Database, error: str
) -> None:
    """It is the database's trouble and will pass: 503 with Retry-After, not 500, after so many tries."""
    body = f"PERFORM nextval('tries'); RAISE EXCEPTION USING ERRCODE = '{error}';"
    await fail_on_insert(database, "permits", body)
    answer = await client.post("/v1/permits", json=REQUEST)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert await count(database, "permits") == 0
    assert await rows(database, "SELECT last_value FROM tries") == [(TRIES,)]


async def test_what_would_fail_again_is_tried_once(client: httpx.AsyncClient, database: Database) -> None:
    """A trigger's refusal is no bad luck."""
    await fail_on_insert(database, "permits", "PERFORM nextval('tries'); RAISE EXCEPTION 'never';")
    assert (await client.post("/v1/permits", json=REQUEST)).status_code == 500
    assert await rows(database, "SELECT last_value FROM tries") == [(1,)]


async def test_each_try_has_an_instant_of_its_own(database_for: Callable[[str], Awaitable[str]]) -> None:
    """A fact's recording is dated by the try that succeeded."""
    async with crates_app(await database_for("permits")) as app, calling(app) as client:
        begun = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
        ticks = iter(begun + timedelta(hours=number) for number in range(9))
        app.state.resources.clock = lambda: next(ticks)
        database: Database = app.state.resources.database
        await fail_on_insert(database, "permits", UNLUCKY)
        assert (await client.post("/v1/crates", json={"words": "Ada"})).status_code == 201
        [(recorded_at,)] = await rows(database, "SELECT recorded_at FROM events")
    assert recorded_at >= begun + timedelta(hours=TRIES - 1)
