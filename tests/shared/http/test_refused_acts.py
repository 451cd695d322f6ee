"""After a refused act the caller is told what the case allows instead, or at least that it was refused."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import TimeoutError as PoolExhausted

from shared.db.engine import Database, open_database
from shared.errors import NotFound
from tests.shared.http.crates import ALREADY_SEALED, Watched, crates_app
from tests.shared.permits_app import calling, headers
from tests.shared.stored import count, is_waited_for, locked_row, rows
from tests.support.eventually import eventually

BY_ADA, BY_BEA = {"words": "Ada"}, {"words": "Bea"}
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
async def app(url: str, watched: Watched) -> AsyncIterator[FastAPI]:
    """The service of crates with a single connection, for which nobody waits longer than a second."""
    async with crates_app(url, watched, pool_size=1, pool_timeout=1.0) as app:
        yield app


@pytest.fixture
async def crate(client: httpx.AsyncClient, watched: Watched) -> str:
    """The path of a crate that Ada has sealed."""
    packed = await client.post("/v1/crates", json=BY_ADA)
    path: str = packed.headers["location"]
    sealed = await client.post(f"{path}/seal", json=BY_ADA)
    assert (packed.status_code, sealed.status_code) == (201, 201)
    assert watched.asked == []  # an act that succeeds is answered with the case, which says what it allows
    return path


async def refused(client: httpx.AsyncClient, crate: str, **more: str) -> dict[str, Any]:
    """The problem with which it is refused that Bea seals the crate once more."""
    answer = await client.post(f"{crate}/seal", json=BY_BEA, headers=more)
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    document: dict[str, Any] = answer.json()
    assert document["detail"] == ALREADY_SEALED
    return document


async def test_a_refused_act_says_what_is_allowed_instead(client: httpx.AsyncClient, crate: str) -> None:
    """Sorted, and without the act that was refused, though the case itself would list it."""
    assert (await refused(client, crate))["allowed"] == ["handler/Ada", "label", "opening"]


async def test_the_refused_act_is_rolled_back_first(
    client: httpx.AsyncClient, crate: str, database: Database
) -> None:
    """Its changes are gone when the case is asked, and for everybody afterwards."""
    assert "handler/Ada" in (await refused(client, crate))["allowed"]
    assert await rows(database, "SELECT handler_name, version FROM permits") == [("Ada", 2)]
    assert await count(database, "events") == 2


async def test_the_case_is_asked_once_in_a_transaction_that_changes_nothing(
    app: FastAPI, client: httpx.AsyncClient, crate: str, watched: Watched
) -> None:
    """The same caller asks at the same instant, once the first connection has been given back."""
    at = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    ticks = iter(at + timedelta(hours=number) for number in range(9))
    app.state.resources.clock = lambda: next(ticks)
    await refused(client, crate)
    [asked] = watched.asked
    assert (asked.caller.subject, *asked.caller.departments) == ("officer-7", "permits")
    assert (asked.now, asked.is_read_only, asked.checked_out) == (at, True, 1)


async def test_a_caller_is_told_their_own_acts(client: httpx.AsyncClient) -> None:
    """Only an officer may open it again, and nobody else is offered that; nor is either the refused act."""
    sam = headers("sam", "resident")
    path = (await client.post("/v1/crates", json=BY_BEA, headers=sam)).headers["location"]
    await client.post(f"{path}/seal", json=BY_ADA)
    by_sam = await client.post(f"{path}/withdrawal", json=BY_BEA, headers=sam)
    by_an_officer = await client.post(f"{path}/withdrawal", json=BY_BEA)
    assert (by_sam.status_code, by_an_officer.status_code) == (409, 409)
    assert by_sam.json()["allowed"] == ["handler/Ada", "label", "seal"]
    assert by_an_officer.json()["allowed"] == ["handler/Ada", "label", "opening", "seal"]


async def test_who_may_not_do_an_act_at_all_is_told_nothing_of_the_case(
    client: httpx.AsyncClient, crate: str, watched: Watched
) -> None:
    """403 at the door, and the case is not asked."""
    answer = await client.post(f"{crate}/seal", json=BY_BEA, headers=headers("sam", "resident"))
    assert (answer.status_code, "allowed" in answer.json()) == (403, False)
    assert watched.asked == []


@pytest.mark.parametrize(
    "problem", [RuntimeError("Zzyzx"), OSError(), PoolExhausted(), NotFound("It is gone."), KeyError("Zzyzx")]
)
async def test_it_is_a_refusal_even_if_the_case_cannot_be_asked(
    client: httpx.AsyncClient,
    crate: str,
    watched: Watched,
    problem: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """409 and not 500 or 503: the act was refused, whatever keeps us from saying more."""
    watched.problem = problem
    with caplog.at_level(logging.WARNING):
        document = await refused(client, crate)
    assert "allowed" not in document
    assert "what a case allows could not be read" in caplog.text
    assert "Zzyzx" not in caplog.text
    watched.problem = None
    assert (await refused(client, crate))["allowed"]


async def test_it_is_a_refusal_even_if_no_connection_is_left_to_ask(
    client: httpx.AsyncClient, crate: str, database: Database, url: str, watched: Watched
) -> None:
    """Somebody else has waited for the only one, and keeps it when the refused act gives it back."""
    let_go = asyncio.Event()

    async def hog() -> None:
        async with database.engine.connect():
            await let_go.wait()

    elsewhere = open_database(url)
    async with locked_row(elsewhere, crate.rpartition("/")[2]):
        refusing = asyncio.create_task(refused(client, crate))
        await eventually(lambda: is_waited_for(elsewhere))
        hogging = asyncio.create_task(hog())
        await asyncio.sleep(0)
    assert "allowed" not in await refusing
    let_go.set()
    await hogging
    await elsewhere.close()
    assert watched.asked == []


async def test_a_pool_of_one_connection_does_not_wait_for_itself(
    client: httpx.AsyncClient, crate: str, watched: Watched
) -> None:
    """Ten refusals at once, each of which needs a connection twice, and never two at a time."""
    async with asyncio.timeout(5):
        documents = await asyncio.gather(*(refused(client, crate) for _ in range(10)))
    assert {tuple(document["allowed"]) for document in documents} == {("handler/Ada", "label", "opening")}
    assert len(watched.asked) == 10
    assert {asked.checked_out for asked in watched.asked} == {1}


async def test_a_refusal_with_a_key_says_so_too_and_is_not_kept(
    client: httpx.AsyncClient, crate: str, database: Database
) -> None:
    """The key may come again; what was refused then may be allowed by now."""
    for _ in range(2):
        assert (await refused(client, crate, **KEY))["allowed"] == ["handler/Ada", "label", "opening"]
    assert await count(database, "idempotency_keys") == 0


async def test_other_conflicts_ask_nothing(client: httpx.AsyncClient, crate: str, watched: Watched) -> None:
    """A label that another crate has is no matter of this crate's lifecycle; nor is a stale version."""
    taken = await client.post(f"{crate}/label", json={"words": "taken"})
    stale = await client.post(f"{crate}/seal", json=BY_BEA, headers={"If-Match": '"1"'})
    assert (taken.status_code, stale.status_code) == (409, 412)
    assert watched.asked == []
    assert "allowed" not in taken.json() | stale.json()


async def test_a_router_that_cannot_be_asked_refuses_without(url: str) -> None:
    """Its cases allow what they allow, and it does not say."""
    async with crates_app(url) as app, calling(app) as client:
        path = (await client.post("/v1/crates", json=BY_ADA)).headers["location"]
        await client.post(f"{path}/seal", json=BY_ADA)
        assert "allowed" not in await refused(client, path)


async def test_the_row_is_free_while_the_case_is_asked(url: str) -> None:
    """Another may act on the case meanwhile, and a refusal holds nobody up."""
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def slow(*_: object) -> list[str]:
        entered.set()
        await go_on.wait()
        return []

    async with crates_app(url, slow) as app, calling(app) as client:
        path = (await client.post("/v1/crates", json=BY_ADA)).headers["location"]
        await client.post(f"{path}/seal", json=BY_ADA)
        refusing = asyncio.create_task(refused(client, path))
        await entered.wait()
        async with asyncio.timeout(5):
            assert (await client.post(f"{path}/label", json={"words": "fragile"})).status_code == 201
        go_on.set()
        assert (await refusing)["allowed"] == []


async def test_two_who_act_at_once_are_told_what_the_first_has_left(url: str) -> None:
    """The second waits for the row, is refused, and reads the case as the first has committed it."""
    watched = Watched()
    async with crates_app(url, watched) as app, calling(app) as client:
        database: Database = app.state.resources.database
        path = (await client.post("/v1/crates", json=BY_ADA)).headers["location"]

        async def seal() -> httpx.Response:
            return await client.post(f"{path}/seal", json=BY_ADA)

        async with locked_row(database, path.rpartition("/")[2]):
            both = [asyncio.create_task(seal()) for _ in range(2)]
            await eventually(lambda: is_waited_for(database))
        first, second = sorted([await each for each in both], key=lambda answer: answer.status_code)
    assert (first.status_code, second.status_code) == (201, 409)
    assert second.json()["allowed"] == ["handler/Ada", "label", "opening"]
