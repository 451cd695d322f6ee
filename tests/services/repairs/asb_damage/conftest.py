"""Repairs listening on a broker of either kind, with asb at the other end of it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import httpx
import pytest

from services.repairs.main import SERVICE
from shared.app import worker_jobs
from shared.app_state import open_app_state
from shared.messaging.broker import Broker, Queue
from shared.messaging.local import LocalBroker
from shared.messaging.rabbitmq import RabbitMQ
from shared.settings import Settings
from tests.services.lines import Line
from tests.services.repairs.asb_damage.telling import ASB_URL, Asb, answering
from tests.support.clock import house_clock


@pytest.fixture
async def rabbitmq(rabbitmq_url: str, broker_prefix: str) -> AsyncIterator[Broker]:
    broker = RabbitMQ(rabbitmq_url, broker_prefix)
    yield broker
    await broker.close()


@pytest.fixture
def local(tmp_path: Path) -> Broker:
    return LocalBroker(tmp_path / "letters")


@pytest.fixture
def broker(request: pytest.FixtureRequest) -> Broker:
    """The broker in this process, or for `either_broker` each of the two in turn."""
    chosen: Broker = request.getfixturevalue(getattr(request, "param", "local"))
    return chosen


@pytest.fixture
async def asb(
    owner: Line, repairs_database: str, settings: Settings, inside: dict[str, Line], broker: Broker
) -> AsyncIterator[Asb]:
    """The asb service as repairs knows it, with repairs' consumer and relay running on the broker."""
    urls = {**settings.service_urls, "asb": ASB_URL}
    addresses = {"database_urls": {"repairs": repairs_database}, "service_urls": urls}
    way = inside[ASB_URL] = Line()
    resources = open_app_state(
        "repairs",
        settings.model_copy(update=addresses),
        broker=broker,
        transports=cast(dict[str, httpx.AsyncBaseTransport], inside),
        clock=house_clock,
    )
    asb = Asb(broker, resources, way)
    way.lead_to(answering(asb))
    consume = worker_jobs(SERVICE, resources)["consumer"](resources)
    asb_consumer = broker.consume(Queue("asb", ("repairs.#",)), asb.take)
    running = [asyncio.ensure_future(job) for job in (consume, asb_consumer, resources.relay.run())]
    try:
        yield asb
    finally:
        await resources.relay.stop()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await resources.services.close()
        await resources.database.close()
