"""The event log: what is recorded is stored with the work it tells of, and leased to one relay at a time."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from shared.db.engine import Database
from shared.db.tables import events
from shared.db.transaction import transaction
from shared.events import Event
from shared.messaging import outbox
from tests.shared.messaging.facts import NOW, Case, end_leases, event, keys, note, owe, owed

LEASE_SECONDS = 30.0


async def claimed(database: Database, limit: int = 100) -> list[Event]:
    """The events that a relay that has just started may publish."""
    async with transaction(database) as session:
        return await outbox.claim(session, uuid4(), limit, LEASE_SECONDS)


async def test_what_comes_out_is_what_went_in(database: Database) -> None:
    """With its id, its times, its facts and the request that it came with."""
    said = replace(event("A"), occurred_at=NOW - timedelta(hours=2), facts={"number": 7})
    async with transaction(database) as session:
        await outbox.store(session, [said])
    assert await claimed(database) == [said]
    assert Event.from_json(said.to_json()) == said


async def test_a_history_is_each_cases_own_and_in_order(database: Database) -> None:
    """A case that is not known has none."""
    await owe(database, Case("A"), Case("B"), times=2)
    async with transaction(database) as session:
        told = await outbox.history(session, ["A", "unknown"])
        ids = await outbox.ids(session, ["A", "unknown"])
    assert {reference: keys(of_one) for reference, of_one in told.items()} == {
        "A": [("A", 1), ("A", 2)],
        "unknown": [],
    }
    assert ids == {"A": [each.id for each in told["A"]], "unknown": []}


async def test_the_latest_fact_of_a_case_is_not_always_its_last_event(database: Database) -> None:
    """The first of two events may tell of what happened later; a case without any has no latest fact."""
    later, earlier = event("A", 1), replace(event("A", 2), occurred_at=NOW - timedelta(hours=2))
    async with transaction(database) as session:
        await outbox.store(session, [later, earlier])
        assert await outbox.latest_fact_at(session, "A") == NOW
        assert await outbox.latest_fact_at(session, "B") is None


async def test_rows_that_commit_out_of_order_are_not_lost(database: Database) -> None:
    """A slow request inserts first and commits last; its event is claimed all the same."""
    async with transaction(database) as slow:
        await note(slow, Case("SLOW"))
        await owe(database, Case("FAST"))
        assert keys(await claimed(database)) == [("FAST", 1)]
    assert keys(await claimed(database)) == [("SLOW", 1)]


async def test_the_oldest_are_claimed_first_and_no_more_than_asked_for(database: Database) -> None:
    """In the order they were recorded, so that nothing waits for ever."""
    await owe(database, Case("A"), Case("B"), times=3)
    assert keys(await claimed(database, limit=3)) == [("A", 1), ("B", 1), ("A", 2)]


async def test_a_case_that_one_relay_is_publishing_is_passed_over_by_the_other(database: Database) -> None:
    """Event 2 must not overtake event 1, which another relay holds and may be about to publish."""
    case = Case("A")
    await owe(database, case)
    await claimed(database)
    await owe(database, case, Case("B"))
    assert keys(await claimed(database)) == [("B", 1)]


async def test_a_dead_relays_events_are_free_when_its_lease_has_run_out(database: Database) -> None:
    """Nobody has to notice its death; until then they are nobody else's."""
    await owe(database, Case("A"), times=2)
    assert len(await claimed(database)) == 2
    assert await claimed(database) == []
    await end_leases(database)
    assert keys(await claimed(database)) == [("A", 1), ("A", 2)]


async def test_a_lease_from_a_clock_that_was_put_back_holds_nothing_up(database: Database) -> None:
    """A relay claimed it two hours ahead and died; neither it nor the case's next event waits for that."""
    case = Case("A")
    await owe(database, case)
    await claimed(database)
    async with transaction(database) as session:
        await session.execute(text("UPDATE events SET leased_until = leased_until + interval '2 hours'"))
    await owe(database, case)
    assert keys(await claimed(database)) == [("A", 1), ("A", 2)]


async def test_a_lease_of_a_machine_whose_clock_is_a_little_ahead_stands(database: Database) -> None:
    """Seconds are no step."""
    await owe(database, Case("A"))
    await claimed(database)
    async with transaction(database) as session:
        await session.execute(text("UPDATE events SET leased_until = leased_until + interval '10 seconds'"))
    assert await claimed(database) == []


async def test_a_relay_claims_again_what_it_could_not_settle(database: Database) -> None:
    """The database went away before it could say what was published; nobody waits half a minute for that."""
    case, relay = Case("A"), uuid4()
    await owe(database, case)
    for expected in ([("A", 1)], [("A", 1), ("A", 2)]):
        async with transaction(database) as session:
            assert keys(await outbox.claim(session, relay, 10, LEASE_SECONDS)) == expected
        await owe(database, case)
    assert await claimed(database) == []


async def test_a_relay_that_was_too_slow_marks_nothing_that_another_has_taken_over(
    database: Database,
) -> None:
    """A terminal update checks its lease: what the second has not published yet is still owed."""
    await owe(database, Case("A"))
    slow = uuid4()
    async with transaction(database) as session:
        held = await outbox.claim(session, slow, 10, LEASE_SECONDS)
    await end_leases(database)
    await claimed(database)
    async with transaction(database) as session:
        assert await outbox.settle(session, slow, held, []) == 0
    assert await owed(database) == [("A", 1)]


async def test_what_the_broker_refused_is_free_at_once(database: Database) -> None:
    """Marked is what it has; the rest needs no lease to run out."""
    await owe(database, Case("A"), Case("B"))
    relay = uuid4()
    async with transaction(database) as session:
        first, second = await outbox.claim(session, relay, 10, LEASE_SECONDS)
    async with transaction(database) as session:
        assert await outbox.settle(session, relay, [first], [second]) == 1
    assert keys(await claimed(database)) == [("B", 1)]


async def test_claims_made_at_once_share_the_events_out(database: Database) -> None:
    """Eight relays at once: each event is leased to exactly one, whole cases at a time."""
    await owe(database, *(Case(f"CASE-{number}") for number in range(20)), times=5)
    shares = await asyncio.gather(*(claimed(database, limit=10) for _ in range(8)))
    leased = [key for share in shares for key in keys(share)]
    assert len(leased) == len(set(leased))
    for share in shares:
        for case in {told.reference for told in share}:
            mine = [told.sequence for told in share if told.reference == case]
            assert mine == list(range(1, len(mine) + 1))


async def test_how_long_the_oldest_event_has_been_owed(database: Database) -> None:
    """It is what tells that the broker is away; nothing owed is no time at all."""
    async with transaction(database) as session:
        assert await outbox.oldest_unpublished_seconds(session) == 0
        now = await session.scalar(text("SELECT now()"))
        await outbox.store(session, [replace(event("A"), recorded_at=now - timedelta(minutes=5))])
    async with transaction(database) as session:
        assert await outbox.oldest_unpublished_seconds(session) == pytest.approx(300, abs=10)


async def test_events_are_never_changed_but_for_their_publishing(database: Database) -> None:
    """The same rows are the case's history, and stay when the broker has them."""
    await owe(database, Case("A"))
    relay = uuid4()
    async with transaction(database) as session:
        before = await outbox.claim(session, relay, 10, LEASE_SECONDS)
        await outbox.settle(session, relay, before, [])
    async with transaction(database) as session:
        assert (await outbox.history(session, ["A"]))["A"] == before
        assert await session.scalar(select(events.c.leased_by)) is None
