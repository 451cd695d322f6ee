"""The upgrade of a database in which everything is plain: every row is encrypted, and nothing is lost."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from alembic import command

from shared.clock import Clock
from shared.db.migrations import config_for, migrate
from shared.directory import DIRECTORY
from shared.encryption import Keyring, KeysMissing
from shared.references import new_reference
from shared.settings import Settings
from shared.text import digest_of
from tests.services.asb.cases import HOME, Cases
from tests.services.asb.test_encryption import rows_by_plain_sql
from tests.services.callers import Callers
from tests.support.canaries import Canaries
from tests.support.in_process import InProcess
from tests.support.postgres import PrivatePostgres

ROW = DIRECTORY.row("asb")
BEFORE = "asb_0004"
CASES = 450
"""More than two batches."""
AT = datetime(2026, 11, 26, 10, tzinfo=UTC)


@pytest.fixture
async def url(postgres: PrivatePostgres) -> AsyncIterator[str]:
    """A database as it was before anything was encrypted."""
    name = f"plain_{uuid4().hex}"
    await postgres.create_databases(name)
    await asyncio.to_thread(command.upgrade, config_for(postgres.url(name), ROW), BEFORE)
    yield postgres.url(name)
    await postgres.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


REFERENCES = [new_reference("CAS") for _ in range(CASES)]


COMMON = {
    "version": 1,
    "status": "open",
    "channel": "phone",
    "received_at": AT,
    "imported": False,
    "department": "asb",
    "reported_by": "desk",
    "needs_scope": "asb",
    "team": [],
    "reporter": "victim",
    "category": "noise",
    "hate_incident": False,
    "priority": 2,
    "people": [digest_of("alleged robin loud")],
    "update_frequency": "weekly",
    "high_risk": False,
    "risk_to_assess": False,
    "risk_review_due": False,
    "recommendations_to_complete": 0,
}
OPENED = {"priority": 2, "hate_incident": False, "imported": False, "department": "asb"}


async def insert(connection: asyncpg.Connection, table: str, **values: Any) -> None:
    """One row by plain SQL."""
    marks = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    given = [json.dumps(value) if isinstance(value, dict) else value for value in values.values()]
    await connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", *given)


async def fill(url: str, canaries: Canaries) -> None:
    """Cases as they were kept, with a diary; a picture and a stored answer of the first."""
    connection, word = await asyncpg.connect(url), canaries.word
    for reference in REFERENCES:
        said = {
            "description": word("description"),
            "alleged_perpetrators": json.dumps([{"name": word("alleged")}]),
        }
        contact = {"name": word("name"), "email": canaries.email("email"), "safe_to_contact": True}
        home = {**HOME, "address": word("address")}
        await insert(
            connection, "cases", reference=reference, contact=contact, property=home, **said, **COMMON
        )
        act = {"sequence": 2, "act": "updates", "said": {"message": word("message")}, "told_by": "alex"}
        await insert(connection, "diary", reference=reference, occurred_at=AT, **act)
    first = {"reference": REFERENCES[0]}
    event = {"sequence": 1, "type": "asb.case-opened", "occurred_at": AT, "recorded_at": AT}
    await insert(connection, "events", id=uuid4(), facts=OPENED, **first, **event)
    content = b"%PDF-1.4 " + word("file").encode()
    file = {"kind": "photo", "media_type": "application/pdf", "size": len(content), "digest": b"1"}
    sent = {"uploaded_at": AT, "uploaded_by": "sam"}
    await insert(connection, "attachments", id=uuid4(), content=content, **first, **file, **sent)
    answer = {"status": 201, "headers": {}, "created_at": AT, "body": word("answer")}
    await insert(connection, "idempotency_keys", caller="sam", key="a", fingerprint=b"1", **answer)
    await connection.close()


async def test_every_row_is_encrypted_and_read_as_before(
    url: str,
    settings: Settings,
    services: InProcess,
    clock: Clock,
    callers: Callers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By plain SQL nothing is left; the team reads what was said; a case has not become younger by it."""
    canaries = Canaries()
    await fill(url, canaries)
    before = await changes(url)
    await migrate(url, ROW, settings.encryption_keys_path("asb"))
    rows = await rows_by_plain_sql(url)
    assert {name: len(rows[name]) for name in ("cases", "diary")} == {"cases": CASES, "diary": CASES}
    assert not [name for name, texts in rows.items() for text in texts if canaries.found_in(text)]
    assert await changes(url) == before

    async def here(_: str) -> str:
        return url

    monkeypatch.setattr(services.databases, "emptied", here)
    asb: httpx.AsyncClient = await services.serve(await services.state("asb", clock))
    cases = Cases(asb, callers)
    first = REFERENCES[0]
    answer = await asb.get(f"/v1/asb/{first}", headers=cases.officer())
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    said = {shown["description"], shown["contact"]["name"], shown["property"]["address"]}
    said |= {shown["told"][0]["words"], shown["alleged_perpetrators"][0]["name"]}
    assert said < canaries.sent.keys()
    files = (await asb.get(f"/v1/asb/{first}/attachments", headers=cases.officer())).json()["items"]
    file = await asb.get(f"/v1/asb/{first}/attachments/{files[0]['id']}", headers=cases.officer())
    assert canaries.found_in(file.text)
    suggested = await asb.get(f"/v1/asb/{first}/suggestions", headers=cases.officer())
    assert len(suggested.json()["items"]) == 20, "who is known again was known before"
    report = await cases.report(alleged_perpetrator={"name": "Robin Loud"}, property=None)
    suggested = await asb.get(f"/v1/asb/{report['reference']}/suggestions", headers=cases.officer())
    assert len(suggested.json()["items"]) == 20, "and is known by whoever reports from now on"


async def changes(url: str) -> list[asyncpg.Record]:
    """The instants at which the cases were changed."""
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch("SELECT reference, changed_at, changed_in FROM cases ORDER BY 1"))
    finally:
        await connection.close()


async def test_without_keys_nothing_is_changed(url: str, tmp_path: Path) -> None:
    """All or nothing: the upgrade is run again once the keys are there."""
    await fill(url, Canaries())
    before = await rows_by_plain_sql(url)
    for keys in (None, tmp_path / "nowhere.json"):
        with pytest.raises(KeysMissing):
            await migrate(url, ROW, keys)
    assert await rows_by_plain_sql(url) == before


async def test_a_stored_answer_from_before_is_replayed(url: str, settings: Settings) -> None:
    """It is under the same keys, in its own place."""
    canaries = Canaries()
    await fill(url, canaries)
    path = settings.encryption_keys_path("asb")
    await migrate(url, ROW, path)
    connection = await asyncpg.connect(url)
    row = await connection.fetchrow("SELECT * FROM idempotency_keys")
    await connection.close()
    assert row is not None
    assert Keyring(path).primary in row["fingerprint"].decode("latin-1")
