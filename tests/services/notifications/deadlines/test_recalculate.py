"""Deriving a case's deadlines again owes word of what changed by it, to those who had been told otherwise."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from services.notifications.deadlines.recalculate import A_FACT, latest_facts, state_of_case
from services.notifications.intake.service import take_in
from services.notifications.models import CaseEvent, Notice
from services.notifications.policy import Delivery, Kind
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.work import unit_of_work
from tests.services.callers import Callers
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
from tests.services.notifications.posting import claimed
from tests.services.repairs.reporting import london
from tests.shared.standards.riverton import FILE, ROW, load

ANSWER = "enquiries.response"


def enquiry() -> Case:
    """A letter of Monday 2026-11-30, to be answered by Monday the 14th; it is the 1st now."""
    case = Case("ENQ")
    received = london("Monday 2026-11-30 10:00")
    case.event("enquiries.enquiry-received", received, channel="letter", department="enquiries")
    return case


def holding_reply(case: Case, respond_by: str) -> Any:
    """We need longer, and name a new date."""
    sent_at = london("Tuesday 2026-12-01 10:00")
    return case.event("enquiries.holding-reply-sent", sent_at, respond_by=respond_by)


async def of_kind(resources: AppState, case: Case, kind: Kind) -> list[Notice]:
    return [notice for notice in await notices(resources, case.reference) if notice.kind == kind]


async def acknowledgement(resources: AppState, case: Case, **values: Any) -> None:
    """Let the case have an acknowledgement that has come so far."""
    received = case.history[0].occurred_at
    told = Notice(
        reference=case.reference,
        kind="acknowledgement",
        audience="resident",
        urgency=1,
        rung="acknowledgement",
        due_at=received,
        owed_at=received,
        **values,
    )
    async with transaction(resources.database) as session:
        session.add(told)


@pytest.fixture
def first_of_december(resources: AppState) -> None:
    resources.clock = lambda: london("Tuesday 2026-12-01 12:00")


NOBODYS: Mapping[str, Any] = {
    **dict.fromkeys(("department", "resident", "needs_scope", "team", "kept_from")),
    "imported": False,
}
SAID: list[tuple[str, Mapping[str, Any]]] = [
    ("repairs.repair-reported", {"department": "repairs", "resident": "sam", "imported": False}),
    ("repairs.repair-assigned", {"department": "planned-works", "contractor": "Fixit"}),
    ("repairs.repair-attended", {}),
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_latest_fact_says_whose_case_it_is(order: tuple[int, ...]) -> None:
    """In whatever order events are received: the assignment's department, the report's resident."""
    case = Case()
    received = [case.event(type, ago(hours=1), **facts) for type, facts in SAID]
    assert state_of_case(latest_facts(received[number] for number in order)) == {
        **NOBODYS,
        "department": "planned-works",
        "resident": "sam",
    }


def test_a_case_of_which_only_the_end_was_heard_belongs_to_nobody_yet() -> None:
    """Its report is still on its way."""
    done = Case().event("repairs.repair-completed", ago(hours=1))
    assert state_of_case(latest_facts([done])) == NOBODYS


@pytest.mark.usefixtures("first_of_december")
async def test_a_date_moved_by_the_case_says_so(resources: AppState) -> None:
    """A holding reply moves the answer to the date it names, and the move is on the deadline."""
    case = enquiry()
    await consume(resources, *case.history)
    before = (await deadlines(resources, case.reference))[ANSWER].due_at
    await consume(resources, holding_reply(case, "2026-12-21"))

    row = (await deadlines(resources, case.reference))[ANSWER]
    assert row.due_at > before
    assert row.moves == [{"from": before.isoformat(), "to": row.due_at.isoformat(), "because": A_FACT}]


@pytest.mark.usefixtures("first_of_december")
@pytest.mark.parametrize(
    ("how_far", "told"),
    [
        ({"status": Delivery.SENT, "attempts": 1}, True),
        ({"status": Delivery.PENDING, "attempts": 1}, True),
        ({"status": Delivery.PENDING, "attempts": 0}, False),
        ({"status": Delivery.FAILED, "attempts": 11}, False),
    ],
    ids=["sent", "in a worker's hands", "not yet taken up", "never arrived"],
)
async def test_who_may_have_read_the_old_date_is_told_the_new(
    resources: AppState, how_far: Mapping[str, Any], told: bool
) -> None:
    """A letter on its way may hold the old date; one that waits will hold the new."""
    case = enquiry()
    await consume(resources, *case.history)
    await acknowledgement(resources, case, **how_far)
    await consume(resources, holding_reply(case, "2026-12-21"))
    assert bool(await of_kind(resources, case, Kind.NEW_DATES)) == told


@pytest.mark.usefixtures("first_of_december")
async def test_nobody_takes_up_a_letter_whose_date_is_changing(resources: AppState) -> None:
    """While the new date is not committed no letter is taken up; then the owner's own goes first."""
    case = enquiry()
    await consume(resources, *case.history)
    await acknowledgement(resources, case)
    async with unit_of_work(resources) as changing:
        await take_in(changing, [holding_reply(case, "2026-12-21")])
        assert await claimed(resources) == []
    assert [notice.kind for notice in await claimed(resources)] == ["holding_reply"]


@pytest.mark.usefixtures("first_of_december")
async def test_each_change_is_told_once(resources: AppState) -> None:
    """The same reply received again is no news; a second reply with a third date is."""
    case = enquiry()
    await consume(resources, *case.history)
    await acknowledgement(resources, case, status=Delivery.SENT, attempts=1)
    first = holding_reply(case, "2026-12-21")
    for _ in range(2):
        await consume(resources, first)
    assert len(await of_kind(resources, case, Kind.NEW_DATES)) == 1
    await consume(resources, holding_reply(case, "2026-12-30"))
    assert len(await of_kind(resources, case, Kind.NEW_DATES)) == 2


async def test_a_breach_undone_before_anybody_heard_of_it_needs_no_second_letter(
    resources: AppState,
) -> None:
    """Withdrawn while it waited to be delivered: nobody was told, so nobody is told that it was none."""
    case = emergency(ago(hours=5))
    await consume(resources, *case.history)
    await swept(resources)
    await consume(resources, case.event("repairs.repair-completed", ago(hours=2)))
    breaches = await of_kind(resources, case, Kind.BREACH)
    assert {notice.status for notice in breaches} == {Delivery.WITHDRAWN}
    assert await of_kind(resources, case, Kind.WITHDRAWAL) == []


async def test_a_promise_that_never_was_is_forgotten_and_its_breach_taken_back(resources: AppState) -> None:
    """Its report turns out to have been of another priority: late facts may rewrite what was believed."""
    case = emergency(ago(hours=5))
    await consume(resources, *case.history)
    await swept(resources)
    sent = update(Notice).values(status=Delivery.SENT, sent_at=ago(minutes=1))
    async with transaction(resources.database) as session:
        await session.execute(sent.where(Notice.kind == Kind.BREACH))
    await rewrite_priority(resources, case)
    await consume(resources, case.event("repairs.repair-attended", ago(hours=1)))

    assert {MADE_SAFE, COMPLETED}.isdisjoint(await deadlines(resources, case.reference))
    taken_back = await of_kind(resources, case, Kind.WITHDRAWAL)
    assert {notice.standard for notice in taken_back} == {MADE_SAFE, COMPLETED}


async def rewrite_priority(resources: AppState, case: Case) -> None:
    """Let the stored report be one of a routine repair, as after a correction by its owner."""
    facts = {**case.history[0].facts, "priority": 3}
    report = update(CaseEvent).where(CaseEvent.reference == case.reference, CaseEvent.sequence == 1)
    async with transaction(resources.database) as session:
        await session.execute(report.values(facts=facts))


async def test_one_cases_trouble_waits_for_nobody_elses(resources: AppState) -> None:
    """Two batches with the same cases in opposite orders are taken in at once, without a deadlock."""
    cases = sorted((emergency(ago(hours=1)) for _ in range(10)), key=lambda case: case.reference)
    events = [event for case in cases for event in case.history]
    await asyncio.gather(consume(resources, *events), consume(resources, *reversed(events)))
    for case in cases:
        assert len(await deadlines(resources, case.reference)) == 2
        assert (await deadlines(resources, case.reference))[MADE_SAFE].due_at == (
            case.history[0].occurred_at + timedelta(hours=4)
        )


async def test_a_deadline_is_told_in_the_words_of_its_version(
    resources: AppState, notifications: httpx.AsyncClient, callers: Callers, tmp_path: Path
) -> None:
    """The fact that decides the version may lie before the start; the words are those promised then."""
    start = 'starts_on = ["repairs.hazard-investigated"]\nversion_by = "aware_at"\n'
    row = ROW.replace('starts_on = ["repairs.repair-reported"]\n', start)
    longer = f"{row.replace('repair it.', 'repair it sooner.')}in_force_from = 2026-11-30"
    resources.catalogue = load(tmp_path, f"{FILE}{row}in_force_until = 2026-11-29\n{longer}")
    case = Case()
    facts = {"department": "repairs", "aware_at": "2026-11-29T12:00:00Z"}
    case.event("repairs.hazard-investigated", london("Thursday 2026-12-10 10:00"), **facts)
    await consume(resources, *case.history)

    page = await notifications.get("/v1/deadlines", headers=callers.officer("repairs"))
    assert [shown["promise"] for shown in page.json()["items"]] == ["We will repair it."]


@pytest.mark.parametrize("day", ["2100-12-31", "2150-06-01"])
async def test_a_promise_at_the_end_of_the_calendar_is_kept_without_its_ladder(
    resources: AppState, day: str
) -> None:
    """Nobody knows the working day after it, on which its escalation would fall; the date itself stands."""
    case, other = Case("ENQ"), enquiry()
    facts = {"channel": "phone", "resolved_at_first_contact": False, "expected_answer_on": day}
    case.event("enquiries.enquiry-received", ago(days=1), department="enquiries", **facts)
    await consume(resources, *case.history, *other.history)
    promise = (await deadlines(resources, case.reference))["enquiries.promised-answer"]
    assert (promise.due_at.date().isoformat(), promise.rungs, promise.next_rung_at) == (day, [], None)
    assert (await deadlines(resources, other.reference))[ANSWER].rungs


async def test_a_case_beyond_the_calendar_keeps_no_other_waiting(
    resources: AppState, caplog: pytest.LogCaptureFixture
) -> None:
    """Its facts are kept, its dates are alarmed about, and the rest of the batch is derived."""
    case, other = Case("ENQ"), enquiry()
    received = datetime(2150, 6, 1, 9, tzinfo=UTC)  # a Monday
    case.event("enquiries.enquiry-received", received, channel="letter", department="enquiries")
    await consume(resources, *case.history, *other.history)
    assert await deadlines(resources, case.reference) == {}
    assert (await deadlines(resources, other.reference))[ANSWER].rungs
    assert "a case cannot be counted" in caplog.text
    async with transaction(resources.database) as session:
        kept = await session.scalars(select(CaseEvent.sequence).filter_by(reference=case.reference))
        assert kept.all() == [1]
