"""Mail that quotes another service's case joins it there, and nothing of it stays with enquiries."""

from email.message import EmailMessage
from typing import Any

import asyncpg
import httpx
import pytest

from shared.clock import Clock
from tests.services.asb.cases import Cases
from tests.services.callers import Callers
from tests.services.enquiries.asking import Desk
from tests.services.enquiries.test_mail import mail, send, taken
from tests.services.lines import Line
from tests.services.repairs.reporting import REPORT
from tests.support.images import jpeg
from tests.support.in_process import InProcess
from tests.support.postgres import TABLES

CANARY = "CANARY, it was the neighbour"


@pytest.fixture
async def cases(services: InProcess, clock: Clock, callers: Callers) -> Cases:
    return Cases(await services.serve(await services.state("asb", clock)), callers)


@pytest.fixture
async def repair(repairs: httpx.AsyncClient, callers: Callers) -> str:
    """The reference of a repair."""
    answer = await repairs.post("/v1/repairs", json=REPORT, headers=callers.officer())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["reference"])


def with_files(text: str, subject: str) -> EmailMessage:
    email = mail(text, subject)
    email.add_attachment(jpeg(), maintype="image", subtype="jpeg", filename="roof.jpg")
    email.add_attachment("a,b", subtype="csv", filename="list.csv")
    return email


async def read(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> Any:
    answer = await client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def facts_of(services: InProcess, service: str, reference: str) -> list[tuple[str, str]]:
    connection = await asyncpg.connect(await services.databases.url(service))
    try:
        query = "SELECT type, facts::text FROM events WHERE reference = $1 ORDER BY sequence"
        return [(row["type"], row["facts"]) for row in await connection.fetch(query, reference)]
    finally:
        await connection.close()


async def holding(services: InProcess, service: str, words: str) -> list[str]:
    """The tables of a service with a row that has these words."""
    connection = await asyncpg.connect(await services.databases.url(service))
    try:
        tables = [row["tablename"] for row in await connection.fetch(TABLES)]
        query = 'SELECT count(*) FROM "{}" AS row WHERE row::text LIKE $1'
        return [each for each in tables if await connection.fetchval(query.format(each), f"%{words}%")]
    finally:
        await connection.close()


async def test_a_mail_joins_the_repair_that_it_quotes_once(
    desk: Desk, repairs: httpx.AsyncClient, callers: Callers, services: InProcess, owner: Line, repair: str
) -> None:
    """Its words and files are with the repair, by an event that says nothing of them; no clock starts."""
    email = with_files("When do you come?", f"Re: {repair}")
    first, again = await taken(desk, email), await taken(desk, email)
    assert first == again == {"reference": repair, "outcome": "joined", "written_by": "person"}
    kept = (await read(repairs, f"/v1/repairs/{repair}/attachments", callers.officer()))["items"]
    assert sorted((each["kind"], each["media_type"]) for each in kept) == [
        ("mail", "image/jpeg"), ("mail", "text/csv"), ("mail", "text/plain"),
    ]  # fmt: skip
    [words] = [each for each in kept if each["media_type"] == "text/plain"]
    path = f"/v1/repairs/{repair}/attachments/{words['id']}"
    file = await repairs.get(path, headers=callers.officer())
    assert "From: Sam Jones <sam@example.org>" in file.text
    assert "When do you come?" in file.text
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    received = [facts for type, facts in await facts_of(services, "repairs", repair) if "mail" in type]
    assert received == ['{"automatic": false}']
    assert (await desk.read("enquiries"))["items"] == []
    assert await holding(services, "enquiries", "When do you come") == []


async def test_nothing_of_a_mail_about_anti_social_behaviour_stays_here(
    desk: Desk, cases: Cases, services: InProcess, inside: dict[str, Line], owner: Line
) -> None:
    """It is in the diary before the answer; while asb is away the mail is refused, and kept nowhere."""
    reference = (await cases.report())["reference"]
    email = with_files(CANARY, f"Re: {reference}")
    way = inside[desk_settings(services).service_url("asb")]
    way.is_cut = True
    refused = await send(desk, email)
    assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    way.is_cut = False
    assert (await taken(desk, email))["outcome"] == "joined"
    assert (await taken(desk, email))["reference"] == reference
    diary = (await read(cases.client, f"/v1/asb/{reference}/diary", cases.officer()))["items"]
    [entry] = [each for each in diary if each["act"] == "mail"]
    assert (entry["said"]["message"].strip(), entry["said"]["from"]) == (CANARY, "sam@example.org")
    kept = (await read(cases.client, f"/v1/asb/{reference}/attachments", cases.officer()))["items"]
    assert sorted(each["media_type"] for each in kept) == ["image/jpeg", "text/csv"]
    assert await holding(services, "enquiries", "CANARY") == []
    assert await holding(services, "enquiries", "sam@example.org") == []
    assert await holding(services, "asb", "CANARY") == [], "it is encrypted there"


def desk_settings(services: InProcess) -> Any:
    """The settings of enquiries, which know the ways to the others."""
    return services.states["enquiries"].settings


async def test_a_guarded_case_comes_first_wherever_it_is_quoted(
    desk: Desk, cases: Cases, services: InProcess, owner: Line, repair: str
) -> None:
    """A victim's words go to nobody else, though a repair stands in the subject."""
    reference = (await cases.report())["reference"]
    joined = await taken(desk, mail(f"{CANARY}, see {reference}", f"Re: {repair}"))
    assert joined["reference"] == reference
    assert await holding(services, "repairs", "CANARY") == []


async def test_a_mail_that_quotes_a_case_that_nobody_has_is_an_enquiry(desk: Desk, owner: Line) -> None:
    """It is about that reference, with the department whose it would be, and answered like any other mail."""
    opened = await taken(desk, mail("When do you come?", "Re: REP-7K3M-Q9TR"))
    assert opened["outcome"] == "enquiry"
    of_repairs = desk.callers.officer_named("bo", "repairs")
    [case] = (await desk.read("enquiries", of_repairs, about_reference="REP-7K3M-Q9TR"))["items"]
    assert case["reference"] == opened["reference"]
    assert [row["standard"] for row in case["deadlines"]] == [
        "enquiries.email.acknowledgement", "enquiries.response",
    ]  # fmt: skip


async def test_a_machine_that_quotes_a_repair_is_told_apart(
    desk: Desk, services: InProcess, owner: Line, repair: str
) -> None:
    """Its mail is with the repair, and nobody is asked to answer it."""
    away = mail("I am away", f"Automatic reply: {repair}", Auto_Submitted="auto-replied")
    assert (await taken(desk, away))["written_by"] == "machine"
    received = [facts for type, facts in await facts_of(services, "repairs", repair) if "mail" in type]
    assert received == ['{"automatic": true}']
