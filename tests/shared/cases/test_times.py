"""Times of acts: the instant that a caller gives, judged and put in order, or by default now."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from shared.app_state import AppState
from shared.cases import times
from shared.cases.times import CLOCKS_DIFFER_BY, act_now, following, no_earlier, occurred_at, past_instant
from shared.errors import Invalid
from shared.work import UnitOfWork, unit_of_work
from tests.shared.cases.rows import RECEIVED_AT, a_case
from tests.shared.messaging.facts import NOW as STORED_AT, Case, Noted, owe

NOW = datetime(2026, 11, 24, 14, tzinfo=UTC)  # the Tuesday after
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@dataclass
class Told:
    """A request that may say when the act happened."""

    occurred_at: datetime | None = None


@pytest.fixture
async def work(state: AppState) -> AsyncIterator[UnitOfWork]:
    """A unit of work that begins on that Tuesday."""
    async with unit_of_work(state, now=NOW) as work:
        yield work


async def test_an_act_happened_when_the_caller_says_or_else_now(work: UnitOfWork) -> None:
    """Deadlines are met at the time it happened, not the time it was sent."""
    assert await occurred_at(work, a_case(), Told(NOW - HOUR)) == NOW - HOUR
    assert await occurred_at(work, a_case(), Told()) == NOW


async def test_a_time_in_the_future_is_refused(work: UnitOfWork) -> None:
    """But for a clock that is a few seconds ahead of ours: that one meant now."""
    assert await occurred_at(work, a_case(), Told(NOW + CLOCKS_DIFFER_BY)) == NOW
    with pytest.raises(Invalid) as refused:
        await occurred_at(work, a_case(), Told(NOW + CLOCKS_DIFFER_BY + SECOND))
    assert (refused.value.pointer, refused.value.detail) == ("/occurred_at", "This time is in the future.")


async def test_a_time_before_the_case_was_received_is_refused(work: UnitOfWork) -> None:
    """Callers tell times to the second, and so that second is not before it."""
    case = a_case()
    same_second = RECEIVED_AT.replace(microsecond=0)
    assert await occurred_at(work, case, Told(same_second)) == RECEIVED_AT
    with pytest.raises(Invalid) as refused:
        await occurred_at(work, case, Told(same_second - timedelta.resolution))
    assert refused.value.pointer == "/occurred_at"
    assert refused.value.detail == "This time is before the case was received."


async def test_an_act_may_have_to_follow_something_else(work: UnitOfWork) -> None:
    """A signature its quote; the refusal says what it follows, in the words of the feature."""
    quoted = NOW - HOUR
    told, later = Told(quoted - SECOND), Told(quoted + SECOND)
    what = "the charge was quoted"
    assert await occurred_at(work, a_case(), later, not_before=quoted, what=what) == quoted + SECOND
    with pytest.raises(Invalid, match="This time is before the charge was quoted"):
        await occurred_at(work, a_case(), told, not_before=quoted, what=what)


async def test_an_instant_of_another_name_is_pointed_at_by_it(work: UnitOfWork) -> None:
    """The beginning of a decant is no `occurred_at`."""
    with pytest.raises(Invalid) as refused:
        await times.instant_of_act(work, a_case(), NOW + HOUR, pointer="/from")
    assert refused.value.pointer == "/from"


async def test_a_report_was_received_when_it_says(work: UnitOfWork) -> None:
    """By default now, and never later than that."""
    assert past_instant(work, None, "/received_at") == NOW
    assert past_instant(work, NOW - HOUR, "/received_at") == NOW - HOUR
    assert past_instant(work, NOW + SECOND, "/received_at") == NOW
    with pytest.raises(Invalid) as refused:
        past_instant(work, NOW + HOUR, "/received_at")
    assert refused.value.pointer == "/received_at"


def test_of_two_instants_the_later_is_kept() -> None:
    """No fact is dated before the one it follows, not even by a fraction of a second."""
    quoted = NOW + timedelta(milliseconds=300)
    assert no_earlier(NOW, quoted, "the quote") == quoted
    assert no_earlier(NOW + SECOND, quoted, "the quote") == NOW + SECOND
    with pytest.raises(Invalid, match="before the quote"):
        no_earlier(NOW - timedelta.resolution, quoted, "the quote")


def test_what_follows_a_fact_is_dated_now_or_right_after_it() -> None:
    """A clock that was put back tells a time from before the fact."""
    assert following(NOW, NOW + HOUR) == NOW + HOUR
    assert following(NOW, NOW) == NOW
    assert following(NOW, NOW - 2 * HOUR) == NOW + timedelta(microseconds=1)


async def test_an_act_follows_what_its_own_transaction_recorded(state: AppState) -> None:
    """The second update of a case in one batch comes after the first."""
    case, other = Case("REP-7K3M-Q9TX"), Case("REP-0000-0000")
    async with unit_of_work(state, now=NOW) as work:
        assert await act_now(work, case) == NOW
        work.record(case, Noted(number=1), at=NOW + 2 * HOUR)
        assert await act_now(work, case) == NOW + 2 * HOUR + timedelta.resolution
        assert await act_now(work, other) == NOW


async def test_an_act_after_a_clock_step_follows_what_is_stored(state: AppState) -> None:
    """The clock was put back a day since the last fact; the act is dated right after that."""
    case = Case("REP-7K3M-Q9TX")
    await owe(state.database, case, times=2)
    day_before = STORED_AT - timedelta(days=1)
    async with unit_of_work(state, now=day_before) as work:
        first = await act_now(work, case)
        work.record(case, Noted(number=1), at=first)
        second = await act_now(work, case)
    assert (first, second) == (STORED_AT + timedelta.resolution, STORED_AT + 2 * timedelta.resolution)
