"""Dead letters, on both brokers: looked at, counted, delivered once more, discarded."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from shared.clock import system_clock
from shared.events import Event
from shared.messaging.broker import Broker, DeadLetter
from shared.messaging.local import LocalBroker
from shared.messaging.rabbitmq import RabbitMQ
from tests.shared.messaging.facts import NOW, event, keys
from tests.shared.messaging.listening import EVERYTHING, REFUSED, Listener, listening, send
from tests.support.eventually import eventually


async def nowhere(letters: Sequence[DeadLetter]) -> None:
    """Keep nothing of letters that are discarded."""


async def test_one_poison_message_goes_to_the_dead_letters_and_the_rest_goes_on(broker: Broker) -> None:
    """Only the event that can never be handled is given up on, not its batch."""
    listener = Listener(lambda event: event.sequence != 2)
    batch = [event(sequence=number) for number in (1, 2, 3)]
    async with listening(broker, listener):
        await send(broker, *batch)
        [letter] = await eventually(lambda: buried(broker))
        await eventually(lambda: len(listener.received) == 2)
    assert (letter.body, letter.reason) == (batch[1].to_json(), REFUSED)
    assert listener.received == [batch[0], batch[2]]


async def test_dead_letters_stay_when_they_are_looked_at(broker: Broker) -> None:
    """They are listed oldest first, as often as somebody asks, and as many as asked for."""
    async with listening(broker, Listener(lambda _: False)):
        for number in (1, 2, 3):
            await send(broker, event(sequence=number))
        await eventually(lambda: at_least(broker, 3))
        for _ in range(2):
            letters = await buried(broker)
            assert [Event.from_json(letter.body).sequence for letter in letters] == [1, 2, 3]


async def test_all_are_counted_however_few_are_shown(broker: Broker) -> None:
    """By their reasons too where all were looked at, which RabbitMQ does not do for a count."""
    async with listening(broker, Listener(lambda _: False)):
        await send(broker, *(event(sequence=number) for number in (1, 2, 3)))
        await eventually(lambda: at_least(broker, 3))
        whole = await broker.dead_letters(EVERYTHING.name)
        assert (whole.total, whole.by_reason, whole.waiting) == (3, {REFUSED: 3}, 0)
        some = await broker.dead_letters(EVERYTHING.name, limit=2)
    assert (len(some.oldest), some.total) == (2, 3)
    assert some.by_reason in (None, {REFUSED: 3})
    assert (some.by_reason is None) == isinstance(broker, RabbitMQ)


async def test_who_looks_at_the_same_time_or_right_after_sees_the_same(broker: Broker) -> None:
    """RabbitMQ shows nobody what another has taken out to look at, until it is back."""
    async with listening(broker, Listener(lambda _: False)):
        await send(broker, *(event(sequence=number) for number in range(1, 41)))
        await eventually(lambda: at_least(broker, 40))
        looks = await asyncio.gather(*(broker.dead_letters(EVERYTHING.name, limit=30) for _ in range(4)))
        assert {(look.total, len(look.oldest)) for look in looks} == {(40, 30)}
        for gone, letter in enumerate(looks[0].oldest[:5], 1):
            await broker.discard_dead_letters(EVERYTHING.name, [letter.id], nowhere)
            assert (await broker.dead_letters(EVERYTHING.name)).total == 40 - gone


async def test_a_letter_says_when_it_died(broker: Broker) -> None:
    """So that one sees since when something is wrong."""
    before = system_clock() - timedelta(seconds=1)
    async with listening(broker, Listener(lambda _: False)):
        await send(broker, event())
        [letter] = await eventually(lambda: buried(broker))
    assert letter.died_at is not None
    assert before <= letter.died_at <= system_clock() + timedelta(seconds=1)
    assert letter.replayed_at is None


@pytest.mark.rabbitmq
async def test_what_waits_in_the_queue_is_counted_beside_them(rabbitmq: Broker) -> None:
    """A letter that was queued to be tried again, while its consumer is away."""
    async with listening(rabbitmq, Listener(lambda _: False)):
        await send(rabbitmq, event())
        await eventually(lambda: at_least(rabbitmq, 1))
    await rabbitmq.replay_dead_letters(EVERYTHING.name, NOW)

    async def waits() -> bool:
        found = await rabbitmq.dead_letters(EVERYTHING.name)
        return (found.total, found.waiting) == (0, 1)

    await eventually(waits)


async def buried(broker: Broker) -> Sequence[DeadLetter]:
    return (await broker.dead_letters(EVERYTHING.name)).oldest


async def at_least(broker: Broker, count: int) -> bool:
    return (await broker.dead_letters(EVERYTHING.name)).total >= count


async def test_dead_letters_are_delivered_once_more_when_replayed(broker: Broker) -> None:
    """Replaying them ends their being dead, once what made them fail is put right."""
    mended = False
    listener = Listener(lambda _: mended)
    async with listening(broker, listener):
        await send(broker, event(sequence=1), event(sequence=2))
        await eventually(lambda: at_least(broker, 2))
        mended = True
        assert await broker.replay_dead_letters(EVERYTHING.name, NOW) == 2
        await eventually(lambda: len(listener.received) == 2)
    assert await buried(broker) == []


async def test_a_letter_that_fails_again_is_a_dead_letter_again(broker: Broker) -> None:
    """A replay delivers each letter once, and does not chase one that comes back, which says that it was."""
    tries = 0

    def never(_: Event) -> bool:
        nonlocal tries
        tries += 1
        return False

    async with listening(broker, Listener(never)):
        await send(broker, event())
        await eventually(lambda: at_least(broker, 1))
        assert await broker.replay_dead_letters(EVERYTHING.name, NOW) == 1
        await eventually(lambda: tries == 2)
        [letter] = await eventually(lambda: buried(broker))
    assert tries == 2
    assert letter.replayed_at == NOW


async def test_dead_letters_are_replayed_or_discarded_one_by_one(broker: Broker) -> None:
    """By their ids; those that nobody named stay, in their order."""
    mended = False
    listener = Listener(lambda _: mended)
    async with listening(broker, listener):
        for number in (1, 2, 3, 4):
            await send(broker, event(sequence=number))
        await eventually(lambda: at_least(broker, 4))
        mended = True
        letters = await buried(broker)
        assert await broker.replay_dead_letters(EVERYTHING.name, NOW, ids=[letters[1].id]) == 1
        ids = [letters[2].id, "nobody's"]
        assert await broker.discard_dead_letters(EVERYTHING.name, ids, nowhere) == [letters[2]]
        await eventually(lambda: keys(listener.received) == [("PER-0000-0000", 2)])
    assert await buried(broker) == [letters[0], letters[3]]


async def test_a_letter_that_could_not_be_kept_is_not_discarded(broker: Broker) -> None:
    """As where the process or its database stops in between; whoever discards it again may."""
    kept: list[DeadLetter] = []

    async def keep(letters: Sequence[DeadLetter]) -> None:
        if not kept:
            kept.extend(letters)
            raise LookupError("no table for them")

    async with listening(broker, Listener(lambda _: False)):
        await send(broker, event(sequence=1), event(sequence=2))
        await eventually(lambda: at_least(broker, 2))
        first, second = await buried(broker)
        with pytest.raises(LookupError):
            await broker.discard_dead_letters(EVERYTHING.name, [first.id], keep)
        assert kept == [first]
        await eventually(lambda: at_least(broker, 2))
        assert await broker.discard_dead_letters(EVERYTHING.name, [first.id], keep) == [first]
        assert await buried(broker) == [second]


async def test_dead_letters_of_the_broker_in_the_process_outlive_it(tmp_path: Path) -> None:
    """They are files, so that a restart does not bury them for good."""
    before = LocalBroker(tmp_path)
    async with listening(before, Listener(lambda _: False)):
        await send(before, event(sequence=7))
    after, listener = LocalBroker(tmp_path), Listener()
    [letter] = (await after.dead_letters("notifications")).oldest
    assert Event.from_json(letter.body).sequence == 7
    async with listening(after, listener):
        assert await after.replay_dead_letters(EVERYTHING.name, NOW) == 1
    assert keys(listener.received) == [("PER-0000-0000", 7)]
