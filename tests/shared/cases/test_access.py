"""Access to cases: one rule says which cases a caller sees, and what is not seen is not there."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Text, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.app_state import AppState
from shared.caller import CONTRACTOR, OFFICER, RESIDENT, Caller
from shared.cases import queries
from shared.cases.access import is_worked_by, own_of, visible_to
from shared.cases.columns import AccessColumns, CaseColumns
from shared.cases.queries import known
from shared.errors import NotFound, StaleVersion
from shared.references import new_reference
from shared.text import digest_of
from shared.work import CaseFound, unit_of_work
from tests.shared.cases.rows import (
    ADA,
    FIXIT,
    NOTIFIER,
    RECEIVED_AT,
    SAM,
    WATCH,
    WEBSITE,
    caller,
    common,
    stored_case,
)
from tests.shared.example.models import Permit

OURS, THEIRS = "PER-0000-0000", "PER-0000-0012"
BOTH_ROLES = RESIDENT | OFFICER
# which a migration would have the database write
WRITTEN: Mapping[str, Any] = {"changed_in": 1, "snapshot_xmin": 1, "changed_at": RECEIVED_AT}


class Base(DeclarativeBase):
    """The one table of this test."""


class Job(CaseColumns, Base):
    """A case that is given to a firm."""

    __tablename__ = "jobs"
    contractor_key: Mapped[str | None] = mapped_column(Text)


class Guarded(AccessColumns, CaseColumns, Base):
    """A case that not every officer of its department sees."""

    __tablename__ = "guarded"


@pytest.fixture
async def jobs(state: AppState) -> None:
    """Sam's, of which Fixit has the job, and another's that Bodgit has."""
    async with state.database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    ours = common(reference=OURS, contractor_key="fixit", **WRITTEN)
    theirs = common(reference=THEIRS, department="asb", resident="resident-2", contractor_key="bodgit")
    async with unit_of_work(state) as work:
        work.session.add_all([Job(**ours), Job(**theirs, **WRITTEN)])


@pytest.mark.parametrize(
    ("by", "seen"),
    [
        (ADA, {OURS}),
        (caller(departments=("permits", "asb")), {OURS, THEIRS}),
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
        (caller("resident-2", BOTH_ROLES, departments=("permits",)), {OURS}),
        (caller("resident-1", RESIDENT | CONTRACTOR, firm="Bodgit"), {THEIRS}),
    ],
)
@pytest.mark.usefixtures("jobs")
async def test_each_caller_sees_their_own_cases(state: AppState, by: Caller, seen: set[str]) -> None:
    """Officers their departments', residents what they reported, firms their jobs; nobody else any."""
    async with unit_of_work(state, by) as work:
        assert set(await work.session.scalars(select(Job.reference).where(visible_to(Job, by)))) == seen


GUARDED: Mapping[str, Mapping[str, Any]] = {
    "PER-0000-0000": {},
    "PER-0000-0012": {"needs_scope": "asb", "team": []},
    "PER-0000-0024": {"needs_scope": "asb", "team": ["alex", "bo"]},
    "PER-0000-0036": {"needs_scope": "asb", "team": ["alex", "bo"], "kept_from": [digest_of("alex")]},
    "PER-0000-0048": {"team": [], "kept_from": [digest_of("cy"), digest_of("resident-1")]},
    "PER-0000-005A": {"department": "asb", "kept_from": []},
}


@pytest.mark.parametrize(
    ("by", "worked", "own"),
    [
        (caller("alex", departments=("permits",)), "04", ""),
        (caller("alex", departments=("permits",), scopes=("asb",)), "0124", ""),
        (caller("bo", departments=("permits",), scopes=("asb",)), "01234", ""),
        (caller("cy", departments=("permits", "asb"), scopes=("asb",)), "015", ""),
        (caller("resident-1", BOTH_ROLES, departments=("permits",)), "0", "01235"),
        (SAM, "", "01235"),
    ],
)
@pytest.mark.usefixtures("jobs")
async def test_scope_team_and_those_it_is_kept_from(
    state: AppState, by: Caller, worked: str, own: str
) -> None:
    """Each case by its place above; one rule in the database, and the same for a case that is here."""
    rows = [Guarded(**common(reference=reference, **WRITTEN, **more)) for reference, more in GUARDED.items()]
    async with unit_of_work(state) as work:
        work.session.add_all(rows)
    async with unit_of_work(state, by) as work:
        found = list(await work.session.scalars(select(Guarded).where(visible_to(Guarded, by))))
        theirs = set(await work.session.scalars(select(Guarded.reference).where(own_of(Guarded, by))))
    places = {reference: str(place) for place, reference in enumerate(GUARDED)}
    assert "".join(sorted(places[row.reference] for row in rows if is_worked_by(row, by))) == worked
    assert "".join(sorted(places[row.reference] for row in found)) == (worked or own)
    assert "".join(sorted(places[reference] for reference in theirs)) == own


async def test_a_case_without_jobs_is_seen_by_no_firm(state: AppState) -> None:
    """No row of a table that has no contractor is visible to a firm, whatever firm the token names."""
    await stored_case(state)
    async with unit_of_work(state, FIXIT) as work:
        assert (await work.session.scalars(select(Permit).where(visible_to(Permit, FIXIT)))).all() == []


def test_a_reference_is_read_as_it_was_typed() -> None:
    """Small letters and no dashes; what cannot be one names no case."""
    reference = new_reference("PER")
    assert known(reference.lower().replace("-", "")) == reference
    for wrong in ("", "PER-0000-0001", "nonsense", "PER-0000-0000-0000"):
        with pytest.raises(NotFound):
            known(wrong)


async def test_unknown_and_not_yours_look_the_same(state: AppState) -> None:
    """Or references could be guessed."""
    reference = await stored_case(state)
    async with unit_of_work(state, SAM) as work:
        for find in (queries.get, queries.get_for_update):
            assert (await find(work, Permit, reference, visible_to(Permit, SAM))).reference == reference
            told = []
            for asked, by in ((reference, WEBSITE), (new_reference("PER"), SAM)):
                with pytest.raises(NotFound) as refused:
                    await find(work, Permit, asked, visible_to(Permit, by))
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
        assert (await queries.get(work, Permit, reference)).version == 7
        if is_stale:
            with pytest.raises(StaleVersion):
                await queries.get_for_update(work, Permit, reference)
        else:
            assert (await queries.get_for_update(work, Permit, reference)).version == 7


async def test_a_replay_finds_its_case_whatever_version_it_has(state: AppState) -> None:
    """And goes no further; a case that the caller does not see is not found by a replay either."""
    reference = await stored_case(state, version=7)
    async with unit_of_work(state, ADA, expected_versions=frozenset({"6"})) as work:
        work.only_finds = True
        with pytest.raises(NotFound):
            await queries.get_for_update(work, Permit, reference, visible_to(Permit, WEBSITE))
        with pytest.raises(CaseFound) as found:
            await queries.get_for_update(work, Permit, reference)
        assert found.value.case.reference == reference


async def test_a_locked_case_is_read_anew(state: AppState) -> None:
    """Another may have changed it since this unit of work first read it."""
    reference = await stored_case(state)
    async with unit_of_work(state, ADA) as work:
        assert (await queries.get(work, Permit, reference)).handler_name is None
        async with unit_of_work(state, ADA) as other:
            (await queries.get_for_update(other, Permit, reference)).handler_name = "Bea"
        assert (await queries.get_for_update(work, Permit, reference)).handler_name == "Bea"
