"""The deadlines of cases, as their history stands at that moment of the unit of work."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from shared.app_state import AppState
from shared.caller import system
from shared.cases.deadlines import deadlines_of
from shared.standards.deadlines import Deadline, deadlines
from shared.work import Creation, Work, unit_of_work
from tests.shared.example.events import PermitIssued, PermitRequested
from tests.shared.messaging.facts import NOW, Case, Noted

REFERENCE = "PER-7K3M-Q9TX"
REQUESTED = PermitRequested(department="permits", imported=False)
ISSUED = PermitIssued()


async def is_kept(work: Work) -> bool:
    """Tell whether any promise about the case was kept by now."""
    return any(deadline.met_at is not None for deadline in (await deadlines_of(work, [REFERENCE]))[REFERENCE])


async def test_what_is_recorded_now_counts(state: AppState) -> None:
    """The answer to an act shows its dates as the act has left them, before anything is committed."""
    case = Case(REFERENCE)
    async with unit_of_work(state, now=NOW) as work:
        work.record(case, REQUESTED)
        assert (await deadlines_of(work, [REFERENCE]))[REFERENCE]
        assert not await is_kept(work)
    async with unit_of_work(state, now=NOW + timedelta(hours=1)) as work:
        assert not await is_kept(work)
        work.record(case, ISSUED)
        assert await is_kept(work)


async def test_a_case_that_is_being_created_has_its_deadlines(state: AppState) -> None:
    """They are in the answer that is stored with it."""
    creation = Creation(state, system("permits"), NOW)
    creation.record(Case(REFERENCE), REQUESTED)
    assert (await deadlines_of(creation, [REFERENCE]))[REFERENCE]


async def test_every_case_asked_for_is_answered(state: AppState) -> None:
    """Also one without a history, which no promise was made about."""
    async with unit_of_work(state, now=NOW) as work:
        work.record(Case(REFERENCE), REQUESTED)
        found = await deadlines_of(work, [REFERENCE, "PER-0000-0000"])
    assert set(found) == {REFERENCE, "PER-0000-0000"}
    assert found["PER-0000-0000"] == []


async def test_a_failed_savepoint_takes_back_its_facts_and_keeps_no_promise(state: AppState) -> None:
    """One item of a batch is refused after its date was worked out; the next one's is worked out anew."""
    case = Case(REFERENCE)
    async with unit_of_work(state, now=NOW) as work:
        work.record(case, REQUESTED)
        assert not await is_kept(work)
        with suppress(RuntimeError):
            async with work.savepoint():
                work.record(case, ISSUED)
                assert await is_kept(work)
                raise RuntimeError("the item was refused")
        assert not await is_kept(work)
        case.version = 1  # as the row has it again
        work.record(case, Noted(number=1))
        assert not await is_kept(work)


async def test_a_history_is_folded_once_until_a_promise_may_change(
    state: AppState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of a hundred cases and the rules that judge them ask for the same dates.

    An event that no standard names, such as a note, changes none of them.
    """
    folded: list[int] = []

    def counted(history: Sequence[Any], *more: Any) -> list[Deadline]:
        folded.append(len(history))
        return deadlines(history, *more)

    monkeypatch.setattr("shared.cases.deadlines.deadlines", counted)
    case = Case(REFERENCE)
    async with unit_of_work(state, now=NOW) as work:
        work.record(case, REQUESTED)
        for _ in range(3):
            await deadlines_of(work, [REFERENCE])
        work.record(case, Noted(number=1))
        await deadlines_of(work, [REFERENCE])
        work.record(case, ISSUED)
        await deadlines_of(work, [REFERENCE])
    assert folded == [1, 3]
