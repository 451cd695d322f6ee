"""Many events go to RabbitMQ by one write, and each has its own word on whether it is safe."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import pytest

from shared.messaging.broker import BrokerAway, Queue
from shared.messaging.rabbitmq import RabbitMQ
from tests.shared.messaging.facts import event, keys
from tests.shared.messaging.listening import Listener, listening
from tests.support.eventually import eventually
from tests.support.rabbitmq import private_rabbitmq

NOTED = Queue("noted", ("permits.noted",))


@pytest.fixture
async def broker(rabbitmq_url: str, broker_prefix: str) -> AsyncIterator[RabbitMQ]:
    broker = RabbitMQ(rabbitmq_url, broker_prefix)
    yield broker
    await broker.close()


async def test_of_a_batch_only_what_no_queue_keeps_is_not_safe(broker: RabbitMQ) -> None:
    """It comes back, and is told from those beside it; the next batch is counted rightly too."""
    listener = Listener()
    mixed = [event(sequence=1), event(sequence=2, kind="permits.unheard-of"), event(sequence=3)]
    async with listening(broker, listener, NOTED):
        assert await broker.publish(mixed) == [True, False, True]
        assert await broker.publish([event(sequence=4)]) == [True]
        await eventually(lambda: len(listener.received) == 3)
    assert [sequence for _, sequence in keys(listener.received)] == [1, 3, 4]


async def test_batches_sent_at_once_keep_to_themselves(broker: RabbitMQ) -> None:
    """Confirms are told apart by how many messages went before, so no two batches may mix."""
    listener = Listener()
    batches = [[event(f"PER-{number}", sequence) for sequence in range(1, 51)] for number in range(8)]
    async with listening(broker, listener, NOTED):
        outcomes = await asyncio.gather(*(broker.publish(batch) for batch in batches))
        await eventually(lambda: len(listener.received) == 400)
    assert outcomes == [[True] * 50] * 8
    for number in range(8):
        assert [told.sequence for told in listener.received if told.reference == f"PER-{number}"] == [
            *range(1, 51)
        ]


async def test_an_event_longer_than_a_frame_arrives_whole(broker: RabbitMQ) -> None:
    """RabbitMQ takes 128 KiB a frame; a longer body goes in several."""
    listener, long = Listener(), replace(event(), facts={"words": "x" * 300_000})
    async with listening(broker, listener, NOTED):
        assert await broker.publish([event(sequence=1), long, event(sequence=3)]) == [True] * 3
        await eventually(lambda: len(listener.received) == 3)
    assert listener.received[1].facts == long.facts


async def test_what_a_broker_did_not_confirm_before_it_died_is_not_safe() -> None:
    """Nor does anybody wait for its word longer than the timeout; the relay publishes it again."""
    async with private_rabbitmq() as server:
        broker = RabbitMQ(server.url)
        async with listening(broker, Listener(), NOTED):
            await broker.publish([event()])
            await server.kill()
            with suppress(BrokerAway):  # when it is noticed before anything was sent
                unsafe = await broker.publish([event(sequence=number) for number in range(20)])
                assert not any(unsafe)
        await broker.close()
