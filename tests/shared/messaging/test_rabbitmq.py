"""Behaviour of RabbitMQ alone: how messages are kept there, and what becomes of a consumer in trouble."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import aio_pika
import pytest
from yarl import URL

from shared.clock import system_clock
from shared.events import Event
from shared.messaging.broker import BrokerAway, BrokerRefuses, Queue
from shared.messaging.graveyard import TOO_OFTEN
from shared.messaging.rabbitmq import RabbitMQ, Topology, with_heartbeat
from tests.shared.messaging.facts import NOW, event
from tests.shared.messaging.listening import EVERYTHING, Listener, listening
from tests.support.eventually import eventually
from tests.support.programs import free_port


@pytest.fixture
async def broker(rabbitmq_url: str, broker_prefix: str) -> AsyncIterator[RabbitMQ]:
    broker = RabbitMQ(rabbitmq_url, broker_prefix, back_off_seconds=0.01)
    yield broker
    await broker.close()


async def declare(broker: RabbitMQ, url: str) -> None:
    """A queue to which nobody listens, and of which no probe was taken that could come back."""
    async with await aio_pika.connect(url) as connection:
        await broker.topology.declare_queue(await connection.channel(), EVERYTHING)


async def test_an_event_waits_in_the_queue_until_somebody_comes(broker: RabbitMQ, rabbitmq_url: str) -> None:
    """An event whose publishing was confirmed is in the queue, and the backlog counts it."""
    await declare(broker, rabbitmq_url)
    assert await broker.publish([event(sequence=number) for number in (1, 2, 3)]) == [True] * 3
    assert await eventually(lambda: broker.backlog(EVERYTHING.name)) == 3


async def test_messages_and_queues_outlive_the_server(broker: RabbitMQ, rabbitmq_url: str) -> None:
    """Messages are persistent, and every queue and exchange is durable; aio-pika's defaults are neither."""
    await declare(broker, rabbitmq_url)
    await broker.publish([event()])
    async with await aio_pika.connect(rabbitmq_url) as connection:
        channel = await connection.channel()
        waiting = await channel.get_queue(broker.topology.queue(EVERYTHING.name))
        message = await eventually(lambda: waiting.get(fail=False))
        assert message.delivery_mode is aio_pika.DeliveryMode.PERSISTENT
        with pytest.raises(aio_pika.exceptions.ChannelPreconditionFailed):
            await channel.declare_exchange(
                broker.topology.exchange, aio_pika.ExchangeType.TOPIC, durable=False
            )


async def test_a_message_that_fails_its_consumer_again_and_again_is_given_up_on(
    broker: RabbitMQ, broker_prefix: str
) -> None:
    """One that kills the process each time must not do so for ever: the delivery limit buries it."""
    broker.topology = Topology(broker_prefix, delivery_limit=2)

    def dies(_: object) -> bool:
        raise RuntimeError("the process died")

    async with listening(broker, Listener(dies)):
        before = system_clock().replace(microsecond=0)  # the broker keeps whole seconds
        await broker.publish([poison := event()])

        async def buried() -> set[str]:
            """Its reasons: a probe that shares its batch is buried with it, and a publish may be repeated."""
            letters = (await broker.dead_letters(EVERYTHING.name)).oldest
            own = [letter for letter in letters if Event.from_json(letter.body).id == poison.id]
            assert all(letter.died_at and before <= letter.died_at <= system_clock() for letter in own)
            return {letter.reason for letter in own}

        assert await eventually(buried, 20) == {TOO_OFTEN}


async def test_a_consumer_that_the_broker_cancels_comes_back(broker: RabbitMQ, rabbitmq_url: str) -> None:
    """A queue that is deleted, as in a failover, ends its consumers without an error; ours notices."""
    listener = Listener()
    async with listening(broker, listener):
        async with await aio_pika.connect(rabbitmq_url) as connection:
            await (await connection.channel()).queue_delete(broker.topology.queue(EVERYTHING.name))
        await eventually(lambda: arrives(broker))
        await eventually(lambda: listener.received)


async def arrives(broker: RabbitMQ) -> bool:
    return await broker.publish([event()]) == [True]


async def test_two_consumers_share_a_queue(rabbitmq_url: str, broker_prefix: str) -> None:
    """Each event goes to one of them, so that a service may run as often as it likes."""
    one, other = RabbitMQ(rabbitmq_url, broker_prefix), RabbitMQ(rabbitmq_url, broker_prefix)
    first, second = Listener(), Listener()
    async with listening(one, first), listening(other, second):
        assert all(await one.publish([event(sequence=number) for number in range(1, 51)]))
        await eventually(lambda: len(first.received) + len(second.received) == 50)
    assert {told.sequence for told in first.received + second.received} == set(range(1, 51))
    await one.close()
    await other.close()


async def test_a_broker_that_is_not_there_says_so_and_is_waited_for() -> None:
    """Nothing is published and nobody is told anything wrong; a consumer keeps trying."""
    broker = RabbitMQ(f"amqp://guest:guest@127.0.0.1:{free_port()}/")
    with pytest.raises(BrokerAway):
        await broker.connect()
    with pytest.raises(BrokerAway):
        await broker.publish([event()])
    for ask in (broker.backlog, broker.dead_letters, partial(broker.replay_dead_letters, at=NOW)):
        with pytest.raises(BrokerAway):
            await ask("notifications")
    assert not broker.is_connected()
    assert not await broker.answers()
    consuming = asyncio.create_task(broker.consume(Queue("notifications", ("#",)), Listener()))
    done, _ = await asyncio.wait([consuming], timeout=0.2)
    consuming.cancel()
    assert not done


def test_a_dead_peer_is_noticed_within_seconds() -> None:
    """The default heartbeat notices after three minutes; a URL that names its own keeps it."""
    assert with_heartbeat("amqp://host/") == "amqp://host/?heartbeat=10"
    assert with_heartbeat("amqp://host/?name=x") == "amqp://host/?name=x&heartbeat=10"
    assert with_heartbeat("amqp://host/?heartbeat=30") == "amqp://host/?heartbeat=30"


def test_deployments_that_share_a_broker_are_kept_apart() -> None:
    """No two prefixes have a name in common."""
    names = [{t.exchange, t.dead_exchange, t.queue("x"), t.dead_queue("x")} for t in map(Topology, "ab")]
    assert names[0].isdisjoint(names[1])


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"path": "/nowhere"}], ids=["password", "host"])
async def test_a_broker_that_does_not_let_us_in_says_so(rabbitmq_url: str, wrong: dict[str, str]) -> None:
    """That is not one which is away: waiting mends nothing, and somebody must be told."""
    parts = {"user": "guest", "password": "guest", "path": "/", **wrong}
    url = URL(rabbitmq_url).with_user(parts["user"]).with_password(parts["password"]).with_path(parts["path"])
    with pytest.raises(BrokerRefuses):
        await RabbitMQ(str(url)).connect()
