"""One interface, two real ways: whatever holds for RabbitMQ holds for the broker inside the process."""

import asyncio
from pathlib import Path

import pytest

from shared.events import Event
from shared.messaging.broker import Broker, Queue, matches
from shared.messaging.local import LocalBroker
from tests.shared.messaging.facts import event, keys
from tests.shared.messaging.listening import EVERYTHING, Listener, listening, send
from tests.support.eventually import eventually


@pytest.mark.parametrize(
    ("pattern", "key", "covered"),
    [
        ("#", "permits.permit-requested", True),
        ("permits.#", "permits.permit-requested", True),
        ("permits.#", "permits", True),
        ("permits.*", "permits.permit-requested", True),
        ("permits.*", "permits", False),
        ("*.permit-requested", "permits.permit-requested", True),
        ("permits.permit-requested", "permits.permit-requested", True),
        ("permits.permit-requested", "permits.permit-issued", False),
        ("permits.#", "permits-archive.noted", False),
        ("#.reported", "a.b.reported", True),
        ("*", "a.b", False),
    ],
)
def test_topic_patterns_mean_what_they_mean_in_amqp(pattern: str, key: str, covered: bool) -> None:
    """A star stands for one word, a hash for any number, none included."""
    assert matches(pattern, key) is covered


async def test_what_was_published_is_delivered_whole(broker: Broker) -> None:
    """An event arrives with its id, its times, its facts and its request id."""
    listener, sent = Listener(), event()
    async with listening(broker, listener):
        assert await broker.publish([sent]) == [True]
        await eventually(lambda: listener.received)
    assert listener.received == [sent]


async def test_a_queue_hears_what_it_is_bound_to_and_no_more(broker: Broker) -> None:
    """A service that listens to permits is not told of complaints, which here nobody listens to."""
    listener = Listener()
    async with listening(broker, listener, Queue("estates", ("permits.#",))):
        ours, other = event(kind="permits.noted"), event(kind="complaints.noted")
        assert await broker.publish([other, ours]) == [False, True]
        await eventually(lambda: listener.received)
    assert listener.received == [ours]


async def test_every_queue_gets_its_own_copy(broker: Broker) -> None:
    """Two services that listen to the same event both hear it."""
    first, second = Listener(), Listener()
    async with listening(broker, first), listening(broker, second, Queue("estates", ("permits.#",))):
        await send(broker, event())
        await eventually(lambda: first.received and second.received)
    assert first.received == second.received


async def test_what_no_queue_would_keep_is_not_safe(broker: Broker) -> None:
    """Before anybody has ever listened an event has nowhere to wait, so it stays owed."""
    assert await broker.publish([event()]) == [False]


async def test_nothing_to_publish_is_no_trouble(broker: Broker) -> None:
    """The relay may find that all it has left belongs to cases whose earlier event was refused."""
    async with listening(broker, Listener()):
        assert await broker.publish([]) == []


async def test_a_batch_is_delivered_again_until_it_is_handled(broker: Broker) -> None:
    """A consumer that fails, as it does when its process is ending, loses nothing."""
    failures = iter([True, False])

    def fails_at_first(_: Event) -> bool:
        if next(failures, False):
            raise RuntimeError("the process is ending")
        return True

    listener = Listener(fails_at_first)
    async with listening(broker, listener):
        sending = asyncio.create_task(send(broker, event(sequence=1)))
        await eventually(lambda: listener.received)
        await sending
    assert keys(listener.received) == [("PER-0000-0000", 1)]


async def test_a_broker_that_is_there_answers(broker: Broker) -> None:
    """The status page asks."""
    await broker.connect()
    assert await broker.answers()


async def test_a_cases_events_arrive_in_the_order_they_were_published(broker: Broker) -> None:
    """Three hundred events of three cases, each case's in order."""
    listener = Listener()
    async with listening(broker, listener):
        for number in range(1, 101):
            assert all(await broker.publish([event(case, number) for case in ("A", "B", "C")]))
        await eventually(lambda: len(listener.received) == 300)
    for case in ("A", "B", "C"):
        assert [told.sequence for told in listener.received if told.reference == case] == list(range(1, 101))


async def test_a_consumer_that_was_away_hears_what_it_missed(broker: Broker) -> None:
    """Events published between two lives of a consumer are delivered to the second."""
    async with listening(broker, Listener()):
        pass
    sending = asyncio.create_task(send(broker, event(sequence=1), event(sequence=2)))
    await asyncio.sleep(0.05)
    second = Listener()
    async with listening(broker, second):
        await eventually(lambda: len(second.received) == 2)
        await sending
    assert [told.sequence for told in second.received] == [1, 2]


async def test_the_broker_in_the_process_says_safe_when_the_consumer_has_committed(local: Broker) -> None:
    """There is nothing else that would keep the event: its row is marked only after that."""
    listener = Listener()
    async with listening(local, listener):
        assert await local.publish([event()]) == [True]
        assert len(listener.received) == 1


async def test_the_broker_in_the_process_keeps_what_waits_for_a_consumer_that_was_declared(
    tmp_path: Path,
) -> None:
    """At start-up one service may publish before another listens; the event stays owed, not lost."""
    broker = LocalBroker(tmp_path)
    broker.declare(EVERYTHING)
    assert await broker.publish([event()]) == [False]
    assert await broker.backlog(EVERYTHING.name) == 0
