"""Mail at the service: it opens an enquiry, joins one, is filed, and never twice."""

from email.message import EmailMessage
from typing import Any

import asyncpg
import httpx

from tests.services.enquiries.asking import Desk
from tests.services.enquiries.test_reading_mail import BOUNCE, LETTER
from tests.support.images import jpeg
from tests.support.in_process import InProcess


def mail(text: str, subject: str = "Bins", **headers: str) -> EmailMessage:
    email = EmailMessage()
    email["From"], email["Subject"] = "Sam Jones <sam@example.org>", subject
    for name, value in headers.items():
        email[name.replace("_", "-")] = value
    email.set_content(text)
    return email


async def send(desk: Desk, email: EmailMessage | bytes) -> httpx.Response:
    raw = email if isinstance(email, bytes) else email.as_bytes()
    headers = {**desk.officer("mail"), "Content-Type": "message/rfc822"}
    return await desk.client.post("/v1/mail", content=raw, headers=headers)


async def taken(desk: Desk, email: EmailMessage | bytes) -> dict[str, Any]:
    answer = await send(desk, email)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def recorded(services: InProcess, reference: str) -> list[str]:
    """The types of the events of a case."""
    connection = await asyncpg.connect(await services.databases.url("enquiries"))
    try:
        query = "SELECT type FROM events WHERE reference = $1 ORDER BY sequence"
        return [row["type"].partition(".")[2] for row in await connection.fetch(query, reference)]
    finally:
        await connection.close()


async def test_a_mail_becomes_an_enquiry_with_all_that_came_with_it(desk: Desk) -> None:
    """Sent again it is the same one; a picture loses its metadata; its sender is answered."""
    email = mail("Where do the bins go?")
    email.add_attachment(jpeg(), maintype="image", subtype="jpeg", filename="bins.jpg")
    email.add_attachment("a,b", subtype="csv", filename="list.csv")
    first, again = await taken(desk, email), await taken(desk, email)
    assert (first, first["outcome"], first["written_by"]) == (again, "enquiry", "person")
    case = await desk.read(f"enquiries/{first['reference']}")
    assert (case["channel"], case["contact"]["email"]) == ("email", "sam@example.org")
    [message] = (await desk.read(f"enquiries/{first['reference']}/messages"))["items"]
    assert [each["name"] for each in message["attachments"]] == ["bins.jpg", "list.csv"]
    path = f"/v1/enquiries/{first['reference']}/messages/1/attachments/2"
    file = await desk.client.get(path, headers=desk.officer())
    assert (file.content.strip(), file.headers["X-Content-Type-Options"]) == (b"a,b", "nosniff")


async def test_a_reply_joins_the_enquiry_that_it_quotes(desk: Desk) -> None:
    """Also after the answer, which is owed again then."""
    reference = (await desk.ask())["reference"]
    await desk.act("response", reference, message="To the left.")
    joined = await taken(desk, mail("Which left?", f"Re: Our answer: {reference}"))
    assert (joined["reference"], joined["outcome"]) == (reference, "reply")
    assert (await desk.read(f"enquiries/{reference}"))["status"] == "reopened"


async def test_a_machine_touches_no_clock_and_gets_no_answer(desk: Desk, services: InProcess) -> None:
    """Quoting a case it is filed there, once a day on its timeline; quoting none it opens nothing."""
    case = await desk.ask()
    reference, before = case["reference"], case["deadlines"]
    for number in range(3):
        away = mail(f"I am away {number}", f"Automatic reply: {reference}", Auto_Submitted="auto-replied")
        filed = await taken(desk, away)
        assert (filed["reference"], filed["outcome"]) == (reference, "filed")
    for number in range(3):
        alone = await taken(desk, mail(f"I am away {number}", "Automatic reply", Precedence="bulk"))
        assert (alone["reference"], alone["outcome"]) == (None, "filed")
    first = await desk.read("mail", limit="2")
    second = await desk.read("mail", limit="2", cursor=first["next"])
    filed_texts = sorted(each["text"].strip() for each in first["items"] + second["items"])
    assert filed_texts == ["I am away 0", "I am away 1", "I am away 2"]
    elsewhere = await desk.read("mail", desk.callers.officer_named("bo", "repairs"))
    assert elsewhere["items"] == []
    after = await desk.read(f"enquiries/{reference}")
    assert (after["deadlines"], after["status"]) == (before, "received")
    assert await recorded(services, reference) == ["enquiry-received", "automatic-reply-filed"]
    assert len((await desk.read("enquiries"))["items"]) == 1
    assert len((await desk.read(f"enquiries/{reference}/messages"))["items"]) == 3


async def test_a_letter_of_ours_that_came_back_is_told(desk: Desk, services: InProcess) -> None:
    """By an event that names the letter, and nobody."""
    returned = await taken(desk, BOUNCE.format(action="failed").encode())
    assert returned["outcome"] == "bounce"
    connection = await asyncpg.connect(await services.databases.url("enquiries"))
    try:
        rows = await connection.fetch("SELECT type, facts::text FROM events")
    finally:
        await connection.close()
    assert [(row["type"], LETTER in row["facts"]) for row in rows] == [("enquiries.notice-bounced", True)]


async def test_only_the_mail_system_brings_mail(desk: Desk) -> None:
    """An officer without the scope does not; nor is a mail without a sender taken."""
    headers = {**desk.officer(), "Content-Type": "message/rfc822"}
    refused = await desk.client.post("/v1/mail", content=mail("Hm").as_bytes(), headers=headers)
    assert refused.status_code == 403
    assert (await send(desk, b"Subject: Hm\r\n\r\nHm")).status_code == 422
