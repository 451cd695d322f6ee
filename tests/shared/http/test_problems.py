"""Everything that goes wrong is a problem document: the same form, a trace, and nothing that was sent in."""

import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from shared.db.engine import Database
from shared.db.tables import events
from shared.db.transaction import transaction
from shared.http.problems import TYPE_BASE, InvalidFields
from tests.shared.permits_app import REQUEST, calling, headers, permits_app, requested
from tests.shared.stored import fail_on_insert

SENT = "Zzyzx"  # stands in every input below, and in no answer
NUL = "\0"
ON = "/v1/permits"
AS_JSON = {"content-type": "application/json"}
MIB = 1024 * 1024


def assert_is_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The form that every refusal has."""
    document: dict[str, Any] = answer.json()
    assert answer.status_code == document["status"] == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert document["type"].startswith(TYPE_BASE)
    assert document["title"]
    assert document["detail"]
    assert document["trace_id"] == answer.headers["x-request-id"]
    assert SENT not in answer.text
    assert set(document) <= {"type", "title", "status", "detail", "trace_id", "errors", "allowed"}
    return document


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", f"/v1/{SENT}", {}, 404),
        ("GET", "/", {}, 404),
        ("DELETE", ON, {}, 405),
        ("GET", ON, {"headers": {"Authorization": f"Bearer {SENT}"}}, 401),
        ("GET", ON, {"headers": headers(role="ops")}, 403),
        ("GET", f"{ON}/{SENT}", {}, 404),
        ("GET", f"{ON}/PER-0000-0000", {}, 404),
        ("GET", f"{ON}/PER-0000-000{SENT}", {}, 404),
        ("GET", f"{ON}/{'x' * 50}", {}, 422),
        ("GET", ON, {"params": {"cursor": SENT}}, 422),
        ("GET", ON, {"params": {"limit": "1000"}}, 422),
        ("GET", ON, {"params": {"status": SENT}}, 422),
        ("POST", f"{ON}/PER-0000-0000/issue", {"json": {}}, 404),
        ("POST", ON, {"content": b"{" + SENT.encode()}, 415),
        ("POST", ON, {"content": b"{" + SENT.encode(), "headers": AS_JSON}, 422),
        ("POST", ON, {"content": b"{}", "headers": {"content-type": f"text/{SENT}"}}, 415),
        ("POST", ON, {"content": b"\xff\xff", "headers": AS_JSON}, 422),
        ("POST", ON, {"content": b"9" * (MIB + 1), "headers": AS_JSON}, 413),
        ("POST", ON, {"content": b""}, 422),
        ("POST", ON, {"json": [SENT]}, 422),
        ("POST", ON, {"json": {**REQUEST, "description": SENT + NUL}}, 422),
        ("POST", ON, {"json": {**REQUEST, "received_at": "2999-01-01T00:00:00Z"}}, 422),
    ],
)
async def test_whatever_is_wrong_is_answered_with_a_problem(
    shared_client: httpx.AsyncClient, method: str, path: str, more: dict[str, Any], status: int
) -> None:
    """The status says of what kind, and no answer repeats what was sent."""
    assert_is_problem(await shared_client.request(method, path, **more), status)


async def test_dates_beyond_the_calendar_are_no_accident_of_ours(
    client: httpx.AsyncClient, database: Database
) -> None:
    """A case whose history leads there, however it came about, is answered with a reason and not with 500."""
    reference = (await requested(client)).json()["reference"]
    async with transaction(database) as session:
        await session.execute(update(events).values(occurred_at=datetime(2150, 6, 1, 9, tzinfo=UTC)))
    document = assert_is_problem(await client.get(f"{ON}/{reference}"), 422)
    assert "1990 to 2100" in document["detail"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"channel": None}, "/channel"),
        ({"description": ""}, "/description"),
        ({"description": 7}, "/description"),
        ({"channel": SENT}, "/channel"),
        ({"received_at": SENT}, "/received_at"),
        ({"received_at": "2026-11-23T09:30:00"}, "/received_at"),
        ({"contact": {"email": f"{SENT}@@{SENT}"}}, "/contact/email"),
        ({"contact": {"name": SENT}}, "/contact"),
        ({"contact": {"phone": "1"}}, "/contact/phone"),
        ({f"misspelt-{SENT}": 1}, ""),
    ],
)
async def test_a_field_that_cannot_be_right_is_pointed_at(
    shared_client: httpx.AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    """RFC 6901 pointers into what was sent, each with a reason in plain words."""
    answer = await shared_client.post(ON, json={**REQUEST, **changes})
    [error] = assert_is_problem(answer, 422)["errors"]
    assert error["pointer"] == pointer
    assert error["detail"]
    assert "Value error" not in error["detail"]


async def test_every_wrong_field_is_named_at_once(shared_client: httpx.AsyncClient) -> None:
    """Nobody wants to be told of them one at a time."""
    answer = await shared_client.post(ON, json={**REQUEST, "received_at": SENT, "channel": SENT})
    errors = assert_is_problem(answer, 422)["errors"]
    assert {error["pointer"] for error in errors} == {"/received_at", "/channel"}


async def test_json_that_breaks_off_is_pointed_at_as_a_whole(shared_client: httpx.AsyncClient) -> None:
    """The place where reading stopped is no pointer."""
    answer = await shared_client.post(ON, content=b'{"fault": ', headers=AS_JSON)
    assert [error["pointer"] for error in assert_is_problem(answer, 422)["errors"]] == [""]


async def test_refusals_tell_a_program_what_to_do(client: httpx.AsyncClient) -> None:
    """A refusal says how to authenticate, which methods there are, which acts the case allows."""
    assert (await client.delete(ON)).headers["allow"]
    case = (await client.post(ON, json=REQUEST)).json()["reference"]
    await client.post(f"{ON}/{case}/issue", json={})
    late = await client.post(f"{ON}/{case}/issue", json={})
    assert assert_is_problem(late, 409)["allowed"] == []
    client.headers.pop("authorization")
    assert (await client.get(ON)).headers["www-authenticate"] == "Bearer"


async def test_what_nobody_foresaw_is_a_problem_without_a_word_of_it(
    client: httpx.AsyncClient, database: Database
) -> None:
    """500, findable in the log by its trace, and neither SQL nor stack nor anybody's address in it."""
    await fail_on_insert(database, "permits", f"RAISE EXCEPTION 'Key (email)=({SENT}) exists';")
    answer = await client.post(ON, json=REQUEST, headers={"X-Request-ID": "call-17"})
    document = assert_is_problem(answer, 500)
    assert document["trace_id"] == "call-17"
    assert "INSERT" not in json.dumps(document)


async def test_a_mistake_of_ours_is_a_problem_without_a_word_of_it_too(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Starlette answers those outside of all middleware, where the request id is already forgotten."""
    nothing: dict[str, str] = {}
    monkeypatch.setattr("shared.cases.opening.new_reference", lambda _: nothing[SENT])
    answer = await client.post(ON, json=REQUEST, headers={"X-Request-ID": "call-18"})
    assert assert_is_problem(answer, 500)["trace_id"] == "call-18"


async def test_a_pool_that_is_exhausted_asks_callers_to_come_back(
    database_for: Callable[[str], Awaitable[str]],
) -> None:
    """503 with Retry-After within the pool's timeout; the next moment it serves again."""
    url = await database_for("permits")
    async with permits_app(url, pool_size=2, pool_timeout=0.3) as app, calling(app) as client:
        database: Database = app.state.resources.database
        async with AsyncExitStack() as hogs:
            for _ in range(2):
                session = await hogs.enter_async_context(transaction(database))
                await session.connection()
            answer = await client.post(ON, json=REQUEST)
            assert_is_problem(answer, 503)
            assert answer.headers["retry-after"] == "2"
        assert (await client.post(ON, json=REQUEST)).status_code == 201


def test_a_hundred_fields_are_told_at_most_each_once() -> None:
    """A body of a megabyte may have any number of wrong ones; how many there are is said."""
    wrong = [{"type": "missing", "loc": ("body", "points", n), "msg": "Field required"} for n in range(300)]
    refused = InvalidFields([*wrong, *wrong])
    assert refused.detail.startswith("300 field(s)")
    told = refused.members()["errors"]
    assert isinstance(told, list)
    assert [error["pointer"] for error in told] == [f"/points/{number}" for number in range(100)]
