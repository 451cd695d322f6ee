"""What is forbidden looks like what is not there: the same words, after the same statements, at every route.

Statements are compared and not times, which a busy machine blurs: the same questions to the same index take
as long for a case that is hidden as for one that never was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from shared.app_state import AppState
from shared.clock import Clock
from shared.references import new_reference
from shared.telemetry import request_id
from tests.services.asb.cases import HATE, Cases
from tests.services.asb.test_team import PARTS, ask
from tests.services.callers import Callers
from tests.support.in_process import InProcess

CALLERS = ("other officer", "manager", "accused officer", "accused tenant", "other resident")
SAME = ("type", "title", "status", "detail")
ATTACHMENT = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def state(services: InProcess, clock: Clock) -> AppState:
    return await services.state("asb", clock)


@pytest.fixture
async def asb(services: InProcess, state: AppState) -> httpx.AsyncClient:
    return await services.serve(state)


@contextmanager
def statements(state: AppState) -> Iterator[list[str]]:
    """The statements that the service sends to its database in this block."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if request_id.get() != "-":  # the relay and the calendar ask on their own
            sent.append(statement)

    engine = state.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("name", CALLERS)
async def test_hidden_and_unknown_are_alike(
    asb: httpx.AsyncClient, state: AppState, cases: Cases, callers: Callers, name: str
) -> None:
    """For an officer outside the team, a manager, and the person complained of in each of their roles."""
    accused = {"name": "Robin Loud", "subject": "robin"}
    case = await cases.report(callers.resident("sam"), **{**HATE, "alleged_perpetrator": accused})
    await cases.act(case["reference"], "team", {"members": ["alex"]})
    headers = {
        "other officer": cases.officer("bo"),
        "manager": cases.officer("bo", "manager"),
        "accused officer": cases.officer("robin", "manager"),
        "accused tenant": callers.resident("robin"),
        "other resident": callers.resident("kim"),
    }[name]
    unknown, compared, wrong = new_reference("CAS"), 0, []
    for part in PARTS:
        if part == "break-glass" and name in {"other officer", "manager"}:
            continue  # to them it opens
        asked = []
        for reference in (case["reference"], unknown):
            with statements(state) as sent:
                answer = await ask(asb, part, reference, ATTACHMENT, headers)
            said = {key: answer.json().get(key) for key in SAME}
            asked.append((answer.status_code, said, [*answer.headers], list(sent)))
        compared += 1
        if asked[0] != asked[1] or asked[0][0] not in {403, 404}:
            wrong.append((part, asked))
    assert wrong == []
    assert compared >= len(PARTS) - 1


async def test_statements_would_tell(asb: httpx.AsyncClient, state: AppState, cases: Cases) -> None:
    """The comparison can fail: a case that is seen takes more of them than one that is not."""
    case = await cases.report(cases.officer("alex"))
    counts = []
    for headers in (cases.officer("alex"), cases.officer("bo")):
        with statements(state) as sent:
            await asb.get(f"/v1/asb/{case['reference']}", headers=headers)
        counts.append(len(sent))
    assert counts[0] > counts[1] > 0
