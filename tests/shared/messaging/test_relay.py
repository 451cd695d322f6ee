"""From the event log to the broker: soon, in each case's order, and across every outage."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest

from shared.app_state import AppState
from shared.db.engine import Database, open_database
from shared.db.transaction import transaction
from shared.events import Event
from shared.messaging import outbox
from shared.messaging.broker import BrokerAway, Queue
from shared.messaging.consumer import Consumer
from shared.messaging.graveyard import PUBLISH_SECONDS
from shared.messaging.local import LocalBroker
from shared.messaging.rabbitmq import CONNECT_SECONDS, RabbitMQ
from shared.messaging.relay import Pace, Relay
from shared.work import UnitOfWork, unit_of_work
from tests.shared.messaging.facts import Case, Noted, end_leases, event, keys, note, owe, owed
from tests.shared.messaging.listening import EVERYTHING, Listener, listening
from tests.support.eventually import eventually

NOTED_ONLY = Queue("notifications", ("permits.#",))


@pytest.fixture
def broker(tmp_path: Path) -> LocalBroker:
    return LocalBroker(tmp_path)


@asynccontextmanager
async def relaying(relay: Relay) -> AsyncIterator[None]:
    """The relay at work, as it is beside a service's routes."""
    work = asyncio.create_task(relay.run())
    yield
    await relay.stop()
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work


async def test_a_commit_is_published_at_once(state: AppState) -> None:
    """The relay is woken in its own process and waits for no poll."""
    state.relay.pace = Pace(poll_seconds=60.0)
    listener = Listener()
    async with listening(state.broker, listener), relaying(state.relay):
        await asyncio.sleep(0.1)  # it has looked, found nothing, and sleeps
        async with unit_of_work(state) as work:
            work.record(Case("A"), Noted(number=1))
        await eventually(lambda: listener.received, seconds=1)


async def test_what_nobody_woke_it_for_is_found_by_the_poll(database: Database, broker: LocalBroker) -> None:
    """Another process may have died between its commit and its publishing."""
    listener, works = Listener(), Relay(database, broker, "permits", Pace(poll_seconds=0.05))
    async with listening(broker, listener), relaying(works):
        await owe(database, Case("A"))
        await eventually(lambda: listener.received)


async def test_a_case_whose_event_is_refused_sends_no_later_one(
    database: Database, broker: LocalBroker
) -> None:
    """Only the case with the refused event waits, with all that came after it; another case does not."""
    async with transaction(database) as session:
        received_by_nobody = event("STUCK", 1, kind="elsewhere.happened")
        await outbox.store(session, [received_by_nobody, event("STUCK", 2)])
        await note(session, Case("FREE"), times=2)
    listener, relays = Listener(), Relay(database, broker, "permits")
    async with listening(broker, listener, NOTED_ONLY):
        with pytest.raises(BrokerAway):
            await relays.publish_owed()
    assert keys(listener.received) == [("FREE", 1), ("FREE", 2)]
    assert await owed(database) == [("STUCK", 1), ("STUCK", 2)]

    everything = Listener()
    async with listening(broker, everything):
        await relays.publish_owed()
    assert keys(everything.received) == [("STUCK", 1), ("STUCK", 2)]
    assert await owed(database) == []


async def test_two_relays_at_once_publish_each_event_once_and_each_case_in_order(
    database: Database, rabbitmq_url: str, broker_prefix: str
) -> None:
    """Two processes of one service, six hundred events, one queue that counts every copy."""
    cases = [Case(f"CASE-{number}") for number in range(30)]
    await owe(database, *cases, times=20)
    brokers = [RabbitMQ(rabbitmq_url, broker_prefix) for _ in range(2)]
    listener = Listener()
    async with listening(brokers[0], listener):
        await asyncio.gather(*(publish_all(database, broker) for broker in brokers))
        await eventually(lambda: len(listener.received) >= 600)
    assert len(keys(listener.received)) == len(set(keys(listener.received))) == 600
    for case in cases:
        of_one = [event.sequence for event in listener.received if event.reference == case.reference]
        assert of_one == list(range(1, 21))
    for broker in brokers:
        await broker.close()


async def publish_all(database: Database, broker: RabbitMQ) -> None:
    works = Relay(database, broker, "permits")
    while await owed(database):
        await works.publish_owed()


async def test_a_crash_between_publishing_and_marking_delivers_again_and_is_taken_in_once(
    state: AppState,
) -> None:
    """At least once on the way, exactly once in effect: the inbox knows the event."""
    database, broker = state.database, state.broker
    taken_in: list[Event] = []

    async def use_case(_: UnitOfWork, events: Sequence[Event]) -> None:
        taken_in.extend(events)

    await owe(database, Case("A"), times=2)
    deliveries = 0
    consumer = Consumer(EVERYTHING.name, lambda: unit_of_work(state), use_case)

    async def counted(bodies: Sequence[bytes]) -> list[str | None]:
        nonlocal deliveries
        deliveries += len(bodies)
        return await consumer(bodies)

    consuming = asyncio.create_task(broker.consume(EVERYTHING, counted))
    await asyncio.sleep(0)
    async with transaction(database) as session:
        claimed = await outbox.claim(session, uuid4(), 10, lease_seconds=30)
    assert await broker.publish(claimed) == [True, True]
    assert await owed(database) == [("A", 1), ("A", 2)]  # and here the process dies

    await end_leases(database)
    await Relay(database, broker, "permits").publish_owed()
    assert await owed(database) == []
    assert deliveries == 4
    assert keys(taken_in) == [("A", 1), ("A", 2)]
    consuming.cancel()


async def test_a_relay_that_is_cancelled_marks_what_the_broker_has(
    database: Database, broker: LocalBroker
) -> None:
    """A shutdown in the middle of a batch leaves owed only what was not published."""
    await owe(database, Case("A"), times=2)
    hangs = asyncio.Event()

    async def hangs_at_the_second(bodies: Sequence[bytes]) -> list[str | None]:
        if Event.from_json(bodies[0]).sequence == 2:
            hangs.set()
            await asyncio.Event().wait()
        return [None] * len(bodies)

    consuming = asyncio.create_task(broker.consume(EVERYTHING, hangs_at_the_second))
    publishing = asyncio.create_task(Relay(database, broker, "permits").publish_owed())
    await hangs.wait()
    publishing.cancel()
    with suppress(asyncio.CancelledError):
        await publishing
    assert await eventually(lambda: owed(database)) == [("A", 2)]
    consuming.cancel()


async def test_what_cannot_be_begun_while_the_lease_is_young_is_let_go_of(
    database: Database, broker: LocalBroker
) -> None:
    """Or another relay, whose lease it then is, would publish it at the same time."""
    await owe(database, Case("A"))
    listener, slow = Listener(), Relay(database, broker, "permits", Pace(begin_within_seconds=-1.0))
    async with listening(broker, listener):
        with pytest.raises(BrokerAway):
            await slow.publish_owed()
        assert listener.received == []
        await Relay(database, broker, "permits").publish_owed()
    assert keys(listener.received) == [("A", 1)]


async def test_a_long_queue_is_published_batch_by_batch(database: Database, broker: LocalBroker) -> None:
    """More may be owed as long as a batch was full."""
    await owe(database, Case("A"), Case("B"), Case("C"))
    works = Relay(database, broker, "permits", Pace(batch=2))
    async with listening(broker, Listener()):
        assert await works.publish_owed()
        assert not await works.publish_owed()
    assert await owed(database) == []


async def test_the_relay_survives_a_broker_and_a_database_that_fail(
    database: Database, broker: LocalBroker
) -> None:
    """It tries again, a little later each time, and publishes when both are back."""
    fails = iter([OSError("broker"), RuntimeError("handler"), None])

    def in_trouble(_: Event) -> bool:
        trouble = next(fails, None)
        if trouble is not None:
            raise trouble
        return True

    listener = Listener(in_trouble)
    works = Relay(database, broker, "permits", Pace(poll_seconds=0.01, back_off_seconds=(0.01,)))
    async with listening(broker, listener), relaying(works):
        await owe(database, Case("A"))
        await eventually(lambda: listener.received)
    assert keys(listener.received) == [("A", 1)]


async def test_stopping_publishes_what_is_owed_and_does_not_wait_for_ever(
    database: Database, broker: LocalBroker
) -> None:
    """A shutdown takes seconds even if the broker hangs; what is left is published at the next start."""
    listener, works = Listener(), Relay(database, broker, "permits")
    async with listening(broker, listener):
        await owe(database, Case("A"))
        await works.stop()
        assert keys(listener.received) == [("A", 1)]

    async def hangs(_: Sequence[bytes]) -> list[str | None]:
        await asyncio.Event().wait()
        return []

    consuming = asyncio.create_task(broker.consume(EVERYTHING, hangs))
    await owe(database, Case("B"))
    async with asyncio.timeout(2):
        await works.stop(seconds=0.1)
    assert await owed(database) == [("B", 1)]
    consuming.cancel()


async def test_a_database_that_was_never_there_ends_no_relay(broker: LocalBroker) -> None:
    """A service that starts before its database waits for it."""
    nowhere = open_database("postgresql://postgres@/nothing?host=/nowhere")
    work = asyncio.create_task(Relay(nowhere, broker, "permits", Pace(back_off_seconds=(0.01,))).run())
    done, _ = await asyncio.wait([work], timeout=0.2)
    work.cancel()
    assert not done


def test_a_lease_outlasts_the_last_publish_under_it() -> None:
    """The slowest to fail closes one connection, opens another, waits for its turn, and for the confirms."""
    slowest = 2 * CONNECT_SECONDS + 2 * PUBLISH_SECONDS
    assert Pace().begin_within_seconds + slowest < Pace().lease_seconds
