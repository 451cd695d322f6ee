"""PostgreSQL away: callers are told at once, deliveries wait, and nothing is lost or given up."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from shared.db.engine import open_database
from shared.db.migrations import migrate
from shared.events import Event
from shared.messaging.consumer import Consumer, Patience
from shared.messaging.local import LocalBroker
from shared.messaging.relay import Pace, Relay
from tests.shared.example.directory import ROW
from tests.shared.messaging.facts import Case, event, keys, owe
from tests.shared.messaging.listening import Listener, listening
from tests.shared.permits_app import REQUEST, calling, permits_app, requested
from tests.shared.stored import count
from tests.support.eventually import eventually
from tests.support.postgres import PrivatePostgres, private_postgres
from tests.support.units import Begun, begun

IMPATIENT = Patience(pause_seconds=0.01, longest_wait_seconds=0.05)


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[PrivatePostgres]:
    """A server that nobody else needs."""
    async with private_postgres() as server:
        yield server


@pytest.fixture
async def url(server: PrivatePostgres) -> str:
    name = f"permits_{uuid4().hex}"
    await server.create_databases(name)
    await migrate(server.url(name), ROW)
    return server.url(name)


@asynccontextmanager
async def outage(server: PrivatePostgres, *, by_kill: bool) -> AsyncIterator[None]:
    """The server is stopped, or loses its power, for as long as the block."""
    await (server.kill() if by_kill else server.stop())
    try:
        yield
    finally:
        await server.start()


@pytest.mark.parametrize("by_kill", [False, True], ids=["stopped", "killed"])
async def test_callers_are_told_at_once_and_served_again_when_it_is_back(
    server: PrivatePostgres, url: str, by_kill: bool
) -> None:
    """503 with Retry-After, within two seconds; and not ready, though alive. Nothing has to be restarted."""
    async with permits_app(url) as app, calling(app) as client:
        case = (await requested(client)).json()["reference"]
        async with outage(server, by_kill=by_kill):
            for _ in range(3):
                async with asyncio.timeout(2):
                    answer = await client.post("/v1/permits", json=REQUEST)
                assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
                assert answer.headers["content-type"] == "application/problem+json"
            assert (await client.get("/health/ready")).status_code == 503
            assert (await client.get("/health/live")).status_code == 200
            assert (await client.get("/internal/status")).json()["database"] == "away"
            assert (await client.get("/internal/metrics")).status_code == 200
        assert await eventually(lambda: is_served(client))
        assert (await client.get(f"/v1/permits/{case}")).json()["reference"] == case


async def is_served(client: httpx.AsyncClient) -> bool:
    answer = await client.post("/v1/permits", json=REQUEST)
    assert answer.status_code in {201, 503}, answer.text
    return answer.status_code == 201


async def test_a_delivery_waits_for_the_database_and_is_then_handled(
    server: PrivatePostgres, url: str
) -> None:
    """An outage is nobody's fault: no message goes to the dead letters for it, however long it takes."""
    received: list[Event] = []

    async def use_case(_: Begun, events: Sequence[Event]) -> None:
        received.extend(events)

    database = open_database(url)
    takes_in = Consumer("listener", lambda: begun(database), use_case, IMPATIENT)
    assert await takes_in([event("A", 1).to_json()]) == [None]
    async with outage(server, by_kill=True):
        waiting = asyncio.create_task(takes_in([event("A", 2).to_json(), event("A", 3).to_json()]))
        done, _ = await asyncio.wait([waiting], timeout=0.5)
        assert not done
    assert await waiting == [None, None]
    assert keys(received)[-2:] == [("A", 2), ("A", 3)]
    assert await count(database, "inbox") == 3
    await database.close()


async def test_a_database_that_goes_away_in_the_middle_of_a_batch_takes_it_in_once(
    server: PrivatePostgres, url: str
) -> None:
    """A batch that was not committed is done again, whole, when it is back."""
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def use_case(_: Begun, __: Sequence[Event]) -> None:
        reached.set()
        await go_on.wait()

    database = open_database(url)
    working = asyncio.create_task(
        Consumer("listener", lambda: begun(database), use_case, IMPATIENT)([event().to_json()])
    )
    await reached.wait()
    async with outage(server, by_kill=True):
        go_on.set()
    assert await working == [None]
    assert await count(database, "inbox") == 1
    await database.close()


async def test_the_relay_goes_on_when_it_is_back(server: PrivatePostgres, url: str, tmp_path: Path) -> None:
    """Events owed before the outage are published after it, by the same process."""
    pace = Pace(poll_seconds=0.05, back_off_seconds=(0.05,))
    database, broker, listener = open_database(url), LocalBroker(tmp_path), Listener()
    await owe(database, Case("A"), times=2)
    work = asyncio.create_task(Relay(database, broker, "permits", pace).run())
    async with outage(server, by_kill=False):
        await asyncio.sleep(0.2)
    async with listening(broker, listener):
        await eventually(lambda: len(listener.received) == 2)
        await owe(database, Case("B"))
        await eventually(lambda: len(listener.received) == 3)
    assert keys(listener.received) == [("A", 1), ("A", 2), ("B", 1)]
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work
    await database.close()
