"""Each item of a batch alone, on permits in a real PostgreSQL."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import pytest
from pydantic import StringConstraints
from sqlalchemy import text

from shared.app_state import AppState
from shared.caller import OFFICER, Caller
from shared.cases.batch import BatchResult, each_alone
from shared.cases.formats import Day
from shared.cases.schemas import RequestModel
from shared.errors import MoveNotAllowed
from shared.work import UnitOfWork, unit_of_work
from tests.shared.cases.rows import a_case
from tests.shared.example.events import PermitIssued
from tests.shared.example.models import Permit
from tests.shared.example.queries import permit_for_update

NOTHING = frozenset[str]()
SOMEBODY = Caller("officer-7", OFFICER, NOTHING, frozenset({"permits"}), None)
UNKNOWN = "PER-7K3M-Q9TY"


class Handover(RequestModel):
    """An act for the test: give a permit to another officer, on a day."""

    reference: Annotated[str, StringConstraints(max_length=40)]
    to: str
    on: Day | None = None


async def hand_over(work: UnitOfWork, body: Handover) -> Permit:
    """Change a row and record an event, and only then refuse to give it to nobody."""
    permit = await permit_for_update(work, body.reference)
    permit.handler_name = body.to
    work.record(permit, PermitIssued())
    if body.to == "nobody":
        await work.session.flush()
        raise MoveNotAllowed("Somebody must have it.")
    return permit


async def allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts allowed, with the handler that the row has, as this reads it."""
    permit = await permit_for_update(work, reference)
    return ["cancellation", "handover", f"handler/{permit.handler_name}"]


@pytest.fixture
async def reference(state: AppState) -> str:
    """A permit's, which Ada has."""
    async with unit_of_work(state, SOMEBODY) as work:
        work.session.add(permit := a_case(handler_name="Ada"))
        work.record(permit, PermitIssued())
    return str(permit.reference)


async def run(
    state: AppState, *items: object, allowed: Callable[[UnitOfWork, str], Awaitable[list[str]]] = allowed
) -> list[BatchResult]:
    async with unit_of_work(state, SOMEBODY) as work:
        return await each_alone(work, items, Handover, hand_over, allowed=allowed, action="handover")


async def kept(state: AppState, reference: str) -> tuple[str | None, int, int]:
    """The handler, the version, and how many events are stored."""
    async with unit_of_work(state, SOMEBODY) as work:
        permit = await permit_for_update(work, reference)
        events = (await work.history([reference]))[reference]
        return permit.handler_name, permit.version, len(events)


async def test_nothing_of_a_refused_item_stays(state: AppState, reference: str) -> None:
    """Neither its row nor its event, and what comes before and after it does."""
    given = [{"reference": reference, "to": name} for name in ("Bob", "nobody", "Cid")]
    results = await run(state, *given)
    assert [(result.reference, result.status) for result in results] == [
        (reference, 201),
        (reference, 409),
        (reference, 201),
    ]
    assert await kept(state, reference) == ("Cid", 3, 3)


async def test_a_refused_act_is_told_the_others(state: AppState, reference: str) -> None:
    """The acts are those of the case as it stands without the refused one, which is not among them."""
    _, refused = await run(
        state, {"reference": reference, "to": "Bob"}, {"reference": reference, "to": "nobody"}
    )
    assert refused.problem is not None
    assert (refused.problem.detail, refused.problem.allowed) == (
        "Somebody must have it.",
        ["cancellation", "handler/Bob"],
    )


async def test_an_act_stays_refused_where_the_others_cannot_be_read(state: AppState, reference: str) -> None:
    """The answer says less, and the next item is done all the same."""

    async def broken(work: UnitOfWork, reference: str) -> list[str]:
        await work.session.execute(text("SELECT 1 / 0"))
        return []

    refused, done = await run(
        state,
        {"reference": reference, "to": "nobody"},
        {"reference": reference, "to": "Bob"},
        allowed=broken,
    )
    assert refused.problem is not None
    assert (refused.status, refused.problem.allowed, done.status) == (409, None, 201)
    assert await kept(state, reference) == ("Bob", 2, 2)


@pytest.mark.parametrize(
    ("item", "status", "pointers"),
    [
        ({"reference": UNKNOWN, "to": "Bob"}, 404, None),
        ({"reference": "no reference", "to": "Bob"}, 404, None),
        ({"reference": UNKNOWN, "to": 7}, 422, {"/to"}),
        ({"reference": UNKNOWN, "to": "Bob", "on": "2200-01-01", "path": 1}, 422, {"/on", ""}),
        ({"reference": 7, "to": "Bob"}, 422, {"/reference"}),
        ({"reference": UNKNOWN, "to": "Bob", "on": 20261123}, 422, {"/on"}),
        ({"reference": UNKNOWN, "to": float("inf")}, 422, {"/to"}),
        ({"reference": UNKNOWN, "to": 10**40}, 422, {"/to"}),
        (None, 422, {"/reference", "/to"}),
        ([1], 422, {"/reference", "/to"}),
    ],
)
async def test_an_item_that_cannot_be_right_spoils_no_other(
    state: AppState, reference: str, item: object, status: int, pointers: set[str] | None
) -> None:
    """It is told which of its own fields is wrong, and the next is done."""
    refused, done = await run(state, item, {"reference": reference, "to": "Bob"})
    assert (refused.status, done.status) == (status, 201)
    assert refused.problem is not None
    errors = refused.problem.errors
    assert (errors and {error.pointer for error in errors}) == pointers


async def test_only_what_looks_like_a_reference_is_said_back(state: AppState, reference: str) -> None:
    """A mistyped one is, so that its update can be found; any other text may be somebody's name."""
    named = (UNKNOWN.lower(), "Zoë Reyes", "", "<b>")
    results = await run(state, *({"reference": name, "to": "Bob"} for name in named))
    assert [result.reference for result in results] == [UNKNOWN.lower(), None, None, None]
    assert [result.status for result in results] == [404] * 4


async def test_unknown_fields_of_an_item_are_told_once(state: AppState, reference: str) -> None:
    """However many there are, and by no name."""
    unknown = {f"field-{number}": number for number in range(300)}
    refused, done = await run(
        state, {"reference": UNKNOWN, "to": "Bob", **unknown}, {"reference": reference, "to": "Bob"}
    )
    assert refused.problem is not None
    assert refused.problem.errors is not None
    assert [(error.pointer, error.detail) for error in refused.problem.errors] == [
        ("", "an unknown field is here")
    ]
    assert (refused.status, done.status) == (422, 201)
