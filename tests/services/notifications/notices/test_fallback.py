"""A letter that one form does not bring leaves in the next that may be, or is given up on, and told."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from services.notifications.events import Outcome
from services.notifications.models import Notice
from services.notifications.notices import delivery
from services.notifications.notices.channels.mailbox import Mailbox
from services.notifications.notices.channels.opening import by_form
from services.notifications.notices.channels.smtp import Smtp
from services.notifications.notices.queries import letters
from services.notifications.policy import Delivery
from shared.app_state import AppState
from shared.clock import Clock
from shared.messaging import outbox
from shared.work import unit_of_work
from tests.services.asb.cases import Cases
from tests.services.callers import Callers
from tests.services.lines import Line
from tests.services.notifications.by_notify import attempts
from tests.services.notifications.consuming import consume_history, notices
from tests.services.notifications.mail_server import (
    COME_AGAIN,
    NO_SUCH_MAILBOX,
    MailServer,
    mail_server,
)
from tests.services.notifications.posting import a_reported_repair, claimed, mail, make_due
from tests.services.repairs.reporting import REPORT
from tests.support.in_process import InProcess

CONTACT: Mapping[str, Any] = REPORT["contact"]
EMAIL: str = CONTACT["email"]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[MailServer]:
    async with mail_server(tmp_path) as running:
        yield running


async def deliver_by(resources: AppState, server: MailServer) -> int:
    """Deliver what waits now: emails by the server, and all else as the post room's files."""
    smtp = Smtp(server.url(), resources.settings.mail_from, ca=server.certificate)
    mailbox = Mailbox(resources.settings.var / "mail", resources.settings.mail_from)
    waiting = await claimed(resources)
    await delivery.deliver(resources, by_form(smtp, mailbox), waiting, chance=lambda: 1.0)
    return len(waiting)


async def outcomes(resources: AppState, notice: Notice) -> list[str]:
    """The outcomes that were told of a notice, beyond its delivery."""
    async with unit_of_work(resources) as work:
        [history] = (await outbox.history(work.session, [str(notice.id)])).values()
    return [event.facts["outcome"] for event in history if "outcome" in event.facts]


@pytest.mark.usefixtures("owner")
async def test_what_no_mailbox_takes_leaves_by_post(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, server: MailServer
) -> None:
    """At once, and nobody is told that it came back: it had not left."""
    reference = await a_reported_repair(resources, repairs, callers)
    server.refuses[EMAIL] = NO_SUCH_MAILBOX
    assert await deliver_by(resources, server) == 1
    assert await deliver_by(resources, server) == 1
    [letter] = mail(resources)
    assert letter["X-Postal-Address"] == CONTACT["address"]
    [sent] = await notices(resources, reference)
    assert (sent.status, sent.channel, sent.failed_forms) == (Delivery.SENT, "mailbox", ["email"])
    assert await attempts(resources) == [
        ("smtp", "email", "failed", "smtp-550"),
        ("mailbox", "letter", "sent", None),
    ]
    assert await outcomes(resources, sent) == []


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(
    "changes",
    [{"safe_channels": ["email"]}, {"address": None, "phone": "01708 434343"}],
    ids=["no other way is safe", "there is no other way"],
)
async def test_where_no_form_is_left_the_department_has_to_find_a_way(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    server: MailServer,
    changes: dict[str, Any],
) -> None:
    """What else reaches them may be read by the one from whom it is kept."""
    contact = {**CONTACT, **changes}
    reference = await a_reported_repair(resources, repairs, callers, contact=contact)
    server.refuses[EMAIL] = NO_SUCH_MAILBOX
    assert await deliver_by(resources, server) == 1
    assert await deliver_by(resources, server) == 1
    [failed] = await notices(resources, reference)
    assert (failed.status, failed.reason) == (Delivery.FAILED, "NoFormLeft")
    assert await outcomes(resources, failed) == [Outcome.GIVEN_UP]
    assert mail(resources) == []
    assert await deliver_by(resources, server) == 0
    async with unit_of_work(resources) as work:
        await work.session.execute(update(Notice).values(failed_forms=[]))  # as of a text that was too long
        await letters.try_again_elsewhere(work, [reference])
    [again] = await notices(resources, reference)
    assert again.status == Delivery.PENDING, "once how to reach them was corrected"


async def test_a_letter_about_a_guarded_case_takes_no_other_way(
    resources: AppState,
    services: InProcess,
    clock: Clock,
    callers: Callers,
    server: MailServer,
    owner: Line,
) -> None:
    """Whoever opens the post may be the one who was complained of; the department finds another way."""
    cases = Cases(await services.serve(await services.state("asb", clock)), callers)
    reference = (await cases.report(contact={**CONTACT, "phone": "07700 900123"}))["reference"]
    await consume_history(resources, reference, "asb")
    server.refuses[EMAIL] = NO_SUCH_MAILBOX
    for _ in range(3):
        await deliver_by(resources, server)
    told = [notice for notice in await notices(resources, reference) if notice.audience == "resident"]
    assert [(notice.status, notice.reason) for notice in told] == [(Delivery.FAILED, "NoFormLeft")]
    assert {form for _, form, _, _ in await attempts(resources)} == {"email"}
    assert not [letter for letter in mail(resources) if letter["X-Postal-Address"] or letter["X-Phone"]]


@pytest.mark.usefixtures("owner")
async def test_a_greylisted_letter_is_tried_again_in_the_same_form(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, server: MailServer
) -> None:
    """After a pause; it has not failed for good."""
    reference = await a_reported_repair(resources, repairs, callers)
    server.refuses[EMAIL] = COME_AGAIN
    assert await deliver_by(resources, server) == 1
    assert await deliver_by(resources, server) == 0
    [waiting] = await notices(resources, reference)
    assert waiting.sent_with is None, "it has not left, and leaves with what comes until then"
    server.refuses.clear()
    await make_due(resources)
    assert await deliver_by(resources, server) == 1
    [sent] = await notices(resources, reference)
    assert (sent.status, sent.channel, sent.failed_forms) == (Delivery.SENT, "smtp", [])
    assert [status for _, _, status, _ in await attempts(resources)] == ["failed", "sent"]


@pytest.mark.usefixtures("owner")
async def test_a_letter_in_doubt_leaves_again_under_its_own_name(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, server: MailServer
) -> None:
    """A mail server that breaks off cannot be asked: its readers may get two with one Message-ID, no more."""
    reference = await a_reported_repair(resources, repairs, callers)
    server.breaks_off = True
    await deliver_by(resources, server)
    [doubtful] = await notices(resources, reference)
    assert [status for _, _, status, _ in await attempts(resources)] == ["sending"]
    server.breaks_off = False
    await make_due(resources)
    await deliver_by(resources, server)
    assert [letter["Message-ID"] for letter in server.letters] == [f"<{doubtful.sent_with}@housing>"]
    assert [status for _, _, status, _ in await attempts(resources)] == ["sent"]


ON_DUTY = """
[[department]]
name = "repairs"
duty_email = "duty@council.example"
duty_phone = "07700 900999"
emergencies_by = ["email", "text"]
"""


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(
    ("own_address", "tried"),
    [
        ("repairs@council.example", ["department on duty", "department"]),
        ("duty@council.example", ["department on duty"]),
    ],
    ids=["with an address of its own", "with one address, which is tried once"],
)
async def test_an_emergency_that_its_department_cannot_be_told_is_told_to_the_manager(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    server: MailServer,
    tmp_path: Path,
    own_address: str,
    tried: list[str],
) -> None:
    """After whoever is on duty, and the department; the text to the duty telephone leaves all the same."""
    resources.settings.recipients_file = tmp_path / "recipients.toml"
    resources.settings.recipients_file.write_text(f'{ON_DUTY}email = "{own_address}"\n')
    reference = await a_reported_repair(resources, repairs, callers, fault="loss-of-gas")
    server.refuses |= dict.fromkeys(("duty@council.example", own_address), NO_SUCH_MAILBOX)
    for _ in (*tried, "manager"):
        await deliver_by(resources, server)
    rows = [one for one in await notices(resources, reference) if one.kind == "emergency"]
    [emergency] = [one for one in rows if not one.to_duty_phone]
    assert (emergency.status, emergency.failed_forms) == (Delivery.SENT, tried)
    [told] = [letter for letter in server.letters if letter["Subject"] == f"Emergency: {reference}"]
    assert "repairs-manager@council.example" in told["To"]
    [text] = [letter for letter in mail(resources) if letter["X-Phone"]]
    assert text["X-Phone"] == "+447700900999"
