"""The request id that follows a case, and logs that hold nothing about anybody."""

import asyncio
import gc
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.db.engine import Database
from shared.events import Event
from shared.messaging.broker import Queue
from shared.messaging.consumer import Consumer, Patience
from shared.messaging.local import LocalBroker
from shared.telemetry import ALLOWED_FIELDS, configure_logging, request_id
from shared.work import UnitOfWork, unit_of_work
from tests.shared.permits_app import REQUEST, calling, permits_app, requested
from tests.shared.stored import fail_on_insert, mend, rows
from tests.support.eventually import eventually

PERSONAL = {
    "name": "Zebedee Quux",
    "email": "zebedee@quux.example",
    "phone": "07700 900461",
    "address": "99 Xylophone Crescent",
    "access_needs": "Wheelchair xyzzy",
}
TOLD = "He shouts plugh at night"
POSTCODE = "ZZ99 9ZZ"
ABOUT_SOMEBODY: dict[str, Any] = {
    "contact": PERSONAL,
    "description": f"{TOLD} at {POSTCODE}",
}
SECRETS = [*PERSONAL.values(), TOLD, POSTCODE, "Quux", "quux", "Xylophone", "xyzzy", "plugh"]
EVERYTHING = Queue("listener", ("#",))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Everything that is logged, as a deployment would have it, in a file."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    path = tmp_path / "log.jsonl"
    configure_logging("DEBUG", to=str(path))
    yield path
    root.handlers[:] = before
    root.setLevel(level)


@pytest.fixture
def broker(tmp_path: Path) -> LocalBroker:
    return LocalBroker(tmp_path / "dead-letters")


@pytest.fixture
async def app(database_for: Callable[[str], Awaitable[str]], broker: LocalBroker) -> AsyncIterator[FastAPI]:
    async with permits_app(await database_for("permits"), broker) as app:
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(app) as client:
        yield client


def listener(
    app: FastAPI, use_case: Callable[[UnitOfWork, Sequence[Event]], Awaitable[None]]
) -> Consumer[UnitOfWork]:
    """A consumer of everything, beside the routes of the service."""
    return Consumer(
        EVERYTHING.name, lambda: unit_of_work(app.state.resources), use_case, Patience(pause_seconds=0.001)
    )


def lines(log: Path) -> list[dict[str, Any]]:
    """Each line of the log, which is a JSON object."""
    return [json.loads(line) for line in log.read_text().splitlines()]


async def test_a_request_id_follows_the_case(
    app: FastAPI, client: httpx.AsyncClient, broker: LocalBroker, log: Path
) -> None:
    """From the caller to the answer, the event, the message, and what the listener does and logs about it."""
    received: list[tuple[str | None, str]] = []

    async def use_case(_: UnitOfWork, events: Sequence[Event]) -> None:
        received.append((events[0].request_id, request_id.get()))
        logging.getLogger("services.listener").info("taken in")

    consuming = asyncio.create_task(broker.consume(EVERYTHING, listener(app, use_case)))
    answer = await client.post("/v1/permits", json=REQUEST, headers={"X-Request-ID": "call-17"})
    assert answer.headers["x-request-id"] == "call-17"
    await eventually(lambda: received)
    database: Database = app.state.resources.database
    assert await rows(database, "SELECT DISTINCT request_id FROM events") == [("call-17",)]
    assert set(received) == {("call-17", "call-17")}
    said = {line["message"] for line in lines(log) if line["request_id"] == "call-17"}
    assert said >= {"request", "taken in"}
    consuming.cancel()


@pytest.mark.parametrize("given", ["", "with a space", "x" * 129, "new\tline", 'quote"'])
async def test_a_request_id_that_is_none_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    """It goes into logs and headers, so it may not be just anything."""
    answer = await client.get("/health/live", headers={"X-Request-ID": given})
    assert len(answer.headers["x-request-id"]) == 32


async def test_requests_without_an_id_get_different_ones(client: httpx.AsyncClient) -> None:
    """And one request's id is not left behind for the next."""
    answers = [await client.get("/health/live") for _ in range(2)]
    assert answers[0].headers["x-request-id"] != answers[1].headers["x-request-id"]


async def test_the_log_holds_nothing_about_anybody(
    app: FastAPI,
    client: httpx.AsyncClient,
    broker: LocalBroker,
    log: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    recwarn: pytest.WarningsRecorder,
) -> None:
    """Well-handled, refused, failed and poisoned: no name, no address, no word that was said, anywhere."""
    await everything_that_can_happen(app, client, broker)
    written = log.read_text() + capfd.readouterr().err + "".join(str(w.message) for w in recwarn.list)
    assert [secret for secret in SECRETS if secret in written] == []
    allowed = {"at", "level", "logger", "message", "request_id", "service", "where", *ALLOWED_FIELDS}
    assert {name for line in lines(log) for name in line} <= allowed
    said = {line["message"] for line in lines(log)}
    assert said >= {"request", "unexpected error", "an event goes to the dead letters"}


async def everything_that_can_happen(app: FastAPI, client: httpx.AsyncClient, broker: LocalBroker) -> None:
    """A report that is taken, refused, and fails; a listener that fails and quotes what it was told."""

    async def quotes(_: UnitOfWork, __: Sequence[Event]) -> None:
        raise ValueError(f"{PERSONAL} said {TOLD}")

    consuming = asyncio.create_task(broker.consume(EVERYTHING, listener(app, quotes)))
    case = (await requested(client, **ABOUT_SOMEBODY)).json()["reference"]
    await client.get(f"/v1/permits/{case}", params={"surname": "Quux", "postcode": POSTCODE})
    await client.get(f"/v1/permits/{PERSONAL['name']}")
    await client.get("/v1/permits")
    await client.post("/v1/permits", json={**REQUEST, **ABOUT_SOMEBODY, "channel": TOLD})
    as_json = {"Content-Type": "application/json"}
    await client.post("/v1/permits", content=f'{{"description": "{TOLD}', headers=as_json)
    database: Database = app.state.resources.database
    await fail_on_insert(database, "permits", f"RAISE EXCEPTION 'Key (email)=({PERSONAL['email']}) exists';")
    assert (await client.post("/v1/permits", json={**REQUEST, **ABOUT_SOMEBODY})).status_code == 500
    await mend(database)

    async def is_buried() -> bool:
        return (await broker.dead_letters(EVERYTHING.name)).total > 0

    await eventually(is_buried)
    consuming.cancel()


async def test_a_forgotten_tasks_error_is_logged_without_its_words(log: Path) -> None:
    """asyncio writes the error's text into the message itself, where no argument can be left out."""

    async def fails() -> None:
        raise ValueError(TOLD)

    forgotten = asyncio.create_task(fails())
    await asyncio.wait([forgotten])
    del forgotten
    gc.collect()
    await asyncio.sleep(0)
    assert "Task exception was never retrieved" in log.read_text()
    assert TOLD not in log.read_text()


def test_a_librarys_message_is_logged_without_its_arguments(log: Path) -> None:
    """Its template says enough; its arguments may be anybody's."""
    logging.getLogger("somebodys.library").warning("could not send to %s", PERSONAL["email"])
    [line] = [line for line in lines(log) if line["logger"] == "somebodys.library"]
    assert line["message"] == "could not send to %s"


def test_an_error_is_logged_with_its_kind_and_place_and_without_its_text(log: Path) -> None:
    """Enough to find the line of code; what stood in the data is not for the log."""
    try:
        raise LookupError(TOLD)
    except LookupError:
        logging.getLogger("services.permits").exception("it failed")
    [line] = [line for line in lines(log) if line["message"] == "it failed"]
    assert line["error"] == "LookupError"
    assert "test_telemetry.py" in line["where"][-1]
    assert TOLD not in log.read_text()
