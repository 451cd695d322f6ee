"""Claims: a case taken by phone becomes its resident's own when reference, surname and postcode are right."""

from collections.abc import AsyncIterator, Awaitable, Callable
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.caller import RESIDENT, Caller
from shared.cases import contact
from shared.cases.contact import ContactCorrection
from shared.cases.queries import get_for_update
from shared.errors import MoveNotAllowed
from shared.references import new_reference
from shared.standards.vocabulary import Vocabulary
from shared.work import unit_of_work
from tests.shared.cases.rows import caller
from tests.shared.example.events import PermitIssued
from tests.shared.example.models import Permit
from tests.shared.permits_app import calling, headers, permits_app, requested
from tests.shared.stored import rows
from tests.support.plans import statements_of

HOME = {"name": "Ada O’Neill", "phone": "01708 434343", "address": "1 Mercury Gardens, Romford, RM1 3SL"}
RIGHT = {"surname": "o'neill", "postcode": "rm13sl"}
ADA, BEN = headers("ada", "resident"), headers("ben", "resident")


@pytest.fixture
async def app(database_for: Callable[[str], Awaitable[str]]) -> AsyncIterator[FastAPI]:
    """The permits service on a database of its own."""
    async with permits_app(await database_for("permits")) as running:
        yield running


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """An officer at its desk, unless a request says otherwise."""
    async with calling(app) as officer:
        yield officer


async def taken(client: httpx.AsyncClient, **changes: Any) -> str:
    """The reference of a permit that an officer took by phone."""
    case = await requested(client, channel="phone", contact={**HOME, **changes})
    reference: str = case.json()["reference"]
    return reference


async def claimed(client: httpx.AsyncClient, reference: str, **changes: Any) -> httpx.Response:
    """The answer to Ada's claim."""
    by: dict[str, str] = changes.pop("by", ADA)
    body = {"reference": reference, **RIGHT, **changes}
    return await client.post("/internal/claims", json=body, headers=by)


async def test_a_case_taken_by_phone_becomes_its_residents_own(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    """They read it from then on; the event says whose it is and names nobody, and comes once."""
    reference = await taken(client)
    assert (await client.get(f"/v1/permits/{reference}", headers=ADA)).status_code == 404
    for typed in (reference, reference.lower().replace("-", " ")):
        answer = await claimed(client, typed)
        assert (answer.status_code, answer.json()) == (201, {"reference": reference})
    assert (await client.get(f"/v1/permits/{reference}", headers=ADA)).status_code == 200
    listed = (await client.get("/v1/permits", headers=ADA)).json()["items"]
    assert [case["reference"] for case in listed] == [reference]
    told = "SELECT sequence, facts FROM events WHERE type = 'permits.case-claimed'"
    assert await rows(app.state.resources.database, told) == [(2, {"resident": "ada"})]


async def test_every_refusal_is_the_same_in_words_and_in_work(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    """Unknown, wrong, unsafe, of no home, brought over or somebody's own: nobody can tell, nor measure it."""
    reference, unsafe = await taken(client), await taken(client, safe_to_contact=False)
    own = (await requested(client, contact=HOME, by=BEN)).json()["reference"]
    importer = headers(scope="import")
    old = (await requested(client, contact=HOME, by=importer, imported=True)).json()["reference"]
    await claimed(client, taken_by_ben := await taken(client), by=BEN)
    nowhere = await taken(client, address=None)
    tries: list[tuple[str, dict[str, str]]] = [
        (new_reference("PER"), {}),
        (reference, {"surname": "Smith"}),
        (reference, {"postcode": "RM1 3SM"}),
        (reference, {"postcode": "unknown"}),
        (nowhere, {"postcode": "unknown"}),
        *((other, {}) for other in (unsafe, own, old, taken_by_ben)),
    ]
    answers, work = [], []
    for other, changes in tries:
        with statements_of(app.state.resources.database) as sent:
            answer = await claimed(client, other, **changes)
        answers.append((answer.status_code, {**answer.json(), "trace_id": ""}))
        work.append([statement for statement, _ in sent if "permits" in statement])  # the relay works beside
    assert answers[0][0] == 404
    assert all(answer == answers[0] for answer in answers)
    assert work[0]
    assert all(statements == work[0] for statements in work)
    assert (await claimed(client, reference)).status_code == 201


async def test_the_word_of_a_claim_is_led_nowhere_else(client: httpx.AsyncClient, app: FastAPI) -> None:
    """It goes to the address that the case has as it leaves: for a day the claimant changes none."""
    reference = await taken(client)
    await claimed(client, reference)
    ada, now = caller("ada", RESIDENT), app.state.resources.clock()
    office, tomorrow = caller(departments=("permits",)), now + timedelta(days=1, minutes=1)

    async def corrects(by: Caller, at: datetime, **changes: Any) -> bool:
        try:
            async with unit_of_work(app.state.resources, by, now=at) as work:
                case = await get_for_update(work, Permit, reference)
                await contact.correct(work, case, ContactCorrection.of_parsed(changes), PermitIssued())
        except MoveNotAllowed:
            return False
        return True

    later = now + timedelta(minutes=1)
    for way in ({"email": "ben@example.org"}, {"phone": None}, {"preferred_channel": "email"}):
        assert not await corrects(ada, later, **way), way
    assert await corrects(ada, later, access_needs="The bell is broken.", phone=HOME["phone"])
    assert await corrects(office, later, email="ada@example.org")
    assert await corrects(ada, tomorrow, email="ada@example.com")


async def test_a_case_that_only_a_scope_opens_is_never_claimed(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    """As anti-social behaviour is: here the permits' own council guards them so."""
    reference, state = await taken(client), app.state.resources
    events = state.catalogue.vocabulary.events
    words = replace(events["permits.permit-requested"], scopes={"department": "permits"})
    guarded = Vocabulary({**events, "permits.permit-requested": words})
    state.catalogue = copy(state.catalogue)
    state.catalogue.vocabulary = guarded
    assert (await claimed(client, reference)).status_code == 404


async def test_only_a_resident_claims(client: httpx.AsyncClient) -> None:
    """In their own name: whoever acts for many would make them their own."""
    for role in ("officer", "frontend", "contractor", "ops", "service"):
        refused = await claimed(client, new_reference("PER"), by=headers("somebody", role))
        assert refused.status_code == 403
