"""The order at the door of every route: caller, body, stored answer, model, endpoint."""

import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import httpx
import pytest
from fastapi import FastAPI

from shared.app_state import AppState
from shared.db.engine import Database
from tests.gateway.serving import served
from tests.shared.example.api import router
from tests.shared.http.crates import Words, crates_app
from tests.shared.http.doorstep import ask, first_line
from tests.shared.permits_app import REQUEST, calling, headers, permits_app, requested
from tests.shared.stored import count, rows

ON = "/v1/permits"
CASE = f"{ON}/PER-QJPJ-VQEP"
PHOTO = "/v1/crates/PER-QJPJ-VQEP/photo"
JSON = {"Content-Type": "application/json"}
TEXT = {"Content-Type": "text/plain"}
PNG = {"Content-Type": "image/png"}
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
HUGE = {"Content-Length": str(1024**3)}
LIMIT = 1024 * 1024
OFFICER, RESIDENT, OPS = headers(), headers("sam", "resident"), headers("watch", "ops")
NONSENSE = {"Authorization": "Bearer nonsense"}


def pointers(answer: httpx.Response) -> list[str]:
    """The fields that an answer says cannot be right."""
    assert answer.status_code == 422, answer.text
    return [error["pointer"] for error in answer.json()["errors"]]


@pytest.fixture
async def doors(database_for: Callable[[str], Awaitable[str]]) -> AsyncIterator[FastAPI]:
    """The routes of permits, and those of crates, one of which takes photos."""
    async with crates_app(await database_for("permits")) as app:
        app.include_router(router)
        yield app


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        (ON, JSON, 401),
        (ON, {**NONSENSE, **JSON}, 401),
        (ON, {**TEXT, **HUGE}, 401),
        (ON, {**OPS, **JSON}, 403),
        (ON, {**OPS, **TEXT, **HUGE}, 403),
        (f"{CASE}/issue", {**RESIDENT, **JSON}, 403),
        (PHOTO, {**OPS, **PNG}, 403),
        (ON, {**OFFICER, **TEXT}, 415),
        (ON, {**OFFICER, **TEXT, **HUGE}, 415),
        (PHOTO, {**OFFICER, **JSON, **HUGE}, 415),
        (PHOTO, OFFICER, 415),
        (ON, {**OFFICER, **JSON, **HUGE}, 413),
        (ON, {**OFFICER, **JSON, "Content-Length": str(LIMIT + 1)}, 413),
        (PHOTO, {**OFFICER, **PNG, **HUGE}, 413),
        (f"{CASE}/issue", {**OFFICER, **JSON, **HUGE, "If-Match": "nonsense"}, 413),
    ],
)
async def test_a_request_is_refused_before_its_body_is_sent(
    doors: FastAPI, path: str, sent: Mapping[str, str], status: int
) -> None:
    """A body that never comes delays nothing that can be said without it, and is not asked for."""
    answer = await ask(doors, path, sent)
    assert (answer.status, answer.asked_for_the_body) == (status, False)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "sent"), [(ON, {**OFFICER, **JSON}), (ON, OFFICER), (PHOTO, {**OFFICER, **PNG})]
)
async def test_whoever_may_send_is_waited_for(doors: FastAPI, path: str, sent: Mapping[str, str]) -> None:
    """Without this the test before would show nothing."""
    with pytest.raises(TimeoutError):
        await ask(doors, path, sent, seconds=0.2)


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        (JSON, "HTTP/1.1 401"),
        ({**OPS, **JSON}, "HTTP/1.1 403"),
        ({**OFFICER, **TEXT}, "HTTP/1.1 415"),
        ({**OFFICER, **JSON}, "HTTP/1.1 100"),
    ],
)
async def test_a_client_that_asks_first_is_told_to_keep_its_body(
    app: FastAPI, sent: Mapping[str, str], line: str
) -> None:
    """Over a real socket: `Expect: 100-continue` is answered with the refusal, or with the word to go on."""
    async with served(app) as url:
        assert (await first_line(url, ON, sent)).startswith(line)


@pytest.mark.parametrize(
    "media_type",
    ["application/json", "application/json; charset=utf-8", "Application/JSON", "application/problem+json"],
)
async def test_json_is_taken_by_each_of_its_names(shared_client: httpx.AsyncClient, media_type: str) -> None:
    """With parameters, in capitals, and of a dialect that is JSON still."""
    answer = await shared_client.post(ON, content=b"[]", headers={"Content-Type": media_type})
    assert pointers(answer) == [""]


@pytest.mark.parametrize(
    "media_type", ["text/json", "application/jsonp", "multipart/form-data; boundary=x", ""]
)
async def test_what_is_no_json_is_not_read_as_any(shared_client: httpx.AsyncClient, media_type: str) -> None:
    """Whatever it holds: a form that another site has sent is taken for nothing."""
    sent = {"Content-Type": media_type}
    assert (await shared_client.post(ON, json=REQUEST, headers=sent)).status_code == 415


async def test_a_compressed_body_is_refused(shared_client: httpx.AsyncClient) -> None:
    """Nobody could say how large it becomes (RFC 9110 section 15.5.16 tells what may be sent instead)."""
    sent = {**JSON, "Content-Encoding": "gzip"}
    answer = await shared_client.post(ON, content=gzip.compress(json.dumps(REQUEST).encode()), headers=sent)
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "identity")
    plain = {**JSON, "Content-Encoding": "identity"}
    assert (await shared_client.post(ON, json=REQUEST, headers=plain)).status_code == 201


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
async def test_json_is_taken_in_any_encoding(shared_client: httpx.AsyncClient, encoding: str) -> None:
    """Some programs write a byte order mark before it."""
    content = json.dumps({**REQUEST, "channel": "nonsense"}).encode(encoding)
    assert pointers(await shared_client.post(ON, content=content, headers=JSON)) == ["/channel"]


async def test_half_a_letter_is_its_fields_fault(shared_client: httpx.AsyncClient) -> None:
    """JSON can escape half of a surrogate pair; the answer says where."""
    content = json.dumps({**REQUEST, "description": "cut \ud83d"}).encode()
    assert pointers(await shared_client.post(ON, content=content, headers=JSON)) == ["/description"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
async def test_no_encoding_makes_types_convertible(shared_client: httpx.AsyncClient, encoding: str) -> None:
    """Nor does half a letter in another field: what is read another way is validated the same way."""
    wrong = {**REQUEST, "description": "cut \ud83d", "imported": "off", "received_at": 1700000000}
    answer = await shared_client.post(ON, content=json.dumps(wrong).encode(encoding), headers=JSON)
    assert sorted(pointers(answer)) == ["/description", "/imported", "/received_at"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_a_key_may_stand_once_in_an_object(shared_client: httpx.AsyncClient, encoding: str) -> None:
    """Somebody on the way may have judged the first, and we would keep the last; the key is not said back."""
    content = json.dumps(REQUEST)[:-1] + ', "Zzyzx": 1, "Zzyzx": 1}'
    answer = await shared_client.post(ON, content=content.encode(encoding), headers=JSON)
    assert pointers(answer) == [""]
    assert "twice" in answer.text
    assert "Zzyzx" not in answer.text


async def test_a_body_of_nothing_may_be_of_any_type(
    database_for: Callable[[str], Awaitable[str]],
) -> None:
    """Clients name a type although they send nothing: `curl -d ''` a form, and a browser plain text."""
    async with crates_app(await database_for("permits")) as app, calling(app) as client:
        answer = await client.post("/v1/crates/notes", content=b"", headers=TEXT)
    assert answer.json() == {"words": "nothing was said"}


async def test_a_body_needs_a_content_type_and_none_needs_none(shared_client: httpx.AsyncClient) -> None:
    """A POST without a body has nothing to be of a type; the model says whether that will do."""
    assert (await shared_client.post(ON, content=b"{}")).status_code == 415
    assert pointers(await shared_client.post(ON)) == [""]


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 422), (LIMIT + 1, 413)])
async def test_a_body_may_be_as_long_as_the_limit(
    shared_client: httpx.AsyncClient, size: int, status: int
) -> None:
    """To the byte."""
    answer = await shared_client.post(ON, content=b" " * (size - 2) + b"[]", headers=JSON)
    assert answer.status_code == status


async def test_a_body_of_no_known_length_is_left_at_the_limit(shared_client: httpx.AsyncClient) -> None:
    """Sent in chunks, it is read no further than shows that it is too long."""
    chunk, sent = b" " * (LIMIT // 4), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield chunk

    assert (await shared_client.post(ON, content=endless(), headers=JSON)).status_code == 413
    assert sent == 5


@pytest.mark.parametrize(
    "wrong", [b"{", b"nonsense", b"[1,]", b"\xff\xfe", b'{"a": NaN}', b"-Infinity", b"{} {}"]
)
async def test_what_is_no_json_is_said_to_be_none(shared_client: httpx.AsyncClient, wrong: bytes) -> None:
    """The body is refused as a whole; it has no field to point at."""
    answer = await shared_client.post(ON, content=wrong, headers=JSON)
    assert pointers(answer) == [""]
    assert answer.json()["detail"] == "The body is no well-formed JSON."


async def test_json_is_checked_before_the_stored_answer(
    client: httpx.AsyncClient, database: Database
) -> None:
    """A key that was used answers no request that is none."""
    await client.post(ON, json=REQUEST, headers=KEY)
    answer = await client.post(ON, content=b'{"channel": ', headers={**KEY, **JSON})
    assert pointers(answer) == [""]
    assert await count(database, "permits") == 1


async def test_the_stored_answer_comes_before_the_model(client: httpx.AsyncClient) -> None:
    """A key that was used with another request is told so, whatever else is wrong with this one."""
    wrong = {**REQUEST, "channel": "nonsense"}
    assert pointers(await client.post(ON, json=wrong, headers=KEY)) == ["/channel"]
    assert (await client.post(ON, json=REQUEST, headers=KEY)).status_code == 201
    assert pointers(await client.post(ON, json=wrong, headers=KEY)) == ["/idempotency-key"]


async def test_what_was_answered_stays_answered_when_the_model_has_changed(
    database_for: Callable[[str], Awaitable[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that repeats its request after an upgrade is told what it was told before."""
    async with crates_app(await database_for("permits")) as app, calling(app) as client:
        first = await client.post("/v1/crates", json={"words": "Ada"}, headers=KEY)
        monkeypatch.setattr(Words, "most", 2)
        assert pointers(await client.post("/v1/crates", json={"words": "Ada"})) == [""]
        again = await client.post("/v1/crates", json={"words": "Ada"}, headers=KEY)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_body_and_a_query_that_are_wrong_are_told_together(client: httpx.AsyncClient) -> None:
    """Whoever mends the one would else be told of the other next."""
    answer = await client.post(f"{ON}/{'x' * 50}/issue", json={"occurred_at": 7})
    assert sorted(pointers(answer)) == ["/occurred_at", "/reference"]


async def test_a_body_with_a_default_may_be_left_out(
    database_for: Callable[[str], Awaitable[str]],
) -> None:
    """Then it has no type either."""
    async with crates_app(await database_for("permits")) as app, calling(app) as client:
        without, with_body = [
            await client.post("/v1/crates/notes", json=body) for body in (None, {"words": "x"})
        ]
    assert (without.json(), with_body.json()) == ({"words": "nothing was said"}, {"words": "x"})


async def test_nobody_at_the_door_waits_for_the_database(
    database_for: Callable[[str], Awaitable[str]],
) -> None:
    """Every connection is taken; what can be refused without one is refused at once, and nothing else."""
    async with permits_app(await database_for("permits"), pool_size=1, pool_timeout=60.0) as app:
        state: AppState = app.state.resources
        async with state.database.engine.connect():
            for sent, status in (
                (JSON, 401),
                ({**OPS, **JSON}, 403),
                ({**OFFICER, **TEXT}, 415),
                ({**OFFICER, **JSON, **HUGE}, 413),
            ):
                assert (await ask(app, ON, sent, seconds=2)).status == status


async def test_one_request_is_one_commit(client: httpx.AsyncClient, database: Database) -> None:
    """The case and its history are there by the time of the answer: nothing is left to be done after it."""
    answer = (await requested(client)).json()
    told = await rows(database, "SELECT reference, max(sequence) FROM events GROUP BY reference")
    assert told == [(answer["reference"], answer["version"])]
