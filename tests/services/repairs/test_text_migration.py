"""Rows from before texts were compared as people read them get their forms, and are shown as before."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
from alembic import command

from shared.cases.contact import ContactOut
from shared.db.migrations import config_for, migrate
from shared.directory import DIRECTORY
from tests.services.repairs.reporting import london
from tests.support.postgres import PrivatePostgres

AT = london("Tuesday 2026-03-03 10:00")
COMMON = {"version": 1, "status": "reported", "channel": "phone", "received_at": AT, "imported": False}
COMMON |= {"department": "repairs", "reported_by": "officer-7"}
OWN = {"fault": "other", "priority": 3, "description": "It drips.", "vulnerable": False}
OWN |= {"caused_by_resident": False, "handyperson": False, "given_by_booking": False}


async def insert(connection: asyncpg.Connection, table: str, **row: Any) -> None:
    values = [orjson.dumps(value).decode() if isinstance(value, dict) else value for value in row.values()]
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    await connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *values)


async def before(connection: asyncpg.Connection) -> None:
    """A repair that went from one firm to another, one that nobody has, an appliance, a slot, an update."""
    home = {"uprn": "0100", "address": "1 Mercury Gardens", "postcode": "RM13SL"}
    contact = {"name": "Sam Jones", "phone": "07700 900123", "safe_to_contact": True}
    given = {**COMMON, **OWN, "property": home, "contact": contact, "contractor": "Demo-Contractor"}
    await insert(connection, "repairs", reference="REP-1", **given)
    odd = {**COMMON, **OWN, "property": {**home, "postcode": "?????"}, "contact": {"phone": "n/a n/a"}}
    await insert(connection, "repairs", reference="REP-2", **odd)
    court = {"address": "St John's Court", "postcode": "RM13SL"}
    boiler = {"kind": "heating", "home": "RM13SL st john s court", "property": court, "contact": {}}
    await insert(connection, "appliances", reference="APP-1", **COMMON, **boiler)
    for sequence, firm in enumerate(("Fix-It", "Demo-Contractor"), start=2):
        told = {"id": uuid4(), "occurred_at": AT, "recorded_at": AT, "facts": {"contractor": firm}}
        what = {"sequence": sequence, "type": "repairs.repair-assigned"}
        await insert(connection, "events", reference="REP-1", **what, **told)
    window = {"starts_at": AT, "ends_at": AT, "capacity": 1, "booked": 0, "published_at": AT}
    slot = {"id": uuid4(), "contractor": "Fix-It", "trade": "roofing", "published_by": "x", **window}
    await insert(connection, "slots", **slot)
    update = {"type": "attended", "occurred_at": AT, "recorded_at": AT, "recorded_by": "x", "firm": "Fix-It"}
    words = {"details": {}, "fingerprint": b"1"}
    await insert(connection, "job_updates", reference="REP-1", **update, **words)


async def test_rows_from_before_get_their_forms(postgres: PrivatePostgres) -> None:
    """Text that looks like no postcode or number stays as it was typed; a firm with jobs is registered."""
    name = f"before_text_{uuid4().hex}"
    await postgres.create_databases(name)
    url = postgres.url(name)
    await asyncio.to_thread(command.upgrade, config_for(url, DIRECTORY.row("repairs")), "repairs_0004")
    connection = await asyncpg.connect(url)
    await before(connection)
    await migrate(url, DIRECTORY.row("repairs"))
    given, odd = await connection.fetch("SELECT * FROM repairs ORDER BY reference")
    appliance = await connection.fetchrow("SELECT * FROM appliances")
    keys = [
        await connection.fetchval(f"SELECT {key} FROM {table}")
        for table, key in (("slots", "contractor_key"), ("job_updates", "firm"))
    ]
    firms = await connection.fetch("SELECT key, name FROM contractors ORDER BY key")
    await connection.close()
    assert [tuple(firm) for firm in firms] == [
        ("council operatives", "council operatives"),
        ("demo contractor", "Demo-Contractor"),
        ("fix it", "Fix-It"),
    ]
    assert (given["contractor"], given["contractor_key"]) == ("Demo-Contractor", "demo contractor")
    assert sorted(given["firms"]) == ["demo contractor", "fix it"]
    assert (odd["contractor_key"], odd["firms"]) == (None, [])
    home = orjson.loads(given["property"])
    assert home == {"uprn": "100", "address": "1 Mercury Gardens", "postcode": "RM1 3SL"}
    assert orjson.loads(odd["property"])["postcode"] == "?????"
    assert ContactOut.of(orjson.loads(given["contact"])).phone_e164 == "+447700900123"
    assert orjson.loads(odd["contact"]) == {"phone": "n/a n/a"}
    assert appliance["home"] == "RM1 3SL st johns court"
    assert keys == ["fix it", "fix it"]
