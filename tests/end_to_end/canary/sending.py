"""Canaries on their way into a house: by every route, by mail, and where something fails."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from deploy.postgres import OWNER, SERVICES as SERVICES_ROLE
from tests.end_to_end.canary.places import Visit
from tests.end_to_end.houses import ASB_OFFICER, CONFIDANT, FRONTEND, OPS, RESIDENT, House
from tests.services.asb.telling import Story
from tests.services.callers import NOTIFY_TOKEN
from tests.services.strict.requests import SERVICES
from tests.services.strict.schemas import Walk
from tests.services.strict.valid.common import Valid
from tests.support.apps import app_of
from tests.support.canaries import Canaries, with_canaries
from tests.support.eventually import eventually

ASB, INBOUND = "/v1/asb", "/v1/callbacks/notify/inbound"
CALLERS = {"officer": CONFIDANT, "resident": RESIDENT, "frontend": FRONTEND, "ops": OPS}


async def tell_story(visit: Visit) -> Story:
    """A case through all of its acts by its team, a manager among them; an officer breaks the glass."""
    house = visit.house
    by, outside = await house.headers(ASB_OFFICER), await house.headers(CONFIDANT)
    story = Story(house.http, by, outside, (ASB_OFFICER, "officer-7"))
    visit.references.append(await story.tell())
    return story


async def report_now(visit: Visit, story: Story) -> str:
    """A report whose victim may be written to at any time, so that letters leave at once."""
    contact = story.body(ASB)["contact"]
    at_any_time = {name: said for name, said in contact.items() if not name.startswith("safe_")}
    opened = await story.post(ASB, "", story.by, contact=at_any_time, category="noise", reporter="victim")
    reference = str(opened.json()["reference"])
    visit.references.append(reference)
    return reference


async def import_one(visit: Visit, story: Story) -> None:
    """A case of an old system."""
    body = story.body(ASB, imported=True) | {"received_at": "2026-11-24T09:00:00Z"}
    answer = await visit.house.post(ASB, body, by=CONFIDANT)
    assert answer.status_code == 201, answer.text


async def send_mistakes(visit: Visit, story: Story, reference: str) -> None:
    """Requests that are refused: what is wrong with each is a canary."""
    word, house = story.canaries.word, visit.house
    report = story.body(ASB)
    for path, body in (
        (ASB, {**report, word("an unknown field"): word("its value")}),
        (ASB, {**report, "category": word("an unknown category")}),
        (ASB, {**report, "received_at": word("no instant")}),
        (ASB, {**report, "contact": {"phone": f"not a number, {word('a phone')}"}}),
        (f"{ASB}/{reference}/victim-contact", {"method": "phone", "reached": word("no answer")}),
        (f"{ASB}/{reference}/{word('an unknown act')}", report),
        (f"{ASB}/{reference}/risk/review", {"outcome": word("an act that is not allowed")}),
    ):
        for by in (ASB_OFFICER, RESIDENT):
            visit.answers.append((path, await house.post(path, body, by=by)))
    cut = f'{{"category": "noise", "description": "{word("half a body")}'
    headers = {**story.by, "Content-Type": "application/json"}
    visit.answers.append(("half", await house.http.post(ASB, content=cut, headers=headers)))
    by_home = {"postcode": story.canaries.postcode("a filter")}
    for query in (by_home, {word("a parameter"): word("its value")}):
        visit.answers.append(("query", await house.get(ASB, by=ASB_OFFICER, **query)))
    form = {"grant_type": "client_credentials"}
    credentials = (word("a client"), word("a secret"))
    visit.answers.append(("token", await house.http.post("/v1/token", data=form, auth=credentials)))
    assert all(answer.is_error for _, answer in visit.answers), [a.status_code for _, a in visit.answers]


async def crash(visit: Visit, story: Story) -> None:
    """A report that fails in the middle of asb's transaction, as a broken database makes it."""
    async with without_table(visit.house, "asb", "incidents"):
        answer = await visit.house.post(ASB, story.body(ASB), by=ASB_OFFICER)
    assert answer.status_code == 500, answer.text
    visit.answers.append((ASB, answer))


async def kill_a_message(visit: Visit, story: Story, reference: str) -> None:
    """Damage of which the event dies at repairs, and is replayed when repairs is whole again."""
    house = visit.house

    async def dead() -> list[Any]:
        answer = await house.get("/v1/dead-letters", by=OPS, queue="repairs")
        items: list[Any] = answer.json()["items"]
        return [one for one in items if one["reference"] == reference]

    async with without_table(house, "repairs", "asb_damages"):
        await story.post(f"{ASB}/{{reference}}/damage", reference, story.by)
        await eventually(dead, 30)


async def replay(visit: Visit) -> None:
    """Every dead letter of repairs once more."""
    answer = await visit.house.post("/v1/dead-letters/replay", {"queue": "repairs"}, by=OPS)
    assert answer.is_success, answer.text


async def repairs_of(visit: Visit, story: Story) -> list[str]:
    """The repairs that damage became, once there are some: known by the words for the contractor."""

    async def look() -> list[str]:
        page = (await visit.house.get("/v1/repairs", by=CONFIDANT, limit="100")).json()["items"]
        return [row["reference"] for row in page if story.canaries.found_in(row["description"])]

    return await eventually(look, 30)


async def write_mail(visit: Visit, story: Story, reference: str) -> None:
    """A letter by email that names the case."""
    message = EmailMessage()
    message["From"] = story.canaries.email("mail /from")
    message["To"] = "housing@example.org"
    message["Subject"] = f"{reference} {story.canaries.word('mail /subject')}"
    message["Message-ID"] = "<canary@example.org>"
    message.set_content(f"It is {story.canaries.name('mail /text')}.")
    headers = {**await visit.house.headers(CONFIDANT), "Content-Type": "message/rfc822"}
    answer = await visit.house.http.post("/v1/mail", content=message.as_bytes(), headers=headers)
    assert answer.is_success, answer.text
    visit.answers.append(("/v1/mail", answer))


async def write_text(visit: Visit, story: Story, reference: str) -> None:
    """A text message that names the case, as GOV.UK Notify brings it."""
    body = {
        "id": str(uuid4()),
        "source_number": "447700900123",
        "destination_number": "07700900456",
        "message": f"{reference} It is {story.canaries.name('text /message')}.",
        "date_received": "2026-11-24T09:00:00.000000Z",
    }
    headers = {"Authorization": f"Bearer {NOTIFY_TOKEN}"}
    answer = await visit.house.http.post(INBOUND, json=body, headers=headers)
    assert answer.is_success, answer.text
    visit.answers.append((INBOUND, answer))


@asynccontextmanager
async def without_table(house: House, service: str, table: str) -> AsyncIterator[None]:
    """A database that misses a table as long as the block; each statement on it fails at once."""
    connection = await asyncpg.connect(house.databases[service].replace(f"{SERVICES_ROLE}@", f"{OWNER}@"))
    try:
        await connection.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
        try:
            yield
        finally:
            await connection.execute(f"ALTER TABLE {table}_away RENAME TO {table}")
    finally:
        await connection.close()


async def send_to_others(visit: Visit) -> Canaries:
    """Canaries in every text of every valid request to the other services; gives those that were sent."""
    canaries = Canaries()
    for service, table in SERVICES.items():
        if service != "asb":
            await _send_all(visit, service, table, canaries)
    return canaries


async def _send_all(
    visit: Visit, service: str, table: Mapping[tuple[str, str], Valid], canaries: Canaries
) -> None:
    """Send what opens cases first, then each act on the case that its collection opened."""
    document = app_of(service).openapi()
    walk = Walk(document["components"]["schemas"])
    opened: dict[str, str] = {}
    routes = [(path, valid) for (method, path), valid in table.items() if method == "post" and valid.bodies]
    for path, valid in sorted(routes, key=lambda route: route[0].count("{")):
        if path.startswith("/v1/") and valid.role in CALLERS:
            content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
            at = _address(path, valid, opened)
            for body in valid.bodies:
                sent = with_canaries(walk, content["schema"], body, canaries, f"{service} {path}")
                answer = await _send(visit.house, at, sent, valid)
                visit.answers.append((at, answer))
                if answer.status_code == 201 and "reference" in answer.json():
                    opened.setdefault(path, answer.json()["reference"])


def _address(path: str, valid: Valid, opened: Mapping[str, str]) -> str:
    collection = path.partition("/{reference}")[0]
    places = {**valid.path, **({"reference": opened[collection]} if collection in opened else {})}
    for name, value in places.items():
        path = path.replace(f"{{{name}}}", value)
    return path


async def _send(house: House, at: str, body: Any, valid: Valid) -> httpx.Response:
    headers = await house.headers(CALLERS[valid.role])
    return await house.http.post(at, json=body, params=dict(valid.query), headers=headers)
