"""The asb database as plain SQL and a dump read it: after a keyed creation and every act, not a word."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from deploy.postgres import programs
from shared.app_state import AppState
from shared.clock import Clock
from shared.encryption import Keys
from shared.settings import Settings
from tests.services.asb.cases import Cases
from tests.services.callers import Callers, Headers
from tests.services.strict.schemas import Walk
from tests.services.strict.valid.asb import ASB
from tests.support.apps import app_of
from tests.support.canaries import Canaries, with_canaries
from tests.support.in_process import InProcess

ON = "/v1/asb/{reference}"
DAYS = frozenset({"occurred_at", "sent_on", "told_on", "completed_on"})
"""By default today: those of the valid requests fit no story."""
# in an order that the lifecycle allows; each with a value that the next needs
ACTS: Mapping[str, dict[str, Any]] = {
    "victim-contact": {},
    "visit": {},
    "action-plan": {},
    "updates": {},
    "update-frequency": {},
    "priority": {},
    "category": {},
    "risk": {},
    "risk/review": {},
    "actions": {},
    "home": {},
    "damage": {},
    "joining": {},
    "case-review": {"consent": True},
    "case-review/referrals": {},
    "case-review/decision": {"threshold_met": True},
    "case-review/outcome": {},
    "case-review/completion": {},
    "incidents": {},  # a third report would make the review due, and leave nothing to be decided
    "contact": {},
    "closure": {},
    "survey": {},
    "survey/answers": {},
    "review": {},
    "alleged-perpetrators": {},
    "team": {"members": ["alex", "officer-7"]},
    "break-glass": {},
}


@pytest.fixture
async def state(services: InProcess, clock: Clock) -> AppState:
    return await services.state("asb", clock)


@pytest.fixture
async def asb(services: InProcess, state: AppState) -> httpx.AsyncClient:
    return await services.serve(state)


class Story:
    """A case that is opened and acted on, with canaries in every text; each request under a key."""

    def __init__(self, asb: httpx.AsyncClient, cases: Cases) -> None:
        document = app_of("asb").openapi()
        self._asb, self._paths = asb, document["paths"]
        self._walk = Walk(document["components"]["schemas"])
        self.cases, self.canaries = cases, Canaries()
        self.done: set[tuple[str, str]] = set()

    async def post(self, path: str, reference: str, by: Headers, /, **changes: Any) -> httpx.Response:
        """The answer to a valid request with canaries, sent twice under one key."""
        operation, valid = self._paths[path]["post"], ASB["post", path]
        headers = {**by, "Idempotency-Key": self.canaries.word(f"{path} Idempotency-Key")}
        self.canaries.sent.popitem()  # a key is the caller's own, who is told not to name anybody in it
        query, at = dict(valid.query), path.replace("{reference}", reference)
        if valid.file is not None:
            content = valid.file[1] + self.canaries.word(f"{path} file").encode()
            answer = await self._asb.post(
                at, params=query, content=content, headers={**headers, "Content-Type": valid.file[0]}
            )
        else:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            body = with_canaries(self._walk, schema, valid.bodies[0], self.canaries, path)
            body = {name: said for name, said in {**body, **changes}.items() if name not in DAYS}
            answer = await self._asb.post(at, json=body, headers=headers)
            assert answer.status_code == 201, f"{path}: {answer.text}"
            again = await self._asb.post(at, json=body, headers=headers)
            assert again.text == answer.text, "a stored answer is the answer"
            assert again.headers["idempotent-replayed"] == "true", again.text
        assert answer.status_code == 201, f"{path}: {answer.text}"
        self.done.add(("post", path))
        return answer

    async def tell(self) -> str:
        """A case through all of its acts; gives its reference."""
        by = self.cases.officer("alex", "manager")
        earlier = (await self.cases.report(by, received_at="2026-11-20T09:00:00Z"))["reference"]
        case = (await self.post("/v1/asb", "", by, category="noise", reporter="victim")).json()
        reference = str(case["reference"])
        for act, changes in ACTS.items():
            with_changes = {**changes, "reference": earlier} if act == "joining" else changes
            who = self.cases.officer("bo") if act == "break-glass" else by
            await self.post(f"{ON}/{act}", reference, who, **with_changes)
        await self.post(f"{ON}/attachments", reference, by)
        return reference


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
    story = Story(asb, cases)
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
    story = Story(asb, cases)
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
    """503 and plain words for what the key encrypted; reports are taken, and all is well when it is back."""
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
    finally:
        path.write_bytes(kept)
    await asyncio.sleep(1.1)
    assert (await asb.get(f"/v1/asb/{case['reference']}", headers=cases.officer())).status_code == 200
