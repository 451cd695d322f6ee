"""One request, one transaction: If-Match, ETags, and what is tried again when chance was against it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI, Request, Response

from shared.caller import Caller
from shared.db.engine import Database
from shared.http.auth import requires
from shared.http.health import Health
from shared.http.routes import TRIES, Now, Running, Session, TransactionalRoute
from shared.references import new_reference
from tests.shared.repairs_app import REPORT, reported
from tests.shared.stored import count, fail_on_insert, rows


async def assign(client: httpx.AsyncClient, case: str, firm: str = "Fixit", **headers: str) -> httpx.Response:
    """Give a job to a firm."""
    return await client.post(f"/v1/repairs/{case}/assignment", json={"contractor": firm}, headers=headers)


async def test_of_fifty_writers_who_read_the_same_version_one_wins(
    client: httpx.AsyncClient, database: Database
) -> None:
    """Forty-nine are told 412 and have changed nothing; the case and its history agree on who won."""
    first = await reported(client)
    case, version = first.json()["reference"], {"If-Match": first.headers["etag"]}
    answers = await asyncio.gather(*(assign(client, case, f"Firm {n}", **version) for n in range(50)))
    assert sorted(answer.status_code for answer in answers) == [201] + [412] * 49
    winner = next(answer.json() for answer in answers if answer.status_code == 201)
    told = "SELECT sequence, facts ->> 'contractor' FROM events WHERE facts ->> 'contractor' IS NOT NULL"
    assert await rows(database, told) == [(first.json()["version"] + 1, winner["contractor"])]
    assert (await client.get(f"/v1/repairs/{case}")).json()["contractor"] == winner["contractor"]


async def test_fifty_writers_who_name_no_version_come_one_after_the_other(
    client: httpx.AsyncClient, database: Database
) -> None:
    """Each takes the case's lock, so the history has no gap and no number twice."""
    before = (await reported(client)).json()
    answers = await asyncio.gather(*(assign(client, before["reference"], f"Firm {n}") for n in range(50)))
    assert {answer.status_code for answer in answers} == {201}
    told = await rows(database, "SELECT sequence FROM events ORDER BY sequence")
    assert told == [(number,) for number in range(1, before["version"] + 51)]


async def test_every_answer_about_a_case_carries_its_version(client: httpx.AsyncClient) -> None:
    """The ETag goes up with every act, and reading shows the same one."""
    first = await reported(client)
    case = first.json()["reference"]
    version = first.json()["version"]
    assert first.headers["etag"] == f'"{version}"'
    assert first.headers["location"] == f"/v1/repairs/{case}"
    assert (await assign(client, case)).headers["etag"] == f'"{version + 1}"'
    assert (await client.get(f"/v1/repairs/{case}")).headers["etag"] == f'"{version + 1}"'


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ('"{}"', 201),
        ('W/"{}"', 201),
        ("*", 201),
        (' "{}" ', 201),
        ('"{}1"', 412),
        ('"0"', 412),
        ('"999999999"', 412),
        ('"99999999999999999999"', 412),
        ('""', 412),
        ('"one"', 412),
        ('"-1"', 412),
        ('"one", "0"', 412),
        ('"one", "{}"', 201),
        ("{}", 422),
        ('"{}', 422),
        ('"{}" "2"', 422),
    ],
)
async def test_if_match_takes_an_etag_of_ours(
    shared_client: httpx.AsyncClient, given: str, status: int
) -> None:
    """A version that is no more, or never was, is 412 (RFC 9110, section 13.1.1); what is no ETag is 422."""
    case = (await reported(shared_client)).json()
    etag = given.format(case["version"])
    answer = await assign(shared_client, case["reference"], **{"If-Match": etag})
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["errors"][0]["pointer"] == "/if-match"


async def test_a_reference_that_happened_to_exist_is_drawn_again(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty-five random bits do collide one day; the caller does not notice."""
    taken = (await reported(client)).json()["reference"]
    draws = iter([taken, taken])
    monkeypatch.setattr(
        "services.repairs.service.new_reference", lambda prefix: next(draws, None) or new_reference(prefix)
    )
    second = await client.post("/v1/repairs", json=REPORT, headers={"Idempotency-Key": "k"})
    assert second.status_code == 201
    assert second.json()["reference"] != taken
    assert await count(database, "repairs") == 2


async def test_a_deadlock_is_tried_again(client: httpx.AsyncClient, database: Database) -> None:
    """The database picks a victim by chance; its work succeeds at the next try, and is done once."""
    unlucky = f"IF nextval('tries') < {TRIES} THEN RAISE EXCEPTION USING ERRCODE = '40P01'; END IF;"
    await fail_on_insert(database, "repairs", unlucky)
    version = (await reported(client)).json()["version"]
    assert (await count(database, "repairs"), await count(database, "events")) == (1, version)


async def test_who_is_unlucky_each_time_is_asked_to_come_back(
    client: httpx.AsyncClient, database: Database
) -> None:
    """It is the database's trouble and will pass: 503 with Retry-After, not 500."""
    await fail_on_insert(database, "repairs", "RAISE EXCEPTION USING ERRCODE = '40001';")
    answer = await client.post("/v1/repairs", json=REPORT)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert await count(database, "repairs") == 0


Anyone = Annotated[Caller, Depends(requires())]


async def _told(request: Request, response: Response, caller: Anyone, session: Session, now: Now) -> Health:
    """What a route may ask for."""
    assert request.state.session is session
    return Health(status=f"{response.status_code} {caller.subject} {now.isoformat()}")


async def _alone(running: Running) -> Health:
    """A route that asks for nothing but what every one has."""
    return Health(status=running.service)


@pytest.mark.parametrize(("endpoint", "asked"), [(_told, {"caller"}), (_alone, set())])
def test_fastapi_solves_only_what_differs_from_route_to_route(
    endpoint: Callable[..., Awaitable[Health]], asked: set[str]
) -> None:
    """Session, resources and time come from us; what the document shows of the route stays as it was."""
    route = TransactionalRoute("/told", endpoint, methods=["GET"])
    assert {further.name for further in route.dependant.dependencies} == asked
    assert (route.name, route.response_model) == (endpoint.__name__, Health)
    assert route.description == endpoint.__doc__


async def test_a_route_gets_what_it_asks_for_of_us(app: FastAPI, client: httpx.AsyncClient) -> None:
    """By name, whichever of them it names, and the request itself where it wants that too."""
    for path, endpoint in (("/told", _told), ("/alone", _alone)):
        app.router.add_api_route(path, endpoint, route_class_override=TransactionalRoute)
    assert (await client.get("/alone")).json() == {"status": "repairs"}
    assert (await client.get("/told")).json()["status"].startswith("None officer-7 20")
