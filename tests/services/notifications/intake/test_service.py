"""Taking in what owners tell: whatever the order, one case has one set of deadlines."""

import asyncio
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import Select, delete, select, update

from services.notifications.models import CaseEvent, Notice, WatchedCase, WatchedDeadline
from services.notifications.policy import Delivery, Kind
from shared.app_state import AppState
from shared.db.tables import table_of
from shared.db.transaction import transaction
from shared.standards.periods import civil_date, close_of
from tests.services.notifications.consuming import (
    COMPLETED,
    MADE_SAFE,
    Case,
    ago,
    consume,
    deadlines,
    emergency,
    notices,
    swept,
)
from tests.support.clock import house_clock

# Each is received in many orders; all must end alike.
START = datetime.fromisoformat("2024-06-04T08:00:00+00:00")
HOUR = timedelta(hours=1)
YEAR = timedelta(days=366)


def an_emergency() -> Case:
    case = emergency(START)
    case.event("repairs.repair-assigned", START + HOUR, contractor="Fixit", department="repairs")
    case.event("repairs.access-refused", START + 2 * HOUR)
    case.event("repairs.repair-completed", START + 5 * HOUR, clean_and_tidy=True, identification_shown=True)
    case.event("repairs.repair-made-safe", START + 3 * HOUR)
    return case


def a_cancelled_repair() -> Case:
    case = emergency(START, priority=2)
    case.event("repairs.repair-assigned", START + HOUR, contractor="Fixit", department="planned works")
    case.event("repairs.repair-cancelled", START + 2 * HOUR)
    return case


def a_boiler_that_was_removed() -> Case:
    """Its removal was recorded before a service that is said to have happened after it."""
    case = Case("APP")
    case.event("repairs.appliance-registered", START, kind="heating", department="repairs")
    case.event("repairs.appliance-serviced", START + YEAR)
    case.event("repairs.appliance-removed", START + YEAR + HOUR)
    case.event("repairs.appliance-serviced", START + YEAR + 2 * HOUR)
    return case


def an_old_case() -> Case:
    case = emergency(START, imported=True)
    case.event("repairs.repair-completed", START + HOUR, clean_and_tidy=True, identification_shown=True)
    return case


STORIES = [an_emergency, a_cancelled_repair, a_boiler_that_was_removed, an_old_case]


async def all_stored(resources: AppState, reference: str) -> dict[str, Any]:
    """Everything that notifications has of a case but its name, and the way to it."""
    async with transaction(resources.database) as session:
        watched = await session.get_one(WatchedCase, reference)
        rows = (await session.execute(_deadlines(reference))).all()
    said = (watched.service, watched.version, watched.department, watched.resident, watched.imported)
    owed = await notices(resources, reference)
    told = sorted((notice.kind, notice.audience, notice.due_at) for notice in owed)
    return {"case": said, "deadlines": [tuple(row) for row in rows], "notices": told}


def _deadlines(reference: str) -> Select[Any]:
    """Every column but the reference, and the moves, which tell in which order dates were learnt."""
    table = table_of(WatchedDeadline)
    columns = [column for column in table.c if column.name not in {"reference", "moves"}]
    return select(*columns).filter_by(reference=reference).order_by("standard", "started_by")


@pytest.mark.parametrize("story", STORIES)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_any_order_and_repetition_ends_the_same(
    resources: AppState, story: Callable[[], Case], data: st.DataObject
) -> None:
    """Brokers repeat themselves and overtake each other; a case's deadlines depend on its facts alone."""
    told_in_order, told_anyhow = story(), story()
    await consume(resources, *told_in_order.history)
    again = data.draw(st.lists(st.sampled_from(told_anyhow.history), max_size=2))
    deliveries = data.draw(st.permutations(told_anyhow.history + again))
    while deliveries:
        size = data.draw(st.integers(1, len(deliveries)))
        await consume(resources, *deliveries[:size])
        deliveries = deliveries[size:]
    expected = await all_stored(resources, told_in_order.reference)
    assert await all_stored(resources, told_anyhow.reference) == expected


async def test_a_new_case_is_acknowledged_once(resources: AppState) -> None:
    """The resident is owed one word that we have it; the department hears when something comes due."""
    case = emergency(ago(minutes=1), priority=2)
    await consume(resources, *case.history)
    await consume(resources, *case.history)
    (owed,) = await notices(resources, case.reference)
    assert (owed.kind, owed.audience, owed.status) == ("acknowledgement", "resident", Delivery.PENDING)


async def test_later_events_acknowledge_nothing(resources: AppState) -> None:
    """Only the act by which a case opens is acknowledged."""
    case = emergency(ago(hours=1))
    case.event("repairs.repair-made-safe", ago(minutes=30))
    await consume(resources, case.history[1])
    assert await notices(resources, case.reference) == []


async def test_two_consumers_may_work_on_one_case_at_once(resources: AppState) -> None:
    """Whoever comes second waits, and then sees what the first has stored."""
    cases = [emergency(ago(hours=1)) for _ in range(10)]
    for case in cases:
        case.event("repairs.repair-made-safe", ago(minutes=30))
        case.event(
            "repairs.repair-completed", ago(minutes=20), clean_and_tidy=True, identification_shown=True
        )
    await asyncio.gather(
        *(
            consume(resources, *(case.history[number] for case in order))
            for number, order in ((0, cases), (1, cases[::-1]), (2, cases), (2, cases[::-1]))
        )
    )
    for case in cases:
        stored = await deadlines(resources, case.reference)
        assert stored[MADE_SAFE].met_at == case.history[1].occurred_at
        assert stored[COMPLETED].met_at == case.history[2].occurred_at


async def test_imported_cases_owe_no_word_to_anybody(resources: AppState) -> None:
    """They are counted as they went, and nobody is written to about the past."""
    case = emergency(ago(hours=30), imported=True)
    await consume(resources, *case.history)
    assert await swept(resources) == 0
    assert await notices(resources) == []
    stored = await deadlines(resources, case.reference)
    assert {row.state(house_clock()) for row in stored.values()} == {"breached"}
    assert {row.next_rung_at for row in stored.values()} == {None}


async def test_a_breach_undone_by_a_late_fact_is_withdrawn_and_told(resources: AppState) -> None:
    """It was done at ten and uploaded at six: whoever was told of a breach is told that it was none."""
    case = emergency(ago(hours=10))
    await consume(resources, *case.history)
    await swept(resources)
    await _delivered(resources, case.reference)
    case.event("repairs.repair-completed", ago(hours=9), clean_and_tidy=True, identification_shown=True)
    await consume(resources, case.history[-1])
    told = await notices(resources, case.reference)
    withdrawn = {(row.audience, row.standard) for row in told if row.status == Delivery.WITHDRAWN}
    owed = {(row.audience, row.standard) for row in told if row.kind == Kind.WITHDRAWAL}
    assert (
        withdrawn
        == owed
        == {
            (audience, standard)
            for audience in ("department", "manager")
            for standard in (MADE_SAFE, COMPLETED)
        }
    )
    assert {row.status for row in told if row.kind == Kind.WITHDRAWAL} == {Delivery.PENDING}
    assert await swept(resources) == 0


async def test_a_breach_that_nobody_was_told_of_is_withdrawn_silently(resources: AppState) -> None:
    """A letter that never went out needs none after it."""
    case = emergency(ago(hours=10))
    await consume(resources, *case.history)
    await swept(resources)
    case.event("repairs.repair-completed", ago(hours=9), clean_and_tidy=True, identification_shown=True)
    await consume(resources, case.history[-1])
    told = await notices(resources, case.reference)
    rung = [row for row in told if row.standard]
    assert {row.kind for row in rung} == {Kind.BREACH, Kind.ESCALATION}
    assert {row.status for row in rung} == {Delivery.WITHDRAWN}


async def test_late_work_leaves_its_breach_standing(resources: AppState) -> None:
    """Done after it was due, the promise stays broken, and nothing more is rung about it."""
    case = emergency(ago(hours=10))
    await consume(resources, *case.history)
    await swept(resources)
    await _delivered(resources, case.reference)
    case.event("repairs.repair-completed", ago(hours=2), clean_and_tidy=True, identification_shown=True)
    await consume(resources, case.history[-1])
    stored = await deadlines(resources, case.reference)
    assert {row.state(house_clock()) for row in stored.values()} == {"late"}
    assert Kind.WITHDRAWAL not in {row.kind for row in await notices(resources, case.reference)}


async def test_a_fact_that_comes_while_a_breach_is_announced_withdraws_it(resources: AppState) -> None:
    """Sweep and consumer meet on one deadline; the announcement cannot slip past the fact."""
    cases = [emergency(ago(hours=10)) for _ in range(20)]
    await consume(resources, *(case.history[0] for case in cases))
    for case in cases:
        case.event("repairs.repair-completed", ago(hours=9), clean_and_tidy=True, identification_shown=True)
    await asyncio.gather(
        *(consume(resources, case.history[1]) for case in cases), *(swept(resources) for _ in range(4))
    )
    standing = [row for row in await notices(resources) if row.kind in {Kind.BREACH, Kind.ESCALATION}]
    assert {row.status for row in standing} <= {Delivery.WITHDRAWN}


@pytest.mark.parametrize("clock", ["Friday 2026-11-27 10:00"], indirect=True)
async def test_a_date_that_moved_is_reminded_of_again(resources: AppState) -> None:
    """A holding reply gives a letter a new date; its reminder falls due anew, before the new date."""
    calendar = resources.calendar
    last_day = calendar.add_working_days(civil_date(house_clock()) - timedelta(days=1), 1)
    received_at = close_of(calendar.add_working_days(last_day, -10), time(12))
    respond_by = last_day + timedelta(days=40)
    letter = Case("ENQ")
    letter.event("enquiries.enquiry-received", received_at, channel="letter", department="enquiries")
    await consume(resources, *letter.history)
    await swept(resources)
    before = (await deadlines(resources, letter.reference))["enquiries.response"]
    assert before.rungs_fired == ["reminder"]
    letter.event(
        "enquiries.holding-reply-sent", house_clock(), respond_by=respond_by.isoformat(), reason="A survey"
    )
    await consume(resources, letter.history[-1])
    moved = (await deadlines(resources, letter.reference))["enquiries.response"]
    assert moved.due_at == close_of(respond_by)
    assert moved.rungs_fired == []
    assert moved.next_rung_at is not None
    assert house_clock() < moved.next_rung_at < moved.due_at


async def test_what_was_lost_here_is_learnt_again(resources: AppState) -> None:
    """Deadlines are derived from facts: receiving the facts again brings them all back."""
    case = an_emergency()
    await consume(resources, *case.history)
    before = await all_stored(resources, case.reference)
    async with transaction(resources.database) as session:
        for table in (CaseEvent, WatchedDeadline, WatchedCase, Notice):
            await session.execute(delete(table).filter_by(reference=case.reference))
    await consume(resources, *case.history)
    assert await all_stored(resources, case.reference) == before


async def test_what_notifications_says_itself_is_no_case(resources: AppState) -> None:
    """It hears every event, its own announcements too, and opens no case for those."""
    calendar = Case()
    event = calendar.event("notifications.calendar-changed", house_clock(), version=1, closures={})
    await consume(resources, event)
    async with transaction(resources.database) as session:
        assert (await session.scalars(select(WatchedCase))).all() == []


async def _delivered(resources: AppState, reference: str) -> None:
    """Say of every notice about a case that it went out."""
    sent = {"status": Delivery.SENT, "sent_at": house_clock()}
    async with transaction(resources.database) as session:
        await session.execute(update(Notice).where(Notice.reference == reference).values(sent))
