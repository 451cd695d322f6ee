"""The asb database as plain SQL and a dump read it: after a keyed creation and every act, not a word."""

import asyncio
import json
from pathlib import Path

import asyncpg
import httpx
import pytest

from deploy.postgres import programs
from shared.app_state import AppState
from shared.clock import Clock
from shared.encryption import Keys
from shared.settings import Settings
from tests.services.asb.cases import Cases
from tests.services.asb.telling import Story
from tests.services.callers import Callers
from tests.services.strict.valid.asb import ASB
from tests.support.canaries import Canaries
from tests.support.in_process import InProcess


@pytest.fixture
async def state(services: InProcess, clock: Clock) -> AppState:
    return await services.state("asb", clock)


@pytest.fixture
async def asb(services: InProcess, state: AppState) -> httpx.AsyncClient:
    return await services.serve(state)


def story_of(asb: httpx.AsyncClient, cases: Cases) -> Story:
    """A story told by Alex, in which Bo breaks the glass."""
    return Story(asb, cases.officer("alex", "manager"), cases.officer("bo"), ("alex", "officer-7"))


async def rows_by_plain_sql(url: str) -> dict[str, list[str]]:
    """Every row of every table of a database, as text."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = sorted(row["tablename"] for row in tables)
        found = {name: await connection.fetch(f'SELECT t::text AS row FROM "{name}" t') for name in names}
        return {name: [row["row"] for row in rows] for name, rows in found.items()}
    finally:
        await connection.close()


async def dump_of(url: str) -> str:
    """A backup of a database, as text."""
    dump = await asyncio.create_subprocess_exec(
        programs() / "pg_dump", "--inserts", url, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await dump.communicate()
    assert dump.returncode == 0
    return output.decode()


async def test_plain_sql_and_a_backup_read_nothing_that_was_said(
    asb: httpx.AsyncClient, cases: Cases, state: AppState, settings: Settings
) -> None:
    """Every table, every column, after every act there is; the API shows all of it to the team."""
    story = story_of(asb, cases)
    reference = await story.tell()
    url = state.settings.database_url("asb")
    rows = await rows_by_plain_sql(url)
    hits = {
        f"{table}: {story.canaries.sent[word]}"
        for table, texts in rows.items()
        for text in texts
        for word in story.canaries.found_in(text)
    }
    counts = {table: len(texts) for table, texts in rows.items()}
    print(f"{len(story.canaries.sent)} canaries; rows read by plain SQL: {json.dumps(counts)}")
    assert hits == set()
    dump = await dump_of(url)
    assert reference in dump
    assert story.canaries.found_in(dump) == set()
    by = cases.officer("alex", "manager")
    shown = [(await asb.get(f"/v1/asb/{reference}{part}", headers=by)).text for part in ("", "/diary")]
    told = set().union(*map(story.canaries.found_in, shown))
    assert len(told) > len(story.canaries.sent) / 2, "but for what was corrected since"


async def test_no_act_is_left_out_of_the_walk(asb: httpx.AsyncClient, cases: Cases) -> None:
    """A route that is added later keeps its words in these tables too."""
    story = story_of(asb, cases)
    await story.tell()
    posts = {(method, path) for method, path in ASB if method == "post" and path.startswith("/v1/")}
    assert story.done == posts


async def test_a_canary_in_a_column_would_be_found(
    asb: httpx.AsyncClient, cases: Cases, state: AppState
) -> None:
    """The search can fail: a word in plain, in JSON and as bytes is found in its table."""
    canaries = Canaries()
    word, phone, code = canaries.word("a"), canaries.phone("b"), canaries.postcode("c")
    connection = await asyncpg.connect(state.settings.database_url("asb"))
    try:
        await connection.execute(
            "INSERT INTO idempotency_keys (caller, key, fingerprint, status, headers, created_at, body)"
            " VALUES ($1, 'a', $2, 201, $3, now(), '')",
            phone,
            word.encode(),
            json.dumps({"Location": code}),
        )
        [row] = (await rows_by_plain_sql(state.settings.database_url("asb")))["idempotency_keys"]
        assert canaries.found_in(row) == {word, phone.replace(" ", ""), code.replace(" ", "")}
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET contact = convert_to('{}', 'UTF8')",
        "UPDATE cases SET description = 'plain'",
        "UPDATE incidents SET description = 'plain'",
    ],
)
async def test_the_database_itself_refuses_plain_text(
    asb: httpx.AsyncClient, cases: Cases, state: AppState, statement: str
) -> None:
    """By whatever way it comes."""
    await cases.report(incidents=[{"description": "Twice."}])
    connection = await asyncpg.connect(state.settings.database_url("asb"))
    try:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_lost_key_is_said_to_callers_and_nothing_is_broken_by_it(
    asb: httpx.AsyncClient, cases: Cases, callers: Callers, settings: Settings
) -> None:
    """503 and plain words for what the key encrypted, but in a list; all is well when it is back."""
    case = await cases.report()
    path: Path = settings.encryption_keys_path("asb")
    kept = path.read_bytes()
    try:
        path.write_bytes(Keys.generate().as_file())
        await asyncio.sleep(1.1)  # by then it is read again
        new = await cases.report()
        refused = await asb.get(f"/v1/asb/{case['reference']}", headers=cases.officer())
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
        assert "cannot be decrypted" in refused.json()["detail"]
        assert (await asb.get(f"/v1/asb/{new['reference']}", headers=cases.officer())).status_code == 200
        listed = (await asb.get("/v1/asb", headers=cases.officer())).json()["items"]
        shown = {each["reference"]: each for each in listed}
        assert [shown[one["reference"]]["readable"] for one in (case, new)] == [False, True]
        assert shown[case["reference"]]["contact"]["safe_to_contact"] is False
        assert shown[case["reference"]]["deadlines"] == case["deadlines"]
        assert (await asb.get("/internal/status")).json()["undecryptable_values"] > 0
    finally:
        path.write_bytes(kept)
    await asyncio.sleep(1.1)
    assert (await asb.get(f"/v1/asb/{case['reference']}", headers=cases.officer())).status_code == 200
    assert (await asb.get("/internal/status")).json()["undecryptable_values"] == 0
