"""Access to cases: one rule says which cases a caller sees, and what is not seen is not there."""

import pytest
from sqlalchemy import select

from services.repairs.appliances.models import Appliance
from services.repairs.case.models import Repair
from shared.app_state import AppState
from shared.caller import CONTRACTOR, OFFICER, RESIDENT, Caller
from shared.cases import queries
from shared.cases.access import visible_to
from shared.cases.queries import known
from shared.errors import NotFound, StaleVersion
from shared.references import new_reference
from shared.work import CaseFound, unit_of_work
from tests.shared.cases.rows import (
    ADA,
    FIXIT,
    NOTIFIER,
    SAM,
    WATCH,
    WEBSITE,
    caller,
    stored_case,
)

OURS, THEIRS = "REP-0000-0000", "REP-0000-0012"
BOTH_ROLES = RESIDENT | OFFICER


@pytest.mark.parametrize(
    ("by", "seen"),
    [
        (ADA, {OURS}),
        (caller(departments=("repairs", "asb")), {OURS, THEIRS}),
        (caller(departments=("estates",)), set()),
        (caller(), set()),
        (SAM, {OURS}),
        (caller("resident-2", RESIDENT), {THEIRS}),
        (caller("resident-3", RESIDENT), set()),
        (FIXIT, {OURS}),
        (caller("x", CONTRACTOR, firm="Bodgit"), {THEIRS}),
        (caller("x", CONTRACTOR), set()),
        (caller("x", CONTRACTOR, firm=""), set()),
        (WEBSITE, set()),
        (WATCH, set()),
        (NOTIFIER, set()),
        (caller("resident-2", frozenset()), set()),
        # whoever has several roles has the first of officer, contractor and resident
        (caller("resident-2", BOTH_ROLES, departments=("repairs",)), {OURS}),
        (caller("resident-1", RESIDENT | CONTRACTOR, firm="Bodgit"), {THEIRS}),
    ],
)
async def test_each_caller_sees_their_own_cases(state: AppState, by: Caller, seen: set[str]) -> None:
    """Officers their departments', residents what they reported, firms their jobs; nobody else any."""
    await stored_case(state, reference=OURS)
    await stored_case(
        state, reference=THEIRS, department="asb", reported_by="resident-2", contractor="Bodgit"
    )
    async with unit_of_work(state, by) as work:
        found = await work.session.scalars(select(Repair.reference).where(visible_to(Repair, by)))
        assert set(found) == seen


async def test_a_case_without_jobs_is_seen_by_no_firm(state: AppState) -> None:
    """Of a table that has no contractor, whatever firm the token names."""
    async with unit_of_work(state, FIXIT) as work:
        assert (await work.session.scalars(select(Appliance).where(visible_to(Appliance, FIXIT)))).all() == []


def test_a_reference_is_read_as_it_was_typed() -> None:
    """Small letters and no dashes; what cannot be one names no case."""
    reference = new_reference("REP")
    assert known(reference.lower().replace("-", "")) == reference
    for wrong in ("", "REP-0000-0001", "nonsense", "REP-0000-0000-0000"):
        with pytest.raises(NotFound):
            known(wrong)


async def test_unknown_and_not_yours_look_the_same(state: AppState) -> None:
    """Or references could be guessed."""
    reference = await stored_case(state)
    async with unit_of_work(state, SAM) as work:
        for find in (queries.get, queries.get_for_update):
            assert (await find(work, Repair, reference, visible_to(Repair, SAM))).reference == reference
            told = []
            for asked, by in ((reference, WEBSITE), (new_reference("REP"), SAM)):
                with pytest.raises(NotFound) as refused:
                    await find(work, Repair, asked, visible_to(Repair, by))
                told.append(refused.value.detail)
            assert told[0] == told[1]


@pytest.mark.parametrize(
    ("expected", "is_stale"),
    [(None, False), ({"7"}, False), ({"6", "7"}, False), ({"6"}, True), (set(), True), ({"one"}, True)],
)
async def test_an_act_names_the_version_it_means(
    state: AppState, expected: set[str] | None, is_stale: bool
) -> None:
    """Reading a case asks for none."""
    reference = await stored_case(state, version=7)
    versions = None if expected is None else frozenset(expected)
    async with unit_of_work(state, ADA, expected_versions=versions) as work:
        assert (await queries.get(work, Repair, reference)).version == 7
        if is_stale:
            with pytest.raises(StaleVersion):
                await queries.get_for_update(work, Repair, reference)
        else:
            assert (await queries.get_for_update(work, Repair, reference)).version == 7


async def test_a_replay_finds_its_case_whatever_version_it_has(state: AppState) -> None:
    """And goes no further; a case that the caller does not see is not found by a replay either."""
    reference = await stored_case(state, version=7)
    async with unit_of_work(state, ADA, expected_versions=frozenset({"6"})) as work:
        work.only_finds = True
        with pytest.raises(NotFound):
            await queries.get_for_update(work, Repair, reference, visible_to(Repair, WEBSITE))
        with pytest.raises(CaseFound) as found:
            await queries.get_for_update(work, Repair, reference)
        assert found.value.case.reference == reference


async def test_a_locked_case_is_read_anew(state: AppState) -> None:
    """Another may have changed it since this unit of work first read it."""
    reference = await stored_case(state)
    async with unit_of_work(state, ADA) as work:
        assert (await queries.get(work, Repair, reference)).handler_name is None
        async with unit_of_work(state, ADA) as other:
            (await queries.get_for_update(other, Repair, reference)).handler_name = "Bea"
        assert (await queries.get_for_update(work, Repair, reference)).handler_name == "Bea"
