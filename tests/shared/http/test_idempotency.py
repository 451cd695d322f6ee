"""Idempotency-Key: a caller who does not know whether it worked asks again, and nothing happens twice."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from shared.db.engine import Database
from shared.db.stored_answers import forget_expired, lock
from shared.db.tables import idempotency_keys
from shared.db.transaction import transaction
from tests.shared.permits_app import OTHER_ISSUER, REQUEST, calling, headers, permits_app, requested
from tests.shared.stored import count, fail_on_insert, is_waited_for, locked_row, mend
from tests.support.eventually import eventually

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


async def report(
    client: httpx.AsyncClient, changes: dict[str, Any] | None = None, **more: str
) -> httpx.Response:
    """Report a repair with the key, and with these further headers."""
    return await client.post("/v1/permits", json={**REQUEST, **(changes or {})}, headers=KEY | more)


async def test_the_first_answer_is_given_again(client: httpx.AsyncClient, database: Database) -> None:
    """Same key, same body: same status, body, Location and ETag, marked as a replay, and one case."""
    first, second = await report(client), await report(client)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    for name in ("location", "etag", "content-type"):
        assert second.headers[name] == first.headers[name]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert await count(database, "permits") == 1
    assert await count(database, "events") == first.json()["version"]


def is_new(answer: httpx.Response) -> bool:
    """Tell whether it is the first answer of its key."""
    return answer.status_code == 201 and "idempotent-replayed" not in answer.headers


async def send(client: httpx.AsyncClient, path: str, body: str) -> httpx.Response:
    """Post these very characters with the key."""
    sent = KEY | {"Content-Type": "application/json"}
    return await client.post(path, content=body.encode(), headers=sent)


async def test_the_same_values_are_the_same_request(client: httpx.AsyncClient, database: Database) -> None:
    """A library that orders keys otherwise, or leaves out blanks and escapes, sends what it sent before."""
    said = {**REQUEST, "description": "It drips – for two days."}
    first = await send(client, "/v1/permits", json.dumps(said, indent=2))
    turned = dict(reversed(said.items()))
    again = await send(client, "/v1/permits", json.dumps(turned, ensure_ascii=False, separators=(",", ":")))
    assert (first.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert await count(database, "permits") == 1


@pytest.mark.parametrize("description", ['"\\ud83d"', "18446744073709551616", "1e999", '"\\u0000"'])
async def test_a_value_that_few_can_write_is_its_fields_fault(
    client: httpx.AsyncClient, description: str
) -> None:
    """Half a letter, an integer of 65 bits, a number beyond all numbers: with a key as without."""
    body = json.dumps(REQUEST).replace(json.dumps(REQUEST["description"]), description)
    answer = await send(client, "/v1/permits", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/description")


async def test_an_answer_kept_by_the_bytes_of_its_request_is_replayed(
    client: httpx.AsyncClient, database: Database
) -> None:
    """All were kept so before bodies were compared by value; an import goes on after the upgrade."""
    body = json.dumps(REQUEST, indent=2)
    first = await send(client, "/v1/permits", body)
    to_the_byte = hashlib.sha256(f"POST /v1/permits\n{body}".encode()).digest()
    async with transaction(database) as session:
        await session.execute(update(idempotency_keys).values(fingerprint=to_the_byte))
    assert (await send(client, "/v1/permits", body)).content == first.content
    assert (await send(client, "/v1/permits", json.dumps(REQUEST))).status_code == 422


async def test_a_key_with_another_body_is_refused(client: httpx.AsyncClient, database: Database) -> None:
    """It is a mistake of the caller, and neither answer would be right."""
    await report(client)
    answer = await report(client, {"description": "Another thing."})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/idempotency-key"
    assert await count(database, "permits") == 1


async def test_a_key_with_another_path_is_refused(client: httpx.AsyncClient) -> None:
    """The same words about another case are another request."""
    one, other = [(await requested(client)).json()["reference"] for _ in range(2)]
    assert (await client.post(f"/v1/permits/{one}/issue", json={}, headers=KEY)).status_code == 201
    assert (await client.post(f"/v1/permits/{other}/issue", json={}, headers=KEY)).status_code == 422


async def test_while_the_first_request_runs_the_second_is_told_so(
    client: httpx.AsyncClient, database: Database
) -> None:
    """409, and not a second try at the same work; afterwards the answer is there for both."""
    case = (await requested(client)).json()["reference"]

    async def issue() -> httpx.Response:
        return await client.post(f"/v1/permits/{case}/issue", json={}, headers=KEY)

    async with locked_row(database, case):
        first = asyncio.create_task(issue())
        await eventually(lambda: is_waited_for(database))
        assert (await issue()).status_code == 409
    assert (await first).status_code == 201
    replayed = await issue()
    assert (replayed.status_code, replayed.json()) == (201, (await first).json())


async def test_twenty_requests_at_once_do_the_work_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    """Each is answered 201 with the same case, or 409 while that was being made."""
    answers = await asyncio.gather(*(report(client) for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len([answer for answer in answers if is_new(answer)]) == 1
    assert len({answer.json()["reference"] for answer in answers if answer.status_code == 201}) == 1
    assert await count(database, "permits") == 1


async def test_a_creation_whose_key_is_held_is_told_so(client: httpx.AsyncClient, database: Database) -> None:
    """By a request of another process; one without a key, or with another, is served meanwhile."""
    async with transaction(database) as session:
        assert await lock(session, "officer-7", KEY["Idempotency-Key"])
        held, free, without = await asyncio.gather(
            report(client),
            client.post("/v1/permits", json=REQUEST, headers={"Idempotency-Key": "another"}),
            client.post("/v1/permits", json=REQUEST),
        )
    assert [answer.status_code for answer in (held, free, without)] == [409, 201, 201]
    assert is_new(await report(client))


async def test_a_key_belongs_to_its_caller(client: httpx.AsyncClient, database: Database) -> None:
    """Two front ends may count alike; one must never see the other's answer."""
    mine = await report(client, None, **headers("resident-1", "resident"))
    theirs = await report(client, None, **headers("resident-2", "resident"))
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["reference"] != theirs.json()["reference"]
    assert await count(database, "permits") == 2


async def test_a_key_belongs_to_its_callers_issuer_too(client: httpx.AsyncClient, database: Database) -> None:
    """A person at the council's sign-in may be named as one of our machine clients is."""
    mine = await report(client, None, **headers("sam", "resident"))
    theirs = await report(client, None, **headers("sam", "resident", issuer=OTHER_ISSUER))
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["reference"] != theirs.json()["reference"]
    assert await count(database, "permits") == 2


async def test_a_case_belongs_to_its_residents_issuer_too(client: httpx.AsyncClient) -> None:
    """A subject names one person only together with the sign-in that vouches for it."""
    sam, other = headers("sam", "resident"), headers("sam", "resident", issuer=OTHER_ISSUER)
    mine, theirs = [(await report(client, None, **by)).json()["reference"] for by in (sam, other)]
    for by, own, anothers in ((sam, mine, theirs), (other, theirs, mine)):
        listed = (await client.get("/v1/permits", headers=by)).json()["items"]
        assert [case["reference"] for case in listed] == [own]
        assert (await client.get(f"/v1/permits/{anothers}", headers=by)).status_code == 404


async def test_an_answer_from_before_standings_were_kept_is_replayed(
    client: httpx.AsyncClient, database: Database
) -> None:
    """An import that was begun before this version goes on after it, and brings no row over twice."""
    first = await report(client)
    async with transaction(database) as session:
        await session.execute(update(idempotency_keys).values(standing=None))
    assert (await report(client)).json() == first.json()
    assert await count(database, "permits") == 1


async def test_a_refusal_is_not_kept(client: httpx.AsyncClient) -> None:
    """Nothing was done, so the same key may come again, even with what was wrong put right."""
    assert (await report(client, {"received_at": "2999-01-01T00:00:00Z"})).status_code == 422
    assert (await report(client)).status_code == 201


async def test_the_key_and_the_work_are_committed_together(
    client: httpx.AsyncClient, database: Database
) -> None:
    """A commit that fails leaves neither a case nor an answer, and the next try starts afresh."""
    await fail_on_insert(database, "events", "RAISE EXCEPTION 'disk on fire';", at_commit=True)
    assert (await report(client)).status_code == 500
    assert (await count(database, "permits"), await count(database, "idempotency_keys")) == (0, 0)
    await mend(database)
    again = await report(client)
    assert (again.status_code, again.headers.get("idempotent-replayed")) == (201, None)


async def test_answers_are_forgotten_after_two_days(client: httpx.AsyncClient, database: Database) -> None:
    """The contract says 24 hours or more."""
    first = await report(client)
    await forget(database, after=timedelta(hours=47))
    assert (await report(client)).json() == first.json()
    await forget(database, after=timedelta(hours=49))
    assert (await report(client)).json()["reference"] != first.json()["reference"]


async def test_the_answer_about_an_imported_case_is_kept_for_good(
    client: httpx.AsyncClient, database: Database
) -> None:
    """An import that is run again next year must not bring the same rows over twice."""
    imported = {"imported": True, "received_at": "2024-02-01T10:00:00Z"}
    importer = headers(scope="import")
    first = await report(client, imported, **importer)
    await forget(database, after=timedelta(days=3650))
    assert (await report(client, imported, **importer)).json() == first.json()
    assert await count(database, "permits") == 1


async def forget(database: Database, after: timedelta) -> None:
    async with transaction(database) as session:
        await forget_expired(session, datetime.now(UTC) + after, limit=100)


@pytest.mark.parametrize(("length", "status"), [(0, 422), (1, 201), (255, 201), (256, 422)])
async def test_a_key_has_1_to_255_characters(client: httpx.AsyncClient, length: int, status: int) -> None:
    """Whatever they are."""
    answer = await client.post("/v1/permits", json=REQUEST, headers={"Idempotency-Key": "k" * length})
    assert answer.status_code == status


async def test_without_a_token_a_key_shows_nothing(client: httpx.AsyncClient) -> None:
    """Whoever guesses a key learns nothing from it."""
    await report(client)
    client.headers.pop("authorization")
    assert (await report(client)).status_code == 401


async def test_a_slow_sender_holds_no_connection_while_it_sends(
    database_for: Callable[[str], Awaitable[str]],
) -> None:
    """With a pool of one, a body that takes for ever to arrive keeps nobody else from being served."""
    arriving = asyncio.Event()

    async def slowly() -> Any:
        yield b'{"property":'
        arriving.set()
        await asyncio.Event().wait()

    async with (
        permits_app(await database_for("permits"), pool_size=1, pool_timeout=0.5) as app,
        calling(app) as client,
    ):
        slow = asyncio.create_task(client.post("/v1/permits", content=slowly(), headers=KEY))
        await arriving.wait()
        for _ in range(3):
            await requested(client)
        slow.cancel()
