"""An Idempotency-Key among processes: one that ends at the worst moment, and two that are asked at once."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from shared.db.engine import Database, open_database
from tests.shared.permits_app import REQUEST, headers, jwk
from tests.shared.stored import count
from tests.support.child import Child, child

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    yield database
    await database.close()


@asynccontextmanager
async def process(url: str, folder: Path, *how: str) -> AsyncIterator[tuple[Child, httpx.AsyncClient]]:
    """The service as a process of its own on this database, and a client of it."""
    folder.mkdir()
    async with child(folder, "tests.shared.http.process", url, json.dumps(jwk()), *how) as running:
        await running.until_said("http://")
        async with httpx.AsyncClient(base_url=running.said().strip(), headers=headers()) as client:
            yield running, client


async def report(client: httpx.AsyncClient) -> httpx.Response:
    return await client.post("/v1/permits", json=REQUEST, headers=KEY)


async def test_a_crash_between_commit_and_answer_loses_nothing_and_doubles_nothing(
    url: str, database: Database, tmp_path: Path
) -> None:
    """The caller has no answer and sends the report again: it is told of the case that is there."""
    async with process(url, tmp_path / "first", "--crash") as (crashing, client):
        with pytest.raises(httpx.TransportError):
            await report(client)
        assert await crashing.ended() == -signal.SIGKILL
    assert await count(database, "permits") == 1
    async with process(url, tmp_path / "second") as (_, client):
        again = await report(client)
    assert (again.status_code, again.headers.get("idempotent-replayed")) == (201, "true")
    assert await count(database, "permits") == 1
    assert await count(database, "events") == again.json()["version"]


async def test_two_processes_asked_at_once_do_the_work_once(
    url: str, database: Database, tmp_path: Path
) -> None:
    """Behind a load balancer a front end's second try may reach another process than its first."""
    async with process(url, tmp_path / "one") as (_, one), process(url, tmp_path / "other") as (_, other):
        answers = await asyncio.gather(*(report(client) for _ in range(10) for client in (one, other)))
    made = {answer.json()["reference"] for answer in answers if answer.status_code == 201}
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len(made) == await count(database, "permits") == await count(database, "idempotency_keys") == 1
