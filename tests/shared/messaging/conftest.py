"""The two brokers: RabbitMQ, and the one inside the process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.messaging.broker import Broker
from shared.messaging.local import LocalBroker
from shared.messaging.rabbitmq import RabbitMQ


@pytest.fixture
def local(tmp_path: Path) -> Broker:
    return LocalBroker(tmp_path)


@pytest.fixture
async def rabbitmq(rabbitmq_url: str, broker_prefix: str) -> AsyncIterator[Broker]:
    broker = RabbitMQ(rabbitmq_url, broker_prefix)
    yield broker
    await broker.close()


@pytest.fixture(params=["local", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def broker(request: pytest.FixtureRequest) -> Broker:
    """Each of the two in turn."""
    chosen: Broker = request.getfixturevalue(request.param)
    return chosen
