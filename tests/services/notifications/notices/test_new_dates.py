"""Whoever was told a date that has changed since is told the new one, of promises still open, once."""

from datetime import datetime, timedelta
from importlib import import_module

import httpx
import pytest
from sqlalchemy import text, update

from services.notifications.models import Notice
from services.notifications.notices import delivery
from services.notifications.notices.parts import DatesTold
from services.notifications.notices.queries.letters import claim
from services.notifications.policy import Kind
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.standards.periods import day_in_words
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.notifications.consuming import notices
from tests.services.notifications.letters import (
    ROOF,
    THREE_DAYS,
    UNSENT,
    close,
    completed,
    due,
    given_priority,
    letters,
    next_working_days,
    outcomes,
    reopen,
)
from tests.services.notifications.posting import (
    Interrupted,
    a_reported_repair,
    claimed,
    deliver_all,
    make_due,
    post,
)
from tests.services.repairs.reporting import london

pytestmark = pytest.mark.usefixtures("owner")

MIGRATION = import_module("services.notifications.migrations.versions.0006_told_dates")


@pytest.mark.parametrize("priorities", [(2,), (2, 3)], ids=["still open", "taken back"])
async def test_a_new_date_is_only_of_a_promise_that_somebody_was_told_of(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, priorities: tuple[int, ...]
) -> None:
    """The priority was raised after the acknowledgement, and perhaps taken back: its date was told to nobody.

    A closure moves every open promise; the letter tells of the one that the resident knows.
    """
    reference = await a_reported_repair(resources, repairs, callers)
    assert await deliver_all(resources) == 1
    await given_priority(resources, repairs, callers, reference, priorities[0])
    await close(resources, *next_working_days(resources))
    await given_priority(resources, repairs, callers, reference, *priorities[1:])
    await deliver_all(resources)
    (letter,) = letters(resources, "A new date")
    assert f"The new date: by {await due(resources, reference)}." in letter
    assert letter.count("The new date: by ") == 1
    assert THREE_DAYS not in letter


async def test_a_date_that_is_the_old_one_again_is_no_news(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A closure was entered and withdrawn before the letter about it left: nothing remains to be said."""
    reference = await a_reported_repair(resources, repairs, callers)
    await deliver_all(resources)
    (day,) = next_working_days(resources)
    await close(resources, day)
    await reopen(resources, day)
    await deliver_all(resources)
    await make_due(resources)
    await deliver_all(resources)
    assert letters(resources, "A new date") == []
    assert await outcomes(resources, reference, Kind.NEW_DATES) == [UNSENT] * 2


async def test_corrections_within_a_quarter_of_an_hour_are_one_letter(
    resources: AppState,
    repairs: httpx.AsyncClient,
    notifications: httpx.AsyncClient,
    callers: Callers,
) -> None:
    """A second closure comes ten minutes after the first: the resident reads once, of the date that stands.

    Until then nothing waits too long, so nobody is alarmed.
    """
    reference = await a_reported_repair(resources, repairs, callers)
    await deliver_all(resources)
    first, second = next_working_days(resources, 2)
    await close(resources, first)
    await minutes_pass(resources, 10)
    await close(resources, second)
    assert await ready(resources) == []
    figures = (await notifications.get("/internal/status")).json()
    assert figures["oldest_owed_notice_seconds"] == 0

    await minutes_pass(resources, 6)
    taken_up = await ready(resources)
    assert [notice.kind for notice in taken_up] == [Kind.NEW_DATES] * 2
    await post(resources, taken_up)
    (letter,) = letters(resources, "A new date")
    assert letter.count(f"The new date: by {await due(resources, reference)}.") == 1


async def minutes_pass(resources: AppState, minutes: int) -> None:
    earlier = timedelta(minutes=minutes)
    passed = update(Notice).where(Notice.kind == Kind.NEW_DATES)
    async with transaction(resources.database) as session:
        await session.execute(passed.values(created_at=Notice.created_at - earlier))


async def ready(resources: AppState) -> list[Notice]:
    """The notices taken up when new dates wait as long as they are set to."""
    wait = timedelta(seconds=resources.settings.new_dates_wait_seconds)
    async with unit_of_work(resources) as work:
        return list(await claim(work, delivery.BATCH, delivery.GATHER, wait))


async def test_a_repair_finished_meanwhile_has_no_new_dates(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Its promises are kept, and nobody waits for their dates any more."""
    reference = await a_reported_repair(resources, repairs, callers)
    await deliver_all(resources)
    await close(resources, *next_working_days(resources))
    await completed(resources, repairs, callers, reference)
    await deliver_all(resources)
    assert letters(resources, "A new date") == []
    assert await outcomes(resources, reference, Kind.NEW_DATES) == [UNSENT]


async def test_two_changes_before_a_letter_left_are_one_letter(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It says the date as it is now, with both reasons."""
    reference = await a_reported_repair(resources, repairs, callers)
    await deliver_all(resources)
    one, other = next_working_days(resources, 2)
    await close(resources, one)
    await close(resources, other)
    await deliver_all(resources)
    (letter,) = letters(resources, "A new date")
    assert f"The new date: by {await due(resources, reference)}." in letter
    for day in (one, other):
        assert f"We are closed on {day_in_words(day)} (party)." in letter
    assert await outcomes(resources, reference, Kind.NEW_DATES) == [("sent", None)] * 2


async def test_each_letter_is_compared_with_the_one_before_it(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Moved, told, and moved back: the first date is a new one to whoever was told the second."""
    reference = await a_reported_repair(resources, repairs, callers)
    dates = [await due(resources, reference)]
    await deliver_all(resources)
    (day,) = next_working_days(resources)
    await close(resources, day)
    dates.append(await due(resources, reference))
    await deliver_all(resources)
    await reopen(resources, day)
    await deliver_all(resources)
    told = letters(resources, "A new date")
    assert {when for when in dates for letter in told if f"The new date: by {when}." in letter} == {*dates}
    assert len(told) == 2


async def test_a_letter_waits_for_an_earlier_one_on_its_way(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The acknowledgement leaves with the old date just as that changes: the new one is told after it."""
    reference = await a_reported_repair(resources, repairs, callers)

    async def the_date_changes() -> None:
        await close(resources, *next_working_days(resources))
        assert await claimed(resources) == []  # it would be too early: what was told is not known yet

    mailbox = Interrupted(resources, the_date_changes)
    old = await due(resources, reference)
    await post(resources, await claimed(resources), mailbox)
    assert old in letters(resources, "We have your report")[0]
    assert letters(resources, "A new date") == []
    await make_due(resources)
    await deliver_all(resources)
    (letter,) = letters(resources, "A new date")
    assert f"The new date: by {await due(resources, reference)}." in letter


async def test_letters_sent_before_their_dates_were_kept_count_as_well(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The migration gives them the dates that their words had."""
    reference = await a_reported_repair(resources, repairs, callers)
    await deliver_all(resources)
    await close(resources, *next_working_days(resources))
    await deliver_all(resources)
    kept = [by_standard(notice) for notice in await notices(resources, reference)]
    assert all(kept)
    async with transaction(resources.database) as session:
        await session.execute(update(Notice).values(told_dates=None))
        await session.execute(text(MIGRATION.DATES_OF_LETTERS_SENT))
    assert [by_standard(notice) for notice in await notices(resources, reference)] == kept


def by_standard(letter: Notice) -> dict[str, datetime]:
    return {told["standard"]: datetime.fromisoformat(told["due_at"]) for told in letter.told_dates or []}


def test_a_letter_is_compared_with_what_its_own_reader_was_told() -> None:
    """A notice to a department tells its resident of no date."""
    first, second = london("Friday 2026-11-27 12:00"), london("Monday 2026-11-30 12:00")
    letters = [sent("resident", "department", first), sent("department", None, first)]
    told = DatesTold.of(letters)
    news = Notice(audience="resident", owed_at=second)
    assert told.to(news, "resident") == {}
    assert told.to(news, "department") == {(ROOF, 1): first}
    told = DatesTold.of([*letters, sent("resident", None, first), sent("resident", None, second)])
    assert told.to(news, "resident") == {(ROOF, 1): second}


def sent(audience: str, told: str | None, due_at: datetime) -> Notice:
    dates = [{"standard": ROOF, "started_by": 1, "due_at": due_at.isoformat()}]
    return Notice(audience=audience, told=told, sent_at=due_at, told_dates=dates)
