"""Lists of cases: one keyset page, filters that every list has, and none by what a caller is not shown."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from pydantic_core import PydanticCustomError

from shared.app_state import AppState
from shared.caller import CONTRACTOR, OFFICER, RESIDENT, Caller
from shared.cases import queries
from shared.cases.filters import CaseFilters, Sort
from shared.errors import Invalid
from shared.http.paging import CursorSigner, PageRequest
from shared.references import new_reference
from shared.work import unit_of_work
from tests.shared.cases.rows import ADA, FIXIT, RECEIVED_AT, SAM, caller, stored_case
from tests.shared.example.models import Permit

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
OTHER = "estates"


async def page(
    state: AppState, by: Caller, filters: CaseFilters, cursor: str | None = None, limit: int = 100
) -> tuple[Sequence[Permit], str | None]:
    """A page of a list of permits."""
    asked = PageRequest(limit, cursor, CursorSigner(b"a key", b"a list"))
    async with unit_of_work(state, by) as work:
        return await queries.listed(work, Permit, filters, asked)


async def references(state: AppState, by: Caller, **filters: Any) -> list[str]:
    """The references of a list that fits on one page."""
    rows, following = await page(state, by, CaseFilters(**filters))
    assert following is None
    return [case.reference for case in rows]


@pytest.mark.parametrize("sort", [None, Sort.LATEST, Sort.EARLIEST])
async def test_pages_neither_repeat_nor_skip(state: AppState, sort: Sort | None) -> None:
    """Either way round, also among cases received at the same instant; by default the latest first."""
    same = sorted(new_reference("REP") for _ in range(5))
    for reference in same:
        await stored_case(state, reference=reference)
    early = await stored_case(state, received_at=RECEIVED_AT - HOUR)
    late = await stored_case(state, received_at=RECEIVED_AT + HOUR)
    expected = [early, *same, late]
    shown: list[str] = []
    rows, following = await page(state, ADA, filters := CaseFilters(sort=sort), limit=2)
    while following is not None:
        shown += [case.reference for case in rows]
        rows, following = await page(state, ADA, filters, following, limit=2)
    shown += [case.reference for case in rows]
    assert shown == (expected if sort is Sort.EARLIEST else expected[::-1])


async def test_each_filter_keeps_what_it_names(state: AppState) -> None:
    """And filters are joined by and."""
    plain = await stored_case(state)
    mine = await stored_case(state, handler_name="Ada", handler_subject="officer-7", status="accepted")
    named = await stored_case(state, handler_name="Ola", imported=True, received_at=RECEIVED_AT + HOUR)
    theirs = await stored_case(state, department=OTHER, received_at=RECEIVED_AT - HOUR)
    both = caller(departments=("permits", OTHER))

    async def found(**filters: Any) -> set[str]:
        return set(await references(state, both, **filters))

    assert await found() == {plain, mine, named, theirs}
    assert await found(status="accepted") == {mine}
    assert await found(department=OTHER) == {theirs}
    assert await found(department="asb") == set()
    assert await found(handler="officer-7") == await found(handler="me") == {mine}
    assert await found(handler="officer-8") == set()
    assert await found(unassigned=True) == {plain, theirs}
    assert await found(unassigned=False) == {mine, named}
    assert await found(imported=True) == {named}
    assert await found(imported=False) == {plain, mine, theirs}
    assert await found(received_from=RECEIVED_AT) == {plain, mine, named}
    assert await found(received_to=RECEIVED_AT) == {plain, mine, theirs}
    assert await found(received_from=RECEIVED_AT, received_to=RECEIVED_AT) == {plain, mine}
    assert await found(received_from=RECEIVED_AT + SECOND, imported=False) == set()


async def test_a_department_that_is_not_the_callers_has_nothing(state: AppState) -> None:
    """A filter never shows more than the caller sees."""
    await stored_case(state, department=OTHER)
    assert await references(state, ADA, department=OTHER) == []


async def test_many_are_asked_for_by_reference(state: AppState) -> None:
    """References count as they were typed; what is unknown, another's or no reference simply is not there."""
    one, two = await stored_case(state), await stored_case(state)
    await stored_case(state)
    theirs = await stored_case(state, department=OTHER)
    typed = [
        one.lower().replace("-", " "),
        two,
        two,
        theirs,
        new_reference("REP"),
        "nonsense",
        "PER-0000-0001",
    ]
    assert set(await references(state, ADA, reference=typed)) == {one, two}
    assert await references(state, ADA, reference=["nonsense"]) == []


@pytest.mark.parametrize("name", ["department", "handler", "unassigned"])
@pytest.mark.parametrize(
    "by",
    [SAM, FIXIT, caller(roles=CONTRACTOR | OFFICER, departments=("permits",))],
    ids=["resident", "firm", "firm and officer"],
)
async def test_nobody_filters_by_what_they_are_not_shown(state: AppState, by: Caller, name: str) -> None:
    """Or a list would tell it: refused even where nothing is found, and with several roles by the least."""
    with pytest.raises(Invalid) as refused:
        await references(state, by, **{name: False if name == "unassigned" else "permits"})
    assert refused.value.pointer == f"/{name}"


async def test_a_resident_filters_their_own(state: AppState) -> None:
    """By what they are shown."""
    own = await stored_case(state)
    await stored_case(state, resident="resident-2")
    sam = caller("resident-1", RESIDENT)
    assert await references(state, sam, status="requested", received_from=RECEIVED_AT) == [own]


async def test_an_officer_who_is_a_resident_too_lists_their_own(state: AppState) -> None:
    """Of whatever department, and nothing of the work that they see besides."""
    own = await stored_case(state, resident="officer-7", department=OTHER)
    await stored_case(state)
    both = caller("officer-7", OFFICER | RESIDENT, departments=("permits",))
    assert await references(state, both, mine=True) == [own]
    assert own not in await references(state, both)


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    """Not answered with nothing, which would look like an answer."""
    with pytest.raises(PydanticCustomError) as refused:
        CaseFilters(received_from=RECEIVED_AT, received_to=RECEIVED_AT - SECOND)
    assert refused.value.context == {"pointer": "/received_to"}


def test_changes_come_in_no_other_order() -> None:
    """Nobody who follows them could tell where to go on."""
    with pytest.raises(Invalid) as refused:
        CaseFilters(updated_since=RECEIVED_AT, sort=Sort.LATEST)
    assert refused.value.pointer == "/sort"
