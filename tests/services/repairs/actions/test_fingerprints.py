"""Fingerprints of updates, also of those that were told before there were any."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
from alembic import command

from services.repairs.actions.fingerprints import fingerprint
from services.repairs.actions.update_schemas import BatchedUpdate, UpdateIn
from shared.caller import Caller
from shared.db.migrations import config_for, migrate
from shared.directory import DIRECTORY
from tests.services.repairs.reporting import london, zulu
from tests.support.postgres import PrivatePostgres

AT, TOLD_AT = london("Tuesday 2026-03-03 10:00"), london("Tuesday 2026-03-03 10:00:20.5")
FIXIT = Caller("phone-1", frozenset({"contractor"}), frozenset(), frozenset(), "Fixit")
OFFICER = Caller("officer-7", frozenset({"officer"}), frozenset(), frozenset({"repairs"}), None)
COMPLETED = {"type": "completed", "clean_and_tidy": True, "identification_shown": False}
WINDOW = {"starts_at": "2026-03-05T09:00:00Z", "ends_at": "2026-03-05T12:00:00Z"}
SLOT = {"slot_id": "00000000-0000-4000-8000-000000000000"}


def of(words: dict[str, Any], by: Caller = FIXIT, now: datetime = TOLD_AT, as_spelt: bool = False) -> bytes:
    return fingerprint(UpdateIn.of_parsed(words), by=by, now=now, as_spelt=as_spelt)


def test_a_firm_is_the_same_however_its_name_is_spelt() -> None:
    """A second phone may write it otherwise; what was kept before went by the letter."""
    otherwise = replace(FIXIT, firm="FIX\u00adIT")
    assert of(COMPLETED, otherwise) == of(COMPLETED)
    assert of(COMPLETED, otherwise, as_spelt=True) != of(COMPLETED, as_spelt=True)


def test_the_same_words_have_the_same_fingerprint_however_they_are_written() -> None:
    """In another zone, from another phone of the firm, alone or in a batch, with nothing said as null."""
    words = {"type": "attended", "occurred_at": "2026-07-01T10:00:00Z", "operative": "J. Mason"}
    written = {**words, "occurred_at": "2026-07-01T11:00:00.000+01:00", "notes": None}
    another_phone = replace(FIXIT, subject="phone-2")
    batched = BatchedUpdate.of_parsed({**words, "reference": "REP-7K3M-Q9TX"})
    assert of(words) == of(written) == of(words, another_phone)
    assert of(words) == fingerprint(batched, by=FIXIT, now=AT)


def test_without_a_time_only_a_completion_is_the_same_later() -> None:
    """Nobody was in, and an hour later again: that is twice; the job is completed once."""
    assert of({"type": "no_access"}) != of({"type": "no_access"}, now=AT)
    assert of(COMPLETED) == of(COMPLETED, now=AT)


TOLD: list[tuple[dict[str, Any], Caller, dict[str, Any]]] = [
    ({"type": "attended", "occurred_at": zulu(AT), "operative": "Zoë", "notes": "Gone."}, FIXIT, {}),
    ({"type": "attended", "occurred_at": zulu(AT)}, OFFICER, {}),
    ({"type": "no_access"}, FIXIT, {}),
    (
        {"type": "no_access", "way": "knocked", "outcome": "no answer"},
        FIXIT,
        {"way": "knocked", "outcome": "no answer"},
    ),
    (
        {"type": "follow_on_needed", "occurred_at": zulu(AT), "appointment": WINDOW},
        FIXIT,
        {"appointment": WINDOW},
    ),
    (
        {"type": "follow_on_needed", "occurred_at": zulu(AT), "appointment": SLOT},
        FIXIT,
        {"appointment": WINDOW | SLOT},
    ),
    ({**COMPLETED, "occurred_at": zulu(AT)}, FIXIT, {"clean_and_tidy": True, "identification_shown": False}),
    (COMPLETED, FIXIT, {"clean_and_tidy": True, "identification_shown": False}),
]


async def test_what_was_told_before_there_were_fingerprints_is_known_again(
    postgres: PrivatePostgres,
) -> None:
    """A phone that lost our answer just before the house was brought up to date sends again just after."""
    name = f"before_fingerprints_{uuid4().hex}"
    await postgres.create_databases(name)
    url = postgres.url(name)
    await asyncio.to_thread(command.upgrade, config_for(url, DIRECTORY.row("repairs")), "repairs_0001")
    connection = await asyncpg.connect(url)
    await connection.execute("ALTER TABLE job_updates DROP CONSTRAINT fk_job_updates_reference_repairs")
    insert = """
        INSERT INTO job_updates
            (number, reference, type, occurred_at, recorded_at, recorded_by, firm, operative, notes, details)
        VALUES ($1::bigint, $1::bigint::text, $2, $3, $4, $5, $6, $7, $8, $9)
    """
    for number, (words, by, details) in enumerate(TOLD):
        at = AT if "occurred_at" in words else TOLD_AT
        told = words["type"], at, TOLD_AT, by.subject, by.firm, words.get("operative"), words.get("notes")
        await connection.execute(insert, number + 1, *told, orjson.dumps(details).decode())
    await migrate(url, DIRECTORY.row("repairs"))
    kept = await connection.fetch("SELECT fingerprint FROM job_updates ORDER BY number")
    await connection.close()
    assert [row["fingerprint"] for row in kept] == [of(words, by, as_spelt=True) for words, by, _ in TOLD]
