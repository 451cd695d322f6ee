"""Letters that are claimed and posted in these tests, and the mailbox that they land in."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import func, update

from services.notifications.models import Notice
from services.notifications.notices import delivery
from services.notifications.notices.channels import Letter, Recipient
from services.notifications.notices.channels.mailbox import Mailbox
from services.notifications.notices.channels.opening import by_form
from services.notifications.notices.digests import NO_DEPARTMENT, readers
from services.notifications.notices.queries import digests
from services.notifications.notices.queries.letters import claim, clock
from services.notifications.policy import Delivery
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.notifications.consuming import consume_history
from tests.services.repairs.appointments.booking import published
from tests.services.repairs.reporting import reported


async def claimed(resources: AppState, batch: int = delivery.BATCH) -> list[Notice]:
    """Take up what waits, without waiting for more to go with it."""
    async with unit_of_work(resources) as work:
        return list(await claim(work, batch, timedelta(0), timedelta(0)))


async def post(resources: AppState, notices: Sequence[Notice], mailbox: Mailbox | None = None) -> None:
    """Deliver notices that were claimed."""
    mailbox = mailbox or Mailbox(resources.settings.var / "mail", resources.settings.mail_from)
    await delivery.deliver(resources, by_form(mailbox), notices, chance=lambda: 1.0)


async def digests_claimed(resources: AppState, departments: Collection[str] = ()) -> list[Notice]:
    """Take up all that waits for the digests of these departments, or of all, as if they were due now."""
    names = departments or {*resources.settings.directory.departments, NO_DEPARTMENT}
    async with unit_of_work(resources) as work:
        due = dict.fromkeys(names, await clock(work))
        return list(await digests.claim(work, due, partial(readers, resources.settings)))


async def deliver_all(resources: AppState) -> int:
    """Deliver what waits now, and then digests as if they were due; returns how many notices were tried."""
    waiting = await claimed(resources)
    await post(resources, waiting)
    in_digests = await digests_claimed(resources)
    await post(resources, in_digests)
    return len(waiting) + len(in_digests)


async def a_reported_repair(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, **changes: Any
) -> str:
    """A repair reported by a resident, its events received by notifications; it could be offered a visit."""
    await published(repairs, callers.contractor())
    case = await reported(repairs, callers.resident(), **changes)
    await consume_history(resources, case["reference"])
    reference: str = case["reference"]
    return reference


def mail(resources: AppState) -> list[EmailMessage]:
    """Everything in the mailbox."""
    return [read(path) for path in sorted((resources.settings.var / "mail").glob("*.eml"))]


def read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


class Interrupted(Mailbox):
    """A mailbox before which something happens, once, when its letters are already written."""

    def __init__(self, resources: AppState, happening: Callable[[], Awaitable[Any]]) -> None:
        super().__init__(resources.settings.var / "mail", resources.settings.mail_from)
        self._happening = happening
        self._happened: asyncio.Future[Any] | None = None

    async def deliver(self, id: UUID, to: Sequence[Recipient], letter: Letter) -> str:
        self._happened = self._happened or asyncio.ensure_future(self._happening())
        await self._happened
        return await super().deliver(id, to, letter)


async def make_due(resources: AppState, **values: Any) -> None:
    """Let every waiting notice be tried now."""
    due = update(Notice).where(Notice.status == Delivery.PENDING)
    async with transaction(resources.database) as session:
        await session.execute(due.values(next_attempt_at=func.now(), **values))
