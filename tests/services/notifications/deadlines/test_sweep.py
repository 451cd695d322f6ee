"""Finding what comes due or is missed, and saying so exactly once."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as listening, insert, text

from services.notifications.deadlines.sweep import one_pass, sweep
from services.notifications.models import WatchedDeadline
from services.notifications.policy import Kind
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.standards.states import lapses_at
from shared.work import unit_of_work
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
from tests.services.repairs.reporting import london
from tests.support.clock import house_clock
from tests.support.eventually import eventually

BOTH = (COMPLETED, MADE_SAFE)


async def rung_about(resources: AppState, case: Case) -> Counter[tuple[str, str, str, tuple[str, ...]]]:
    """The steps that were told about a case: what, to whom, on which standard, standing for which."""
    return Counter(
        (row.kind, row.audience, row.standard, tuple(row.stands_for))
        for row in await notices(resources, case.reference)
        if row.standard
    )


def on_both(kind: Kind, audience: str, *stands_for: str) -> Counter[tuple[str, str, str, tuple[str, ...]]]:
    """One notice on each of the two promises that an emergency has."""
    return Counter({(kind, audience, standard, stands_for): 1 for standard in BOTH})


@pytest.mark.parametrize(
    ("hours", "minutes", "expected"),
    [
        (2, 59, Counter()),
        (3, 1, on_both(Kind.REMINDER, "department")),
        (4, 1, on_both(Kind.BREACH, "department", "reminder")),
        (
            5,
            1,
            on_both(Kind.BREACH, "department", "reminder") + on_both(Kind.ESCALATION, "manager"),
        ),
    ],
    ids=["nothing yet", "an hour before", "missed", "an hour after"],
)
async def test_each_hears_the_newest_step_that_is_owed_to_them(
    resources: AppState, hours: int, minutes: int, expected: Counter[Any]
) -> None:
    """After an outage one notice stands for those that could not be sent: nobody gets a storm of three."""
    case = emergency(ago(hours=hours, minutes=minutes))
    await consume(resources, *case.history)
    await swept(resources)
    assert await rung_about(resources, case) == expected


@pytest.mark.parametrize(
    ("clock", "told", "opens_at"),
    [
        ("Friday 2026-11-27 10:00", {Kind.REMINDER}, None),
        ("Friday 2026-11-27 07:00", set(), "Friday 2026-11-27 09:00"),
        ("Friday 2026-11-27 23:30", set(), None),
    ],
    indirect=["clock"],
    ids=["in office hours", "before they begin", "missed before they begin"],
)
async def test_a_reminder_that_is_no_emergency_leaves_in_office_hours(
    resources: AppState, told: set[Kind], opens_at: str | None
) -> None:
    """Graffiti has 24 hours, and nobody is woken for it: at night its reminder is held, its breach is not."""
    case = Case("EST")
    graffiti = {"kind": "graffiti", "offensive": True, "department": "estates", "channel": "online"}
    case.event("estates.issue-reported", ago(hours=20, minutes=30), **graffiti)
    await consume(resources, *case.history)
    await swept(resources)
    assert {row.kind for row in await notices(resources, case.reference) if row.standard} == told
    (deadline,) = (await deadlines(resources, case.reference)).values()
    assert deadline.next_rung_at == (london(opens_at) if opens_at else lapses_at(deadline.due_at))


async def test_a_breach_is_never_announced_early(resources: AppState) -> None:
    """It is rung within moments of the instant, and not one before it."""
    case = emergency(ago(hours=3, minutes=59, seconds=59))
    await consume(resources, *case.history)
    due_at = (await deadlines(resources, case.reference))[MADE_SAFE].due_at

    async def announced() -> bool:
        await swept(resources)
        kinds = {kind for kind, *_ in await rung_about(resources, case)}
        assert Kind.BREACH not in kinds or house_clock() >= due_at
        return Kind.BREACH in kinds

    await eventually(announced, seconds=6)
    assert house_clock() - due_at < timedelta(seconds=5)


async def test_many_sweeps_at_once_take_each_step_once(resources: AppState) -> None:
    """Several may run, in one process or in many: each deadline is one sweep's at a time."""
    cases = [emergency(ago(hours=4, minutes=30)) for _ in range(25)]
    await consume(resources, *(case.history[0] for case in cases))

    async def sweep_in_small_bites() -> None:
        taken = 1
        while taken:
            async with unit_of_work(resources) as work:
                taken = await sweep(work, batch=3)

    await asyncio.gather(*(sweep_in_small_bites() for _ in range(5)))
    for case in cases:
        assert await rung_about(resources, case) == on_both(Kind.BREACH, "department", "reminder")


async def test_a_sweep_leaves_the_next_step_armed(resources: AppState) -> None:
    """A step that was taken is never taken again, and the next one is waited for."""
    case = emergency(ago(hours=3, minutes=30))
    await consume(resources, *case.history)
    assert await swept(resources) == 2
    assert await swept(resources) == 0
    for deadline in (await deadlines(resources, case.reference)).values():
        assert deadline.rungs_fired == ["reminder"]
        assert deadline.next_rung_at == lapses_at(deadline.due_at)


@pytest.mark.parametrize(
    ("what", "facts"),
    [
        ("repairs.repair-completed", {"clean_and_tidy": True, "identification_shown": True}),
        ("repairs.repair-cancelled", {}),
    ],
)
async def test_what_is_settled_is_silent(resources: AppState, what: str, facts: dict[str, Any]) -> None:
    """Nobody is reminded of work that is done, or no longer wanted."""
    case = emergency(ago(hours=10))
    case.event(what, ago(hours=9), **facts)
    await consume(resources, *case.history)
    assert await swept(resources) == 0
    assert await rung_about(resources, case) == Counter()


async def test_a_case_that_nobody_has_is_watched_like_all_others(resources: AppState) -> None:
    """Its department is told; nothing is forgotten because nobody took it."""
    case = emergency(ago(hours=4, minutes=1))
    await consume(resources, *case.history)
    await swept(resources)
    assert {audience for _, audience, *_ in await rung_about(resources, case)} == {"department"}


async def test_its_cost_grows_with_what_is_due_not_with_what_is_open(resources: AppState) -> None:
    """Among thousands of open deadlines it finds the due ones by the index made for it."""
    far_off = house_clock() + timedelta(days=30)
    row = {
        "standard": COMPLETED,
        "started_by": 1,
        "regime": "havering",
        "service": "repairs",
        "department": "repairs",
        "started_at": ago(hours=1),
        "due_at": far_off,
        "rungs": [],
        "rungs_fired": [],
        "next_rung_at": far_off,
        "moves": [],
    }
    async with transaction(resources.database) as session:
        rows = [{**row, "reference": f"REP-{number}"} for number in range(5000)]
        await session.execute(insert(WatchedDeadline), rows)
        await session.execute(text("ANALYZE deadlines"))
    plan = await plan_of_the_sweep(resources)
    assert "ix_deadlines_next_rung_at" in plan
    assert "Seq Scan" not in plan


async def plan_of_the_sweep(resources: AppState) -> str:
    """The query plans by which PostgreSQL finds out whether anything is due, and what."""
    asked: list[tuple[str, Any]] = []

    def remember(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    engine = resources.database.engine
    listening.listen(engine.sync_engine, "before_cursor_execute", remember)
    await one_pass(resources)
    async with unit_of_work(resources) as work:
        await sweep(work)
    listening.remove(engine.sync_engine, "before_cursor_execute", remember)
    finding = [one for one in asked if "next_rung_at <=" in one[0]]
    assert len(finding) == 2
    async with engine.connect() as connection:
        plans = [await connection.exec_driver_sql(f"EXPLAIN {words}", given) for words, given in finding]
        return "\n".join(row[0] for plan in plans for row in plan)


async def test_a_pass_with_nothing_due_is_one_statement(resources: AppState) -> None:
    """It runs each second, for ever: no transaction is begun for it."""
    case = emergency(ago(hours=1))
    await consume(resources, *case.history)
    sent: list[str] = []

    def remember(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    engine = resources.database.engine.sync_engine
    listening.listen(engine, "before_cursor_execute", remember)
    assert await one_pass(resources) == 0
    listening.remove(engine, "before_cursor_execute", remember)
    assert len(sent) == 1
