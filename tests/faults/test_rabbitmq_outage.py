"""RabbitMQ away: cases are accepted all the same, and what is owed arrives when it is back, each once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import aio_pika
import httpx
import pytest

from shared.db.engine import Database, open_database
from shared.events import Event
from shared.messaging.broker import Queue
from shared.messaging.consumer import Consumer
from shared.messaging.rabbitmq import RabbitMQ
from tests.shared.example.events import PermitRequested
from tests.shared.messaging.facts import owed
from tests.shared.permits_app import calling, permits_app, requested
from tests.support.eventually import eventually
from tests.support.rabbitmq import NoRabbitMQ, PrivateRabbitMQ, private_rabbitmq
from tests.support.units import Begun, begun

PATIENCE = 60.0  # seconds; a node on a busy machine takes its time to elect its queues' leaders

pytestmark = pytest.mark.rabbitmq


@pytest.fixture(scope="module")
async def node() -> AsyncIterator[PrivateRabbitMQ]:
    """A node that nobody else needs."""
    try:
        async with private_rabbitmq() as node:
            yield node
    except NoRabbitMQ as reason:
        pytest.skip(str(reason))


@pytest.fixture
async def listener(database_for: Callable[[str], Awaitable[str]]) -> AsyncIterator[Database]:
    """The database of the service that listens."""
    database = open_database(await database_for("notifications"))
    yield database
    await database.close()


@asynccontextmanager
async def consumer(database: Database, broker: RabbitMQ, queue: Queue) -> AsyncIterator[list[str]]:
    """The cases that a consumer with an inbox takes in, as long as the block."""
    received: list[str] = []

    async def use_case(_: Begun, events: Sequence[Event]) -> None:
        received.extend(event.reference for event in events if event.type == PermitRequested.type)

    consuming = asyncio.create_task(
        broker.consume(queue, Consumer(queue.name, lambda: begun(database), use_case))
    )
    yield received
    consuming.cancel()
    with suppress(asyncio.CancelledError):
        await consuming


async def test_a_broker_that_answers_nothing_is_away(
    node: PrivateRabbitMQ, database_for: Callable[[str], Awaitable[str]]
) -> None:
    """Its connection stands, and the kernel accepts what is sent; the status says so at once all the same."""
    broker = RabbitMQ(node.url, prefix="frozen")
    async with permits_app(await database_for("permits"), broker) as app, calling(app) as client:
        await broker.connect()
        assert await broker_of(client) == "ok"
        with node.frozen():
            async with asyncio.timeout(5):
                assert await broker_of(client) == "away"
        await eventually(lambda: is_ok(client), PATIENCE)


async def broker_of(client: httpx.AsyncClient) -> str:
    """The state of the broker that the service reports."""
    told: str = (await client.get("/internal/status")).json()["broker"]
    return told


async def is_ok(client: httpx.AsyncClient) -> bool:
    return await broker_of(client) == "ok"


@pytest.mark.parametrize("by_kill", [False, True], ids=["stopped", "killed"])
async def test_reports_are_accepted_and_arrive_when_it_is_back(
    node: PrivateRabbitMQ, listener: Database, database_for: Callable[[str], Awaitable[str]], by_kill: bool
) -> None:
    """Before, during and after: every case is received once, by a consumer that reconnected itself.

    A second queue, to which nobody listens meanwhile, keeps what it was given on disk.
    """
    awake, asleep = Queue("awake", ("#",)), Queue("asleep", ("#",))
    broker = RabbitMQ(node.url, prefix=f"outage-{by_kill}")
    await declare(node, broker, awake, asleep)
    async with (
        permits_app(await database_for("permits"), broker) as app,
        calling(app) as client,
        consumer(listener, broker, awake) as received,
    ):
        database: Database = app.state.resources.database
        cases = [await case_reported(client) for _ in range(2)]
        await eventually(lambda: len(received) == 2, PATIENCE)
        await eventually(lambda: nothing_owed(database))
        await (node.kill() if by_kill else node.stop())

        cases += [await case_reported(client) for _ in range(5)]
        assert {reference for reference, _ in await owed(database)} == set(cases[2:])
        await eventually(lambda: not broker.is_connected())
        assert (await client.get("/internal/status")).json()["broker"] == "away"
        assert (await client.get("/health/ready")).status_code == 200

        await node.start()
        await eventually(lambda: len(received) >= len(cases), PATIENCE)
        cases.append(await case_reported(client))
        await eventually(lambda: len(received) >= len(cases), PATIENCE)
        await eventually(lambda: nothing_owed(database))
        assert sorted(received) == sorted(cases)
        async with consumer(listener, broker, asleep) as received_late:
            await eventually(lambda: sorted(received_late) == sorted(cases), PATIENCE)


async def declare(node: PrivateRabbitMQ, broker: RabbitMQ, *queues: Queue) -> None:
    """Let these queues stand before anything is published."""
    async with await aio_pika.connect(node.url) as connection:
        channel = await connection.channel()
        for queue in queues:
            await broker.topology.declare_queue(channel, queue)


async def case_reported(client: httpx.AsyncClient) -> str:
    reference: str = (await requested(client)).json()["reference"]
    return reference


async def nothing_owed(database: Database) -> bool:
    return await owed(database) == []
