"""The audit of reads: a manager finds who read what, and nobody takes a line of it away."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import httpx
import pytest

from shared.app_state import AppState
from shared.cases.reads import REPLAYED
from shared.clock import Clock
from shared.db.engine import open_database
from tests.services.asb.cases import HATE, REPORT, Cases
from tests.services.callers import Callers
from tests.support.in_process import InProcess

# as docs/running.md has a role for the service that owns nothing
GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
)
TAKING_AWAY = (
    "DELETE FROM reads",
    "UPDATE reads SET read_by = 'nobody'",
    "DELETE FROM reads WHERE false",
    "TRUNCATE reads",
)
GOING_ROUND = (
    "ALTER TABLE reads DISABLE TRIGGER keep_for_good",
    "DROP TRIGGER keep_for_good ON reads",
    "SET session_replication_role = replica",
    "DROP TABLE reads",
)


@pytest.fixture
async def state(services: InProcess, clock: Clock) -> AppState:
    return await services.state("asb", clock)


@pytest.fixture
async def asb(services: InProcess, state: AppState) -> httpx.AsyncClient:
    return await services.serve(state)


@pytest.fixture
async def owner(state: AppState) -> AsyncIterator[asyncpg.Connection]:
    """A connection as whoever owns the tables."""
    connection = await asyncpg.connect(state.settings.database_url("asb"))
    yield connection
    await connection.close()


@pytest.fixture
async def role(owner: asyncpg.Connection) -> AsyncIterator[str]:
    """A role that may use every table, and owns none."""
    name = f"asb_{uuid4().hex}"
    await owner.execute(f"CREATE ROLE {name} LOGIN")
    for grant in GRANTS:
        await owner.execute(grant.format(role=name))
    yield name
    await owner.execute(f"DROP OWNED BY {name}")
    await owner.execute(f"DROP ROLE {name}")


@pytest.mark.parametrize("statement", TAKING_AWAY)
async def test_no_line_of_the_audit_is_taken_away(
    cases: Cases, state: AppState, owner: asyncpg.Connection, role: str, statement: str
) -> None:
    """Neither by the service's role nor by the one that owns the table."""
    await cases.read((await cases.report())["reference"])
    before = await owner.fetch("SELECT * FROM reads")
    url = state.settings.database_url("asb")
    for user in ("postgres", role):
        connection = await asyncpg.connect(url, user=user)
        try:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        finally:
            await connection.close()
    assert before
    assert await owner.fetch("SELECT * FROM reads") == before


@pytest.mark.parametrize("statement", GOING_ROUND)
async def test_the_services_role_cannot_go_round_it(
    asb: httpx.AsyncClient, state: AppState, role: str, statement: str
) -> None:
    """It owns nothing, and so it switches nothing off."""
    connection = await asyncpg.connect(state.settings.database_url("asb"), user=role)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_the_service_does_its_work_in_that_role(
    services: InProcess, state: AppState, clock: Clock, callers: Callers, role: str
) -> None:
    """Reports, acts, reads and their audit need no more than it has."""
    url = state.settings.database_url("asb").replace("postgres@", f"{role}@", 1)
    owners, state.database = state.database, open_database(url)
    asb = await services.serve(state)
    cases = Cases(asb, callers)
    case = await cases.report()
    await cases.act(case["reference"], "updates", {"message": "We wrote to them."})
    assert (await cases.read(case["reference"]))["told"]
    await state.database.close()
    state.database = owners


async def test_a_manager_reads_who_read_any_case(
    asb: httpx.AsyncClient, cases: Cases, callers: Callers
) -> None:
    """Whatever its team, and by one caller; none of a case in which they themselves are complained of."""
    ours = (await cases.report(cases.officer("alex")))["reference"]
    accused = {"name": "Dee", "subject": "dee"}
    theirs = (await cases.report(cases.officer("bo"), **{**HATE, "alleged_perpetrator": accused}))[
        "reference"
    ]
    await cases.read(ours, cases.officer("alex"))
    await cases.read(theirs, cases.officer("bo"))

    async def found(by: str, **query: str) -> set[tuple[str, str]]:
        headers = cases.officer(by, "manager")
        answer = await asb.get("/v1/asb/reads", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return {(row["read_by"], row["reference"]) for row in answer.json()["items"]}

    assert await found("cy") == {("alex", ours), ("bo", theirs)}
    assert await found("cy", read_by="bo") == {("bo", theirs)}
    assert await found("dee") == {("alex", ours)}
    assert (await asb.get("/v1/asb/reads", headers=cases.officer("alex"))).status_code == 403
    no_scope = callers.named_officer("cy", "asb", scopes=["manager"])
    assert (await asb.get("/v1/asb/reads", headers=no_scope)).json()["items"] == []


async def test_the_audit_is_read_page_by_page(asb: httpx.AsyncClient, cases: Cases) -> None:
    """Each line once, the latest first."""
    reference = (await cases.report(cases.officer("alex")))["reference"]
    for _ in range(5):
        await cases.read(reference, cases.officer("alex"))
    headers, seen, cursor = cases.officer("cy", "manager"), [], None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await asb.get("/v1/asb/reads", params=query, headers=headers)).json()
        seen += [row["request_id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 5


async def test_an_answer_that_is_shown_again_is_a_read(asb: httpx.AsyncClient, cases: Cases) -> None:
    """Of a report and of an act; one that is refused to whoever lost the case is none."""
    alex, manager = cases.officer("alex"), cases.officer("cy", "manager")

    async def sent(path: str, body: dict[str, object], by: dict[str, str], key: str) -> httpx.Response:
        return await asb.post(path, json=body, headers={**by, "Idempotency-Key": key})

    reported = [await sent("/v1/asb", dict(REPORT), alex, "report") for _ in range(2)]
    on = f"/v1/asb/{reported[0].json()['reference']}"
    updated = [await sent(f"{on}/updates", {"message": "News."}, alex, "update") for _ in range(2)]
    assert [answer.headers.get("idempotent-replayed") for answer in (*reported, *updated)] == [
        None, "true", None, "true",
    ]  # fmt: skip
    await cases.act(on.rpartition("/")[2], "team", {"members": ["bo"]}, alex)
    assert (await sent(f"{on}/updates", {"message": "News."}, alex, "update")).status_code == 404
    reads = (await asb.get("/v1/asb/reads", params={"read_by": "alex"}, headers=manager)).json()["items"]
    assert [read["purpose"] for read in reversed(reads)] == [
        REPLAYED, "acted on it: updates", REPLAYED, "acted on it: team",
    ]  # fmt: skip
