"""Taking deliveries in: once each, whole batches at a time, and no poison message in anybody's way."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from uuid import uuid4

import pytest
from sqlalchemy import Integer, bindparam, text

from shared.app_state import AppState
from shared.db.engine import Database
from shared.db.transaction import transaction
from shared.events import Event
from shared.messaging.consumer import Consumer, Patience
from shared.messaging.inbox import unseen
from shared.telemetry import request_id
from shared.work import UnitOfWork, unit_of_work
from tests.shared.messaging.facts import event, keys

THIRTEEN = "LookupError at shared/messaging/consumer.py"
ON_A_BUSY_MACHINE = 5.0

NOTE = text("INSERT INTO received VALUES (:reference, :sequence)").bindparams(
    bindparam("sequence", type_=Integer)
)


@pytest.fixture
async def consuming(state: AppState) -> AppState:
    """A service whose database has a table of events received."""
    async with transaction(state.database) as session:
        await session.execute(text("CREATE TABLE received (reference text, sequence integer)"))
    return state


async def note_down(work: UnitOfWork, events: Sequence[Event]) -> None:
    """A use case: writes down what it hears, and cannot bear the number 13."""
    for told in events:
        await work.session.execute(NOTE, {"reference": told.reference, "sequence": told.sequence})
        if told.sequence == 13:
            raise LookupError("thirteen")


def consumer_of(
    state: AppState,
    use_case: Callable[[UnitOfWork, Sequence[Event]], Awaitable[None]] = note_down,
    queue: str = "q",
) -> Consumer[UnitOfWork]:
    """A service's consumer around a use case, which does not wait long for a poison message."""
    return Consumer(queue, lambda: unit_of_work(state), use_case, Patience(pause_seconds=0.001))


async def received(state: AppState) -> list[tuple[str, int]]:
    async with transaction(state.database) as session:
        return [tuple(row) for row in await session.execute(text("SELECT * FROM received ORDER BY ctid"))]


def bodies(*sequences: int, reference: str = "A") -> list[bytes]:
    return [event(reference, number).to_json() for number in sequences]


async def test_a_batch_is_taken_in_whole_and_in_order(consuming: AppState) -> None:
    """One transaction for all of it."""
    assert await consumer_of(consuming)(bodies(1, 2, 3)) == [None] * 3
    assert await received(consuming) == [("A", 1), ("A", 2), ("A", 3)]


async def test_only_the_poison_message_is_given_up_on(consuming: AppState) -> None:
    """A batch that fails is run again in parts, nothing of it is done twice, and the reason names nobody."""
    first, reason, last = await consumer_of(consuming)(bodies(1, 13, 3))
    assert (first, last) == (None, None)
    assert str(reason).startswith(THIRTEEN)
    assert "thirteen" not in str(reason)
    assert await received(consuming) == [("A", 1), ("A", 3)]


async def test_a_poison_message_is_tried_a_few_times_and_no_more(consuming: AppState) -> None:
    """It may have been bad luck; but it must not hold up the rest for ever."""
    tries = 0

    async def never(_: UnitOfWork, __: Sequence[Event]) -> None:
        nonlocal tries
        tries += 1
        raise LookupError

    [reason] = await consumer_of(consuming, never)(bodies(1))
    assert reason is not None
    assert tries == Patience().tries


async def test_a_poison_message_delays_no_good_one_by_a_second(consuming: AppState) -> None:
    """It is tried again after all the others were taken in, however many came with it."""
    sequences = [13 if number % 100 == 50 else 1000 + number for number in range(400)]
    taken_in: dict[int, float] = {}

    async def use_case(work: UnitOfWork, events: Sequence[Event]) -> None:
        await note_down(work, events)
        taken_in.update({told.sequence: monotonic() for told in events})

    began = monotonic()
    consumer = Consumer("q", lambda: unit_of_work(consuming), use_case)
    handled = await consumer(bodies(*sequences))
    assert [reason is None for reason in handled] == [number != 13 for number in sequences]
    assert len(taken_in) == 396
    assert max(taken_in.values()) < began + Patience().retry_seconds + ON_A_BUSY_MACHINE
    assert monotonic() < max(taken_in.values()) + 1 + ON_A_BUSY_MACHINE


async def test_many_poison_messages_are_not_tried_for_long(consuming: AppState) -> None:
    """What comes next waits for them."""
    tries = 0

    async def slowly_never(_: UnitOfWork, __: Sequence[Event]) -> None:
        nonlocal tries
        tries += 1
        await asyncio.sleep(0.01)
        raise LookupError

    consumer = Consumer(
        "q", lambda: unit_of_work(consuming), slowly_never, Patience(tries=1000, retry_seconds=0.05)
    )
    assert None not in await consumer(bodies(1, 2, 3))
    assert tries < 30


async def test_bad_luck_is_no_reason_to_give_a_message_up(consuming: AppState) -> None:
    """A message that fails once and then works is handled."""
    luck = iter([False, False, True])

    async def use_case(work: UnitOfWork, events: Sequence[Event]) -> None:
        if not next(luck):
            raise LookupError
        await note_down(work, events)

    assert await consumer_of(consuming, use_case)(bodies(1)) == [None]
    assert await received(consuming) == [("A", 1)]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"null",
        event().to_json().replace(b'"sequence":1', b'"sequence":0'),
        event().to_json().replace(b'"sequence":1', b'"sequence":true'),
        event().to_json().replace(b'"id":"', b'"id":"x'),
        event().to_json().replace(b"2026-11-23T09:30:00Z", b"2026-11-23T09:30:00"),
        event().to_json().replace(b"2026-11-23T09:30:00Z", b"0001-01-01T00:00:00+14:00"),
        event().to_json().replace(b'"data":{', b'"data":[{').replace(b"}}", b"}]}"),
    ],
)
async def test_what_is_no_event_goes_to_the_dead_letters_and_takes_nobody_along(
    consuming: AppState, body: bytes
) -> None:
    """A message that cannot be read never will be; those around it can."""
    first, last = bodies(1, 2)
    handled = await consumer_of(consuming)([first, body, last])
    assert (handled[0], handled[2]) == (None, None)
    assert str(handled[1]).startswith("no event: MalformedEvent at shared/events.py")
    assert await received(consuming) == [("A", 1), ("A", 2)]


async def test_a_batch_of_nothing_but_rubbish_is_no_transaction(consuming: AppState) -> None:
    """Nothing is left to do, and nothing is done."""
    assert None not in await consumer_of(consuming)([b"", b"{}"])


async def test_a_value_that_fits_no_column_is_poison_and_not_an_outage(consuming: AppState) -> None:
    """It is refused by the driver, where a lost connection is noticed too; waiting would be for ever."""
    async with asyncio.timeout(5):
        handled = await consumer_of(consuming)(bodies(1, 2**40, 3))
    assert [reason is None for reason in handled] == [True, False, True]


async def test_the_same_delivery_twice_is_taken_in_once(consuming: AppState) -> None:
    """Twice in one batch, and again in the next: brokers deliver at least once."""
    takes_in = consumer_of(consuming)
    [body] = bodies(1)
    assert await takes_in([body, body]) == [None, None]
    assert await takes_in([body]) == [None]
    assert await received(consuming) == [("A", 1)]


async def test_two_consumers_with_the_same_delivery_take_it_in_once(consuming: AppState) -> None:
    """After a reconnect the old holder of a message may still be at work on it."""
    [body] = bodies(1)
    takes_in = consumer_of(consuming)
    assert await asyncio.gather(*(takes_in([body]) for _ in range(5))) == [[None]] * 5
    assert await received(consuming) == [("A", 1)]


async def test_what_failed_is_not_taken_for_seen(consuming: AppState) -> None:
    """A replayed dead letter is handled once what was wrong with it is mended."""
    [body] = bodies(13)
    assert await consumer_of(consuming)([body]) != [None]

    async def mended(work: UnitOfWork, events: Sequence[Event]) -> None:
        await work.session.execute(NOTE, {"reference": "mended", "sequence": events[0].sequence})

    assert await consumer_of(consuming, mended)([body]) == [None]
    assert await received(consuming) == [("mended", 13)]


async def test_each_queue_of_a_database_consumes_for_itself(consuming: AppState) -> None:
    """An event that one consumer has seen, another has not."""
    [body] = bodies(1)
    for queue in ("one", "two"):
        await consumer_of(consuming, queue=queue)([body])
    assert await received(consuming) == [("A", 1), ("A", 1)]


async def test_the_inbox_keeps_the_order_and_drops_repetitions(database: Database) -> None:
    """Fresh events come back as they came, each once."""
    identity = uuid4()
    told = [event(sequence=3), event(sequence=1, identity=identity), event(sequence=1, identity=identity)]
    async with transaction(database) as session:
        assert keys(await unseen(session, "q", told)) == [("PER-0000-0000", 3), ("PER-0000-0000", 1)]
        assert await unseen(session, "q", told) == []


async def test_an_event_handled_alone_is_handled_under_its_request_id(consuming: AppState) -> None:
    """Its log lines and records belong to the request that began it; a batch belongs to several."""
    under: list[str] = []

    async def use_case(_: UnitOfWork, __: Sequence[Event]) -> None:
        under.append(request_id.get())

    takes_in = consumer_of(consuming, use_case)
    await takes_in(bodies(1))
    await takes_in(bodies(2, 3))
    assert under == ["request-1", "-"]
