"""A reply is met only when it arrived: one that no mail server takes leaves its promise open, visibly."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from services.complaints.main import SERVICE as COMPLAINTS
from services.notifications.notices import delivery
from services.notifications.notices.channels.mailbox import Mailbox
from services.notifications.notices.channels.opening import by_form
from services.notifications.notices.channels.smtp import Smtp
from shared.app import consumption
from shared.app_state import AppState
from shared.db.tables import events as stored_events
from shared.events import NOTICE_RETURNED
from shared.messaging.outbox import COLUMNS, event_from
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.complaints.complaining import UNDERSTOOD, Team
from tests.services.notifications.consuming import consume_history, notices
from tests.services.notifications.mail_server import NO_SUCH_MAILBOX, MailServer, mail_server
from tests.services.notifications.posting import claimed, digests_claimed, mail

CONTACT, MEANT = "complaints.stage-1.contact", "complaints.letter.reached-otherwise"
EMAIL = "sam@example.org"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[MailServer]:
    async with mail_server(tmp_path) as running:
        yield running


async def settle(
    resources: AppState, complaints: AppState, reference: str, server: MailServer, told: set[UUID]
) -> None:
    """Let all that is owed leave, and the two services hear of each other until nothing more happens."""
    smtp = Smtp(server.url(), resources.settings.mail_from, ca=server.certificate)
    channels = by_form(smtp, Mailbox(resources.settings.var / "mail", resources.settings.mail_from))
    while True:
        await consume_history(resources, reference, "complaints")
        waiting = [*await claimed(resources), *await digests_claimed(resources)]
        await delivery.deliver(resources, channels, waiting, chance=lambda: 0.0)
        returned = stored_events.c.type == NOTICE_RETURNED
        async with unit_of_work(resources) as work:
            rows = await work.session.execute(select(*COLUMNS).where(returned))
            fresh = [event for event in map(event_from, rows) if event.id not in told]
        told |= {event.id for event in fresh}
        if not waiting and not fresh:
            return
        async with unit_of_work(complaints) as work:
            await consumption(COMPLAINTS).use_case(work, fresh)


async def shown(notifications: httpx.AsyncClient, callers: Callers, reference: str) -> dict[str, Any]:
    """The deadlines of a case as an officer's list shows them, by standard."""
    officer = callers.officer_named("ola", "complaints")
    answer = await notifications.get("/v1/deadlines", params={"reference": reference}, headers=officer)
    return {row["standard"]: row for row in answer.json()["items"]}


@pytest.mark.usefixtures("owner")
async def test_an_acknowledgement_that_bounced_opens_its_deadline_again(
    resources: AppState,
    complaints_state: AppState,
    notifications: httpx.AsyncClient,
    callers: Callers,
    team: Team,
    server: MailServer,
) -> None:
    """By SMTP with TLS: refused, so open again, a task, and told; with the right address it is met again."""
    reference = await team.complain(team.resident)
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    await consume_history(resources, reference, "complaints")
    before = (await shown(notifications, callers, reference))[CONTACT]
    assert (before["state"], before["reopened"]) == ("met", None)

    heard: set[UUID] = set()
    server.refuses[EMAIL] = NO_SUCH_MAILBOX
    await settle(resources, complaints_state, reference, server, heard)
    after = await shown(notifications, callers, reference)
    assert (after[CONTACT]["state"], after[CONTACT]["met_at"]) == ("running", None)
    assert after[CONTACT]["reopened"] == "the letter that would have met it came back"
    assert after[MEANT]["state"] == "running"
    warnings = [one for one in server.letters if "did not reach its reader" in one["Subject"]]
    assert {one["To"].addresses[0].addr_spec for one in warnings} == {"complaints-department@council.example"}
    officer = callers.officer_named("ola", "complaints")
    own = (await team.client.get(f"/v1/complaints/{reference}", headers=officer)).json()
    assert [row["reopened_at"] for row in own["deadlines"] if row["standard"] == CONTACT] != [None]
    timeline = await notifications.get(f"/v1/cases/{reference}/timeline", headers=officer)
    assert "complaints.letter-returned" in {entry["type"] for entry in timeline.json()["entries"]}
    worklist = await notifications.get("/v1/worklist", headers=officer)
    assert reference in {row["reference"] for row in worklist.json()["items"]}

    await team.act("contact", reference, email="sam.jones@example.org")
    await settle(resources, complaints_state, reference, server, heard)
    again = await shown(notifications, callers, reference)
    assert (again[CONTACT]["state"], again[CONTACT]["reopened"]) == ("met", None)
    assert again[MEANT]["state"] == "met"
    theirs = {one["To"] for one in server.letters if one not in warnings}
    assert theirs == {"Sam Jones <sam.jones@example.org>"}
    assert {one.status for one in await notices(resources, reference)} <= {"sent", "withdrawn"}
    assert mail(resources) == []
