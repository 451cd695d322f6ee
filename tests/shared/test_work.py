"""The unit of work: rows and the events that tell of them are committed together, or none of them is."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.app_state import AppState, open_app_state
from shared.caller import Role
from shared.db.transaction import transaction
from shared.errors import Conflict
from shared.events import Event
from shared.messaging import outbox
from shared.messaging.local import LocalBroker
from shared.telemetry import request_id
from shared.work import CaseFound, Creation, commit_creation, unit_of_work
from tests.shared.cases.rows import ADA, a_case
from tests.shared.messaging.facts import NOW, Case, Noted, keys, owe, owed, record
from tests.shared.stored import count


async def stored(state: AppState, reference: str) -> list[Event]:
    """The events of a case that the database has."""
    async with transaction(state.database) as session:
        return (await outbox.history(session, [reference]))[reference]


async def test_a_cases_events_are_numbered_without_a_gap(state: AppState) -> None:
    """The sequence goes on where the case's version stood, and becomes its version."""
    case = Case("A", version=4)
    async with unit_of_work(state) as work:
        record(work, case, times=3)
    assert case.version == 7
    assert await owed(state.database) == [("A", 5), ("A", 6), ("A", 7)]


async def test_an_event_keeps_what_was_said_and_the_request_it_came_with(state: AppState) -> None:
    """It happened now unless it is said when, and was recorded at the instant at which the work began."""
    token = request_id.set("request-of-a-phone-call")
    async with unit_of_work(state, now=NOW) as work:
        said = work.record(Case("A"), Noted(number=7), at=NOW - timedelta(hours=2))
        [now] = record(work, Case("B"))
    request_id.reset(token)
    assert await stored(state, "A") == [said]
    assert (said.occurred_at, said.recorded_at) == (NOW - timedelta(hours=2), NOW)
    assert (said.request_id, said.facts) == ("request-of-a-phone-call", {"number": 7})
    assert (now.occurred_at, now.recorded_at) == (NOW, NOW)


async def test_whoever_works_is_the_caller_or_else_the_service(state: AppState) -> None:
    """A consumer or a worker acts in the service's own name, and has no department and no scope."""
    async with unit_of_work(state, ADA) as work:
        assert work.caller is ADA
    async with unit_of_work(state) as work:
        assert work.caller.subject == "the permits service"
        assert work.caller.is_a(Role.SERVICE)
        assert not (work.caller.scopes | work.caller.departments)


async def test_the_instant_is_the_same_from_begin_to_end(state: AppState) -> None:
    """It is read from the clock once, whatever the clock does after that."""
    ticks = iter(NOW + timedelta(seconds=number) for number in range(9))
    state.clock = lambda: next(ticks)
    async with unit_of_work(state) as work:
        first, second = record(work, Case("A"), times=2)
        assert work.now == first.recorded_at == second.recorded_at == NOW


async def test_work_that_is_refused_leaves_nothing(state: AppState) -> None:
    """Neither row nor event, and nobody is woken."""
    woken: list[str] = []
    state.database.on_recorded = lambda: woken.append("woken")

    async def refused() -> None:
        async with unit_of_work(state) as work:
            work.add(a_case())
            record(work, Case("A"))
            await work.session.flush()
            raise Conflict("refused")

    with pytest.raises(Conflict):
        await refused()
    assert (await count(state.database, "permits"), await count(state.database, "events")) == (0, 0)
    assert woken == []


async def test_rows_and_events_are_committed_together(state: AppState) -> None:
    """An event that cannot be stored takes the row along."""

    async def told_twice() -> None:
        async with unit_of_work(state) as work:
            work.add(a_case())
            record(work, Case("A"))

    await told_twice()
    assert (await count(state.database, "permits"), await count(state.database, "events")) == (1, 1)
    with pytest.raises(DBAPIError):  # the case has an event of this number already
        await told_twice()
    assert (await count(state.database, "permits"), await count(state.database, "events")) == (1, 1)


async def test_a_creation_is_committed_whole_or_not_at_all(state: AppState) -> None:
    """The case, its events and the answer; whoever publishes is woken once they are there, and not before."""
    woken: list[int] = []
    state.database.on_recorded = lambda: woken.append(len(creation.recorded))

    creation = Creation(state, ADA, NOW)
    creation.add(case := a_case())
    record(creation, case, times=2)
    assert await count(state.database, "permits") == 0
    assert await commit_creation(creation) is None
    assert (await count(state.database, "permits"), await count(state.database, "events")) == (1, 2)
    assert woken == [2]

    with pytest.raises(DBAPIError):
        await commit_creation(creation)
    assert (await count(state.database, "permits"), await count(state.database, "events")) == (1, 2)
    assert woken == [2]


async def test_a_creation_cannot_ask_the_database(state: AppState) -> None:
    """It has nothing to ask with; the history it knows is what it has recorded."""
    creation = Creation(state, ADA, NOW)
    events = record(creation, Case("A"), times=2)
    assert await creation.history(["A", "unknown"]) == {"A": events, "unknown": []}
    assert not hasattr(creation, "session")


async def test_a_unit_that_records_and_changes_no_row_is_stored(state: AppState) -> None:
    """The calendar's events have no row that the session knows of."""
    async with unit_of_work(state) as work:
        record(work, Case("A"))
    assert await owed(state.database) == [("A", 1)]


async def test_history_includes_what_is_recorded_in_it(state: AppState) -> None:
    """The dates promised in an answer take the act itself into account."""
    case = Case("A")
    await owe(state.database, case, Case("B"), times=2)
    async with unit_of_work(state) as work:
        record(work, case)
        told = await work.history(["A", "unknown"])
    assert {reference: keys(of_one) for reference, of_one in told.items()} == {
        "A": [("A", 1), ("A", 2), ("A", 3)],
        "unknown": [],
    }


async def test_a_unit_that_is_read_only_refuses_changes(state: AppState) -> None:
    """By the database itself, whoever forgets; it may ask whatever it likes."""

    async def change() -> None:
        async with unit_of_work(state, read_only=True) as work:
            work.session.add(a_case())

    async def tell() -> None:
        async with unit_of_work(state, read_only=True) as work:
            record(work, Case("A"))

    for attempt in (change, tell):
        with pytest.raises(DBAPIError, match="read-only transaction"):
            await attempt()
    async with unit_of_work(state, read_only=True) as work:
        assert await work.session.scalar(text("SELECT count(*) FROM permits")) == 0
    assert await owed(state.database) == []


async def test_a_connection_that_was_read_only_is_not_afterwards(state: AppState) -> None:
    """The pool has one connection, and gives it to the next who wants to write."""
    settings = state.settings.model_copy(update={"pool_size": 1, "pool_timeout": 1.0})
    single = open_app_state("permits", settings, broker=LocalBroker(state.settings.var))
    async with unit_of_work(single, read_only=True) as work:
        await work.session.execute(text("SELECT 1"))
    async with unit_of_work(single) as work:
        await work.session.execute(text("SELECT 1"))
        record(work, Case("A"))
    assert await owed(single.database) == [("A", 1)]
    await single.close()


async def test_only_a_replay_stops_where_it_has_found_its_case(state: AppState) -> None:
    """Once: an act that is done for the first time goes on, whatever it finds."""
    async with unit_of_work(state, now=datetime(2026, 11, 23, tzinfo=UTC)) as work:
        work.found("a case")
        work.only_finds = True
        with pytest.raises(CaseFound) as found:
            work.found("the case")
        assert found.value.case == "the case"
        assert not work.only_finds
