"""Letters say what is true as they leave, and one that says nothing true any more does not leave."""

import httpx
import pytest
from sqlalchemy import select, update

from services.notifications import policy
from services.notifications.deadlines.recalculate import recalculate
from services.notifications.models import CaseEvent, Notice, WatchedDeadline
from services.notifications.policy import Kind
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.notifications.consuming import ago, consume_history, swept
from tests.services.notifications.letters import (
    DONE,
    FOUR_HOURS,
    UNSENT,
    URGENT,
    close,
    completed,
    due,
    given_priority,
    letters,
    next_working_days,
    of_kind,
    outcomes,
    updated,
)
from tests.services.notifications.posting import (
    Interrupted,
    a_reported_repair,
    claimed,
    deliver_all,
    mail,
    make_due,
    post,
)
from tests.services.repairs.reporting import zulu

pytestmark = pytest.mark.usefixtures("owner")

GAS = {"fault": "loss-of-gas"}


async def test_an_acknowledgement_composed_late_promises_only_what_still_holds(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Raised to an emergency and taken back before the letter left: nobody is promised four hours."""
    reference = await a_reported_repair(resources, repairs, callers)
    await given_priority(resources, repairs, callers, reference, 1, 3)
    await deliver_all(resources)
    (letter,) = letters(resources, "We have your report")
    assert reference in letter
    assert FOUR_HOURS not in letter
    assert f"That is by {await due(resources, reference)}." in letter
    assert letter.count("That is by ") == 2  # ours, and that of the right to repair


async def test_an_emergency_called_off_rings_nobody(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The repair is open still, but not at once: the ring says why it was not made."""
    reference = await a_reported_repair(resources, repairs, callers)
    await given_priority(resources, repairs, callers, reference, 1, 3)
    await deliver_all(resources)
    assert letters(resources, "Emergency") == []
    assert await outcomes(resources, reference, "emergency") == [UNSENT]
    await given_priority(resources, repairs, callers, reference, 1)
    await deliver_all(resources)
    (ring,) = letters(resources, "Emergency")
    assert FOUR_HOURS in ring


async def test_whoever_was_rung_is_stood_down_once_it_is_safe(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The repair has still to be finished, but nobody needs to go out at night for it, or be rung late."""
    rung, made_safe = [await a_reported_repair(resources, repairs, callers, **GAS) for _ in range(2)]
    await updated(resources, repairs, callers, made_safe, {"type": "made_safe"})
    await deliver_all(resources)
    assert await outcomes(resources, made_safe, "emergency") == [UNSENT]
    await updated(resources, repairs, callers, rung, {"type": "made_safe"})
    await updated(resources, repairs, callers, rung, DONE)
    await deliver_all(resources)
    (letter,) = letters(resources, "Stand down")
    assert rung in letter
    assert "make it safe within 4 hours. Done on " in letter
    assert len(await of_kind(resources, rung, Kind.STAND_DOWN)) == 1
    assert await of_kind(resources, made_safe, Kind.STAND_DOWN) == []


async def test_an_emergency_hazard_on_a_routine_fault_is_told_as_an_emergency(
    resources: AppState, repairs: httpx.AsyncClient, notifications: httpx.AsyncClient, callers: Callers
) -> None:
    """Nobody whose home is dangerous reads of 28 working days; the department reads which home it is."""
    hazard = {"hazard": "carbon-monoxide", "severity": "emergency"}
    words = {"fault": "other", "vulnerable": True, "hazard": hazard}
    case = await a_reported_repair(resources, repairs, callers, **words)
    await deliver_all(resources)
    ring, theirs = sorted((letter.get_content() for letter in mail(resources)), key=len)
    for said in ("within 24 hours", "This is an emergency.", "Is this an emergency, or has it become one?"):
        assert said in theirs
    assert "28 working days" not in theirs + ring
    path = f"/v1/cases/{case}/deadlines"
    shown = (await notifications.get(path, headers=callers.resident())).text
    assert ("within 24 hours" in shown, "28 working days" in shown) == (True, False)
    assert "28 working days" in (await notifications.get(path, headers=callers.officer())).text
    for said in (
        *("Hazard: carbon monoxide (emergency)", "Home: 1 High Street, RM1 1AA", "Vulnerable household: yes"),
        *("Access needs: Please knock loudly", "Firm: none yet", "Whose turn: The department's"),
    ):
        assert said in ring


async def test_a_breach_that_a_cancellation_undoes_was_not_kept(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Called off before it was due: nobody claims that we were in time, only what became known."""
    late = {"fault": "total-loss-of-water", "received_at": zulu(ago(days=8))}
    case = await a_reported_repair(resources, repairs, callers, **late)
    await swept(resources)
    await deliver_all(resources)
    body = {"reason": "Reported twice.", "occurred_at": zulu(ago(days=7, hours=23))}
    path = f"/v1/repairs/{case}/cancellation"
    assert (await repairs.post(path, json=body, headers=callers.officer())).status_code == 201
    await consume_history(resources, case)
    await deliver_all(resources)
    (letter,) = letters(resources, "A correction to our letter")
    assert "We now know that it was called off on " in letter
    assert "not late" not in letter


@pytest.mark.parametrize("hours", [3.5, 5], ids=["reminder", "breach and escalation"])
async def test_a_step_is_not_told_of_what_has_been_done_meanwhile(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, hours: float
) -> None:
    """In time or late: the letter would say that it still has to be done."""
    case = await a_reported_repair(
        resources, repairs, callers, fault="loss-of-gas", received_at=zulu(ago(hours=hours))
    )
    await swept(resources)
    await completed(resources, repairs, callers, case)
    await deliver_all(resources)
    assert {*await outcomes(resources, case, *policy.ABOUT_A_BREACH, Kind.REMINDER)} == {UNSENT}
    assert {letter["Subject"].partition(":")[0] for letter in mail(resources)} == {"Your repair is done"}


async def test_only_a_breach_is_taken_back(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A reminder that another worker dropped as it left was no breach: nobody hears that there was none."""
    case = await a_reported_repair(
        resources, repairs, callers, fault="loss-of-gas", received_at=zulu(ago(hours=3.5))
    )
    await swept(resources)

    async def another_worker_comes_too_late() -> None:
        await completed(resources, repairs, callers, case)
        await make_due(resources)
        await deliver_all(resources)

    mailbox = Interrupted(resources, another_worker_comes_too_late)
    await post(resources, await claimed(resources), mailbox)
    (letter,) = letters(resources, "Emergency")
    assert "These promises come due." in letter
    assert await of_kind(resources, case, Kind.WITHDRAWAL) == []


async def test_a_reminder_that_waited_until_the_promise_was_missed_is_not_sent(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The breach is told, and nothing of a date to come."""
    case = await a_reported_repair(
        resources, repairs, callers, fault="loss-of-gas", received_at=zulu(ago(hours=5))
    )
    await swept(resources)
    async with transaction(resources.database) as session:
        waited = update(Notice).where(Notice.kind == Kind.BREACH)
        await session.execute(waited.values(kind=Kind.REMINDER, rung="reminder"))
    await deliver_all(resources)
    assert {*await outcomes(resources, case, Kind.REMINDER)} == {UNSENT}
    (letter,) = letters(resources, "Emergency")
    assert "come due" not in letter
    assert "These promises were due and still have not been kept." in letter


@pytest.mark.parametrize("clock", ["Friday 2026-11-27 10:00"], indirect=True)
async def test_a_step_whose_date_moved_is_told_when_it_is_taken_again(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The reminder was written, and then a closure moved the date: the step lies ahead, and so it waits."""
    case = await a_reported_repair(resources, repairs, callers, fault="tap-not-turning")
    await swept_as_if_it_were_time(resources, URGENT)
    await close(resources, *next_working_days(resources))
    await deliver_all(resources)
    reminders = [row for row in await of_kind(resources, case, Kind.REMINDER) if row.standard == URGENT]
    assert [(row.status, row.reason) for row in reminders] == [UNSENT]


async def test_a_tenant_whose_second_firm_is_late_too_is_told_what_we_owe(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The money is due without asking: they hear of it on the day, and not only once all is done."""
    late = {"fault": "tap-not-turning", "received_at": zulu(ago(days=40))}
    case = await a_reported_repair(resources, repairs, callers, **late)
    body = {"contractor": "Bodgit", "occurred_at": zulu(ago(days=20))}
    path = f"/v1/repairs/{case}/second-contractor"
    answer = await repairs.post(path, json=body, headers=callers.officer())
    assert answer.status_code == 201, answer.text
    await consume_history(resources, case)
    await swept(resources)
    await deliver_all(resources)
    assert any("We now owe you money" in letter for letter in letters(resources, "We are late"))


async def swept_as_if_it_were_time(resources: AppState, standard: str) -> None:
    """Let a step of this promise be owed, whatever the hour of this run."""
    async with transaction(resources.database) as session:
        for row in await session.scalars(select(WatchedDeadline).filter_by(standard=standard)):
            row.rungs = [{**row.rungs[0], "at": zulu(ago(minutes=1))}, *row.rungs[1:]]
            row.next_rung_at = ago(minutes=1)
    await swept(resources)


async def test_a_breach_that_is_one_after_all_is_not_taken_back(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Work said to be in time turns out to have been late: whoever read of the breach read the truth."""
    case = await a_reported_repair(
        resources, repairs, callers, fault="loss-of-gas", received_at=zulu(ago(hours=5))
    )
    await swept(resources)
    await deliver_all(resources)
    await completed(resources, repairs, callers, case, hours=3)
    assert len(await of_kind(resources, case, Kind.WITHDRAWAL)) == 4
    late = update(CaseEvent).where(CaseEvent.type == "repairs.repair-completed")
    async with transaction(resources.database) as session:
        await session.execute(late.values(occurred_at=ago(minutes=1)))
    async with unit_of_work(resources) as work:
        await recalculate(work, [case])
    await deliver_all(resources)
    assert {*await outcomes(resources, case, Kind.WITHDRAWAL)} == {UNSENT}
    assert letters(resources, "No longer overdue") == []
