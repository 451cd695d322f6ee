"""Texts to duty telephones: delivered as every letter is, beside the department's email or in its place."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, update

from services.notifications.models import LetterAttempt, Notice
from services.notifications.notices import asking
from services.notifications.notices.channels import Form
from services.notifications.notices.channels.notify import Notify
from services.notifications.notices.failing import MOST_BY_TEXT_ALONE
from services.notifications.policy import Delivery
from shared.app_state import AppState
from shared.db.transaction import transaction
from tests.services.callers import Callers
from tests.services.notifications.by_notify import (
    LATER,
    LATEST,
    DiesAfterSending,
    Told,
    deliver_by,
)
from tests.services.notifications.consuming import consume_history, notices
from tests.services.notifications.notify_server import (
    INTERNAL_ERROR,
    KEY,
    RATE_LIMIT,
    TEMPLATES,
    NotifyServer,
)
from tests.services.notifications.posting import a_reported_repair, claimed, mail, make_due, post

DUTY, PHONE, MANAGER = "duty@council.example", "+447700900999", "repairs-manager@council.example"
DEPARTMENT = "repairs@council.example"
OFFICE = """
[[department]]
name = "repairs"
email = "repairs@council.example"
duty_email = "duty@council.example"
duty_phone = "07700 900999"
emergencies_by = ["email", "text"]
"""
BY_TEXT_ALONE = OFFICE.replace('["email", "text"]', '["text"]')


@pytest.fixture
def office(resources: AppState, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The council's own file of recipients; by default the department is told by email and text."""
    file = tmp_path / "recipients.toml"
    file.write_text(getattr(request, "param", OFFICE))
    resources.settings.recipients_file = file


by_text_alone = pytest.mark.parametrize("office", [BY_TEXT_ALONE], indirect=True, ids=["by text alone"])
pytestmark = pytest.mark.usefixtures("office", "owner")


@pytest.fixture
async def told(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> Told:
    """An emergency of which nobody has been told yet."""
    reference = await a_reported_repair(resources, repairs, callers, fault="loss-of-gas")
    return Told(resources, notifications, callers, reference)


async def deliver(resources: AppState, server: NotifyServer, times: int = 1, **by: Any) -> None:
    """Deliver what waits so many times, emails and texts by Notify, each as if its pause were over."""
    for _ in range(times):
        await make_due(resources)
        await deliver_by(resources, server, Form.TEXT, **by)


async def emergency(resources: AppState, told: Told, *, by_text: bool) -> Notice:
    """The notice of the emergency to its department, by text or by email."""
    rows = await notices(resources, told.reference)
    [notice] = [one for one in rows if one.kind == "emergency" and one.to_duty_phone is by_text]
    return notice


async def test_an_emergency_is_told_at_once_by_the_channels_of_the_department(
    resources: AppState, told: Told
) -> None:
    """By email to whoever is on duty, and by a text that names no home and is one part."""
    for _ in range(2):
        await post(resources, await claimed(resources))
    subjects = [letter["Subject"] for letter in mail(resources) if DUTY in str(letter["To"])]
    assert subjects == [f"Emergency: {told.reference}"]
    assert not [letter for letter in mail(resources) if "repairs@council.example" in str(letter["To"])]
    (text,) = [letter for letter in mail(resources) if letter["X-Phone"] == PHONE]
    assert text.get_content().splitlines()[0] == f"Emergency: {told.reference}"
    assert "High Street" not in text.get_content()
    assert text.get_content().strip().endswith("The rest is in the case and in your email.")


async def test_officers_see_what_became_of_the_text(
    resources: AppState, server: NotifyServer, told: Told, notifications: httpx.AsyncClient, callers: Callers
) -> None:
    """In every list of notices; the department's inbox has the email alone, for both say the same."""
    await deliver(resources, server, times=2)
    [text] = server.sent_to(PHONE)
    assert await told.receipt(text, "delivered")
    query = {"reference": told.reference}
    by = callers.officer()
    items = (await notifications.get("/v1/notices", params=query, headers=by)).json()["items"]
    shown = {
        (one["to_duty_phone"], one["form"], one["status"]): one for one in items if one["kind"] == "emergency"
    }
    assert shown.keys() == {(False, "email", "sent"), (True, "text", "sent")}
    notice = shown[True, "text", "sent"]
    assert (notice["audience"], notice["receipt"], notice["words_kept"]) == ("department", text["id"], True)
    assert notice["delivered_at"]
    words = (await notifications.get(f"/v1/notices/{notice['id']}/words", headers=by)).json()["text"]
    assert words.splitlines()[0] == f"Emergency: {told.reference}"
    inbox = (await notifications.get("/v1/me/notices", headers=by)).json()["items"]
    assert [one["kind"] for one in inbox].count("emergency") == 1


async def test_a_text_that_was_not_taken_is_tried_again(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Alone: nobody reads the email beside it twice."""
    await deliver(resources, server)
    server.refuses.append(RATE_LIMIT)
    await deliver(resources, server)
    text = await emergency(resources, told, by_text=True)
    assert (text.status, text.attempts, server.sent_to(PHONE)) == (Delivery.PENDING, 1, [])
    await deliver(resources, server)
    assert (await emergency(resources, told, by_text=True)).status == Delivery.SENT
    assert (len(server.sent_to(PHONE)), len(server.sent_to(DUTY))) == (1, 1)


async def test_an_email_that_is_tried_again_brings_no_second_text(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Nor does the history of its case that is taken in once more."""
    server.refuses += [RATE_LIMIT] * 2
    await deliver(resources, server)
    assert server.messages == []
    await consume_history(resources, told.reference)
    await deliver(resources, server, times=2)
    assert (len(server.sent_to(PHONE)), len(server.sent_to(DUTY))) == (1, 1)


@pytest.mark.parametrize("status", ["permanent-failure", "temporary-failure"])
async def test_a_text_that_did_not_arrive_beside_an_email_is_known_as_failed(
    resources: AppState, server: NotifyServer, told: Told, status: str
) -> None:
    """The email has told the department, and nobody is told twice."""
    await deliver(resources, server, times=2)
    count = len(server.messages)
    assert await told.receipt(server.sent_to(PHONE)[0], status)
    text = await emergency(resources, told, by_text=True)
    assert (text.status, text.reason) == (Delivery.FAILED, "the letter came back")
    await deliver(resources, server)
    assert len(server.messages) == count
    assert (await emergency(resources, told, by_text=False)).status == Delivery.SENT


async def test_a_text_that_nobody_reports_on_is_asked_for(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """As every message is by whose provider nothing was said for hours."""
    await deliver(resources, server, times=2)
    server.sent_to(PHONE)[0]["status"] = "permanent-failure"
    async with transaction(resources.database) as session:
        await session.execute(update(LetterAttempt).values(asked_at=func.now() - timedelta(hours=5)))
    notify = Notify(KEY, server.url, {Form.TEXT: TEMPLATES["text"]}, threads=1, per_minute=3000)
    await asking.ask_for_receipts(resources, notify)
    notify.close()
    assert (await emergency(resources, told, by_text=True)).status == Delivery.FAILED


async def test_a_crash_after_it_was_sent_rings_no_telephone_twice(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Between the text and its note: it is looked for by its reference, and found."""
    await deliver(resources, server)
    with pytest.raises(asyncio.CancelledError):
        await deliver(resources, server, channel=DiesAfterSending)
    assert (await emergency(resources, told, by_text=True)).status == Delivery.PENDING
    await deliver(resources, server)
    [text], notice = server.sent_to(PHONE), await emergency(resources, told, by_text=True)
    assert (notice.status, notice.receipt) == (Delivery.SENT, text["id"])


@by_text_alone
async def test_a_department_may_be_told_by_text_alone(
    resources: AppState, server: NotifyServer, told: Told, notifications: httpx.AsyncClient, callers: Callers
) -> None:
    """Then the text is its notice, in its inbox too, and says nothing of an email."""
    await deliver(resources, server, times=2)
    [text] = server.sent_to(PHONE)
    assert "your email" not in text["personalisation"]["body"]
    assert server.sent_to(DUTY) == []
    notice = await emergency(resources, told, by_text=True)
    assert (notice.status, notice.beside_email) == (Delivery.SENT, False)
    inbox = (await notifications.get("/v1/me/notices", headers=callers.officer())).json()["items"]
    assert [one["kind"] for one in inbox].count("emergency") == 1


@by_text_alone
async def test_where_no_text_arrives_the_department_is_told_by_email_and_then_the_manager(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """At once, each time; what is taken in once more owes nobody anything."""
    await deliver(resources, server, times=2)
    assert await told.receipt(server.sent_to(PHONE)[0], "permanent-failure")
    await deliver_by(resources, server, Form.TEXT)
    [email] = server.sent_to(DUTY)
    assert email["personalisation"]["subject"] == f"Emergency: {told.reference}"
    assert await told.receipt(email, "permanent-failure")
    await consume_history(resources, told.reference)
    await deliver_by(resources, server, Form.TEXT)
    assert await told.receipt(server.sent_to(DEPARTMENT)[0], "permanent-failure")
    await deliver_by(resources, server, Form.TEXT)
    notice = await emergency(resources, told, by_text=False)
    tried = ["text", "department on duty", "department"]
    assert (notice.status, notice.failed_forms) == (Delivery.SENT, tried)
    assert [len(server.sent_to(each)) for each in (PHONE, DUTY, DEPARTMENT, MANAGER)] == [1, 1, 1, 1]


@by_text_alone
async def test_where_no_text_leaves_for_minutes_the_department_is_told_by_email(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Whoever brings texts may be away for a day, and an emergency waits for no day."""
    await deliver(resources, server)
    for _ in range(MOST_BY_TEXT_ALONE - 1):
        server.refuses.append(INTERNAL_ERROR)
        await deliver(resources, server)
        server.refuses.clear()
    assert server.sent_to(DUTY) == []
    server.refuses.append(INTERNAL_ERROR)
    await deliver(resources, server)
    server.refuses.clear()
    await deliver_by(resources, server, Form.TEXT)
    assert len(server.sent_to(DUTY)) == 1
    assert (await emergency(resources, told, by_text=False)).failed_forms == ["text"]


async def asked_about(resources: AppState, server: NotifyServer) -> int:
    """Ask about emergencies as if each had left a quarter of an hour ago."""
    async with transaction(resources.database) as session:
        await session.execute(update(Notice).values(sent_at=Notice.sent_at - timedelta(minutes=15)))
    notify = Notify(KEY, server.url, {Form.TEXT: TEMPLATES["text"]}, threads=1, per_minute=3000)
    count = await asking.ask_about_emergencies(resources, notify)
    notify.close()
    return count


@by_text_alone
async def test_a_telephone_that_is_switched_off_keeps_no_emergency(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Notify tries it for days: the department is told by email, and once it is on nothing more leaves."""
    await deliver(resources, server, times=2)
    [text] = server.sent_to(PHONE)
    text["status"] = "sending"
    assert await asked_about(resources, server) == 1
    await deliver_by(resources, server, Form.TEXT)
    assert (await emergency(resources, told, by_text=False)).failed_forms == ["text"]
    await told.receipt(text, "delivered", LATEST)
    assert await asked_about(resources, server) == 0
    await deliver(resources, server)
    assert [len(server.sent_to(address)) for address in (PHONE, DUTY, MANAGER)] == [1, 1, 0]


@by_text_alone
async def test_a_text_whose_receipt_was_lost_has_told_the_department(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Nobody is told twice."""
    await deliver(resources, server, times=2)
    server.sent_to(PHONE)[0] |= {"status": "delivered", "completed_at": LATER}
    assert await asked_about(resources, server) == 1
    await deliver(resources, server)
    assert (await emergency(resources, told, by_text=True)).delivered_at is not None
    assert server.sent_to(DUTY) == []


async def test_nobody_asks_about_a_text_beside_an_email(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Its department has the email."""
    await deliver(resources, server, times=2)
    assert len(server.sent_to(PHONE)) == 1
    assert await asked_about(resources, server) == 0
