"""A changed calendar plans again the open deadlines that it touches, and no others."""

import asyncio
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import text, update

from services.notifications.calendar import closures
from services.notifications.deadlines import calendar_changes, recalculate
from services.notifications.deadlines.calendar_changes import plan_again
from services.notifications.intake.service import take_in
from services.notifications.models import Notice
from services.notifications.policy import Delivery, Kind
from shared.app_state import AppState
from shared.caller import Caller
from shared.clock import Clock
from shared.db.transaction import transaction
from shared.standards.calendar import LONDON
from shared.work import unit_of_work
from tests.services.notifications.consuming import Case, consume, deadlines, notices, swept
from tests.services.repairs.reporting import london
from tests.support.eventually import eventually

OURS, STATUTORY = "repairs.priority-2.completed", "repairs.right-to-repair"
OFFICER = Caller("officer-7", frozenset({"officer"}), frozenset(), frozenset({"repairs"}), None)
CHRISTMAS_EVE = date(2026, 12, 24)
ENTERED = "we are closed on Thursday 24 December 2026 (party)"

# Three working days: Wednesday, Thursday, and after Christmas Tuesday; with Thursday closed, Wednesday.
REPORTED = "Tuesday 2026-12-22 10:00"
DUE, DUE_WITH_CLOSURE = "Tuesday 2026-12-29 23:59:59", "Wednesday 2026-12-30 23:59:59"


@pytest.fixture
def clock() -> Clock:
    """These stories play on the day of the report."""
    return lambda: london("Tuesday 2026-12-22 15:00")


def repair(reported: str = REPORTED, **facts: Any) -> Case:
    """A tap that does not turn: priority 2, and three days by the right to repair."""
    told = {"priority": 2, "fault": "tap-not-turning", "department": "repairs", "channel": "online"}
    case = Case()
    case.event("repairs.repair-reported", london(reported), **{**told, "imported": False, **facts})
    return case


async def watched(resources: AppState, *cases: Case) -> None:
    await consume(resources, *(event for case in cases for event in case.history))


async def close(resources: AppState, day: date = CHRISTMAS_EVE, reason: str = "party") -> None:
    async with unit_of_work(resources, OFFICER) as work:
        await closures.enter_closure(work, day, reason)


async def reopen(resources: AppState, day: date = CHRISTMAS_EVE) -> None:
    async with unit_of_work(resources, OFFICER) as work:
        await closures.withdraw_closure(work, day, "no party")


async def acknowledge(resources: AppState, case: Case) -> None:
    """Let the resident have been told."""
    sent = {"status": Delivery.SENT, "sent_at": resources.clock(), "attempts": 1}
    told = update(Notice).where(Notice.reference == case.reference, Notice.kind == "acknowledgement")
    async with transaction(resources.database) as session:
        await session.execute(told.values(sent))


async def due(resources: AppState, case: Case, standard: str = OURS) -> str:
    """A deadline's date, as London says it."""
    return spoken((await deadlines(resources, case.reference))[standard].due_at)


def spoken(instant: datetime) -> str:
    return f"{instant.astimezone(LONDON):%A %Y-%m-%d %H:%M:%S}"


async def moves(resources: AppState, case: Case) -> list[tuple[str, str, str]]:
    stored = (await deadlines(resources, case.reference))[OURS].moves
    return [
        (spoken(datetime.fromisoformat(m["from"])), spoken(datetime.fromisoformat(m["to"])), m["because"])
        for m in stored
    ]


async def new_dates(resources: AppState, case: Case) -> list[Notice]:
    return [notice for notice in await notices(resources, case.reference) if notice.kind == Kind.NEW_DATES]


async def test_a_closure_moves_an_open_deadline_and_says_why(resources: AppState) -> None:
    """Due on Tuesday the 29th, and with Christmas Eve closed on Wednesday the 30th."""
    case = repair()
    await watched(resources, case)
    assert await due(resources, case) == DUE

    await close(resources)
    assert await plan_again(resources) == 1
    assert await moves(resources, case) == [(DUE, DUE_WITH_CLOSURE, ENTERED)]
    assert await due(resources, case) == DUE_WITH_CLOSURE


async def test_the_law_knows_no_council_closures(resources: AppState) -> None:
    """The right to repair's own date stays."""
    case = repair()
    await watched(resources, case)
    await close(resources)
    await plan_again(resources)
    assert await due(resources, case, STATUTORY) == DUE
    assert (await deadlines(resources, case.reference))[STATUTORY].moves == []


async def test_a_withdrawn_closure_moves_it_back(resources: AppState) -> None:
    """Both moves stay on the deadline, each with its reason."""
    case = repair()
    await watched(resources, case)
    await close(resources)
    await plan_again(resources)
    await reopen(resources)
    await plan_again(resources)
    undone = "we are open on Thursday 24 December 2026 after all (no party)"
    assert await moves(resources, case) == [
        (DUE, DUE_WITH_CLOSURE, ENTERED),
        (DUE_WITH_CLOSURE, DUE, undone),
    ]


async def test_two_closures_at_once_are_one_move(resources: AppState) -> None:
    """Entered one after the other and planned together: one new date, both reasons, one letter."""
    case = repair()
    await watched(resources, case)
    await acknowledge(resources, case)
    await close(resources)
    await close(resources, date(2026, 12, 23), "funeral")
    await plan_again(resources)
    [(_, to, because)] = await moves(resources, case)
    assert to == "Thursday 2026-12-31 23:59:59"
    assert because == f"{ENTERED} and we are closed on Wednesday 23 December 2026 (funeral)"
    assert len(await new_dates(resources, case)) == 1


async def test_who_was_told_a_date_is_told_the_new_one(resources: AppState) -> None:
    """One resident has our letter and the other does not yet: theirs will say the new date at once."""
    told, untold = repair(), repair()
    await watched(resources, told, untold)
    await acknowledge(resources, told)
    await close(resources)
    await plan_again(resources)

    [letter] = await new_dates(resources, told)
    assert (letter.audience, spoken(letter.due_at)) == ("resident", DUE_WITH_CLOSURE)
    assert await new_dates(resources, untold) == []


@pytest.mark.parametrize(
    "reported",
    ["Wednesday 2026-12-16 10:00", "Tuesday 2026-12-29 10:00"],
    ids=["due before", "begun after"],
)
async def test_a_deadline_that_the_day_does_not_touch_is_not_looked_at(
    resources: AppState, reported: str
) -> None:
    """Its time ended before the closure, or begins after it."""
    case = repair(reported)
    await watched(resources, case)
    before = await due(resources, case)
    await close(resources)
    assert await plan_again(resources) == 0
    assert await due(resources, case) == before


@pytest.mark.parametrize("end", ["repairs.repair-completed", "repairs.repair-cancelled"])
async def test_what_is_over_stays_as_it_was(resources: AppState, end: str) -> None:
    """A promise kept or fallen away keeps its date."""
    case = repair()
    case.event(end, london("Tuesday 2026-12-22 12:00"))
    await watched(resources, case)
    await close(resources)
    assert await plan_again(resources) == 0
    assert await due(resources, case) == DUE


async def test_imported_cases_are_planned_again_and_nobody_is_written_to(resources: AppState) -> None:
    """Their dates are counted; about history from an old system nobody hears from us."""
    case = repair(imported=True)
    await watched(resources, case)
    await close(resources)
    assert await plan_again(resources) == 1
    assert await due(resources, case) == DUE_WITH_CLOSURE
    assert await swept(resources) == 0
    assert await notices(resources, case.reference) == []


async def test_reminders_move_with_their_deadline(resources: AppState) -> None:
    """One working day before Tuesday is Christmas Eve, and before Wednesday it is Tuesday."""
    case = repair()
    await watched(resources, case)
    assert await reminder(resources, case) == "Thursday 2026-12-24 09:00:00"
    await close(resources)
    await plan_again(resources)
    assert await reminder(resources, case) == "Tuesday 2026-12-29 09:00:00"


async def reminder(resources: AppState, case: Case) -> str:
    row = (await deadlines(resources, case.reference))[OURS]
    at = row.next_rung_at
    assert at is not None
    assert row.rungs[0]["name"] == "reminder"
    return spoken(at)


async def test_a_change_is_planned_for_once(resources: AppState) -> None:
    """The next look finds nothing to do."""
    await watched(resources, repair())
    await close(resources)
    assert [await plan_again(resources) for _ in range(2)] == [1, 0]


async def test_many_cases_are_planned_in_small_transactions(resources: AppState) -> None:
    """Five cases in batches of two: each once."""
    cases = [repair() for _ in range(5)]
    await watched(resources, *cases)
    await close(resources)
    assert await plan_again(resources, batch=2) == 5
    assert {await due(resources, case) for case in cases} == {DUE_WITH_CLOSURE}


async def test_a_planner_that_dies_half_way_is_followed_by_one_that_begins_again(
    resources: AppState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one's work is done once: one move, one letter for each case."""
    cases = [repair() for _ in range(3)]
    await watched(resources, *cases)
    for case in cases:
        await acknowledge(resources, case)
    await close(resources)

    done = 0

    async def dies_after_one(*arguments: Any) -> None:
        nonlocal done
        if done:
            raise ConnectionError("the process is killed")
        await recalculate.recalculate(*arguments)
        done += 1

    monkeypatch.setattr(calendar_changes, "recalculate", dies_after_one)
    with pytest.raises(ConnectionError):
        await plan_again(resources, batch=1)
    monkeypatch.setattr(calendar_changes, "recalculate", recalculate.recalculate)

    assert await plan_again(resources) == 3
    for case in cases:
        assert await moves(resources, case) == [(DUE, DUE_WITH_CLOSURE, ENTERED)]
        assert len(await new_dates(resources, case)) == 1


async def test_a_case_taken_in_while_the_calendar_changes_is_not_passed_over(resources: AppState) -> None:
    """Derived with the old calendar and not yet committed when the closure is: the planning waits for it."""
    case = repair()
    async with unit_of_work(resources) as under_way:
        await take_in(under_way, case.history)
        await close(resources)
        planning = asyncio.create_task(plan_again(resources))
        await eventually(lambda: a_lock_is_waited_for(resources))
        assert not planning.done()
    assert await planning == 1
    assert await due(resources, case) == DUE_WITH_CLOSURE


async def a_lock_is_waited_for(resources: AppState) -> bool:
    async with transaction(resources.database) as session:
        question = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(await session.scalar(question))
