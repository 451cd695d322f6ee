"""Letters that leave by GOV.UK Notify's stand-in in these tests, and what it calls back about them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from services.notifications.models import LetterAttempt, Notice
from services.notifications.notices import delivery
from services.notifications.notices.channels import Form, Letter, Recipient
from services.notifications.notices.channels.mailbox import Mailbox
from services.notifications.notices.channels.notify import Notify
from services.notifications.notices.channels.opening import by_form
from shared.app_state import AppState
from shared.db.transaction import transaction
from tests.services.callers import Callers
from tests.services.notifications.consuming import notices
from tests.services.notifications.notify_server import KEY, TEMPLATES, NotifyServer
from tests.services.notifications.posting import claimed

RECEIPTS = "/v1/callbacks/notify/receipts"
SENT_AT = "2026-11-27T23:31:00.000000Z"  # a Friday
LATER, LATEST = "2026-11-27T23:40:00.000000Z", "2026-11-27T23:50:00.000000Z"


class DiesAfterSending(Notify):
    """Notify, of whose process nothing is left once it has taken a message."""

    async def deliver(self, id: UUID, to: Sequence[Recipient], letter: Letter) -> str:
        await super().deliver(id, to, letter)
        raise asyncio.CancelledError


async def deliver_by(
    resources: AppState,
    server: NotifyServer,
    *others: Form,
    channel: type[Notify] = Notify,
    take_up: Callable[[AppState], Awaitable[list[Notice]]] = claimed,
) -> None:
    """Deliver what waits now: emails and those other forms by Notify, the rest as the post room's files."""
    templates = {form: TEMPLATES[form] for form in (Form.EMAIL, *others)}
    notify = channel(KEY, server.url, templates, threads=2, per_minute=3000)
    mailbox = Mailbox(resources.settings.var / "mail", resources.settings.mail_from)
    waiting = await take_up(resources)
    try:
        await delivery.deliver(resources, by_form(notify, mailbox), waiting, chance=lambda: 0.0)
    finally:
        notify.close()


async def attempts(resources: AppState) -> list[tuple[str, str, str, str | None]]:
    """Every attempt, in order: its channel, form and status, and why it failed."""
    async with transaction(resources.database) as session:
        rows = await session.scalars(
            select(LetterAttempt).order_by(LetterAttempt.began_at, LetterAttempt.number)
        )
        return [(row.channel, row.form, row.status, row.reason) for row in rows]


class Told:
    """One notice that left by Notify, and what Notify calls back about it."""

    def __init__(self, resources: AppState, client: httpx.AsyncClient, callers: Callers, reference: str):
        self._resources, self._client, self._callers = resources, client, callers
        self.reference = reference

    async def notice(self) -> Notice:
        [notice] = await notices(self._resources, self.reference)
        return notice

    async def receipt(self, message: dict[str, Any], status: str, at: str = LATER) -> bool:
        """Call back with a receipt; returns whether it said anything new."""
        body = {
            "id": message["id"],
            "reference": message["reference"],
            "to": message.get("email_address") or message["phone_number"],
            "status": status,
            "created_at": SENT_AT,
            "completed_at": at,
            "sent_at": SENT_AT,
            "notification_type": message.get("type", "email"),
            "template_id": message["template_id"],
            "template_version": 1,
            "added_by_notify_one_day": "passed over",
        }
        answer = await self._client.post(RECEIPTS, json=body, headers=self._callers.notify())
        assert answer.status_code == 201, answer.text
        changed: bool = answer.json()["changed"]
        return changed
