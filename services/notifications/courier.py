"""Delivers notices: claims one, asks the owner whom to tell, hands it to a channel, says that it is sent."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import httpx
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import policy, queries, wording
from services.notifications.channels import Channel, Message, Recipient
from services.notifications.channels.mailbox import Mailbox
from services.notifications.models import Notice, WatchedCase
from services.notifications.policy import Delivery, Kind
from services.notifications.wording import About, Promise
from shared.db import transaction
from shared.http.schemas import ContactForNotice
from shared.resources import Resources
from shared.telemetry import NOTICE_DELAY, NOTICES, get_logger, request_id

log = get_logger(__name__)

BATCH = 50
LEASE_SECONDS = 60
POLL_SECONDS = 0.5


async def run(resources: Resources) -> None:
    """Deliver until cancelled."""
    settings = resources.settings
    channel = Mailbox(settings.var / "mail", settings.mail_from)
    while True:
        async with transaction(resources.database) as session:
            claimed = await claim(session)
        await asyncio.gather(*(deliver(resources, channel, notice) for notice in claimed))
        if len(claimed) < BATCH:
            await asyncio.sleep(POLL_SECONDS)


async def claim(session: AsyncSession, batch: int = BATCH) -> Sequence[Notice]:
    """Take notices that wait, so that no other courier does; a lease that runs out frees them again."""
    waiting = (
        select(Notice.id)
        .where(Notice.status == Delivery.PENDING, Notice.next_attempt_at <= func.clock_timestamp())
        .order_by(Notice.next_attempt_at)
        .limit(batch)
        .with_for_update(skip_locked=True)
        .cte("waiting")
    )
    leased_until = func.clock_timestamp() + timedelta(seconds=LEASE_SECONDS)
    taken = (
        update(Notice)
        .where(Notice.id == waiting.c.id)
        .values(next_attempt_at=leased_until, attempts=Notice.attempts + 1)
        .returning(Notice)
    )
    return (await session.scalars(taken)).all()


async def deliver(resources: Resources, channel: Channel, notice: Notice) -> None:
    """Deliver one notice, or note why that failed and when it is tried again."""
    request_id.set(notice.request_id or str(notice.id))
    try:
        recipient, message = await _composed(resources, notice)
        receipt = await channel.deliver(notice.id, recipient, message)
    except (httpx.HTTPError, OSError, LookupError) as problem:
        await _failed(resources, notice, problem)
        return
    now = datetime.now(UTC)
    values = {"status": Delivery.SENT, "sent_at": now, "channel": channel.name, "receipt": receipt}
    async with transaction(resources.database) as session:
        # a notice withdrawn meanwhile stays withdrawn, but shows that it went out
        await session.execute(update(Notice).where(Notice.id == notice.id, _pending()).values(values))
    NOTICES.labels(notice.kind, Delivery.SENT).inc()
    NOTICE_DELAY.labels(notice.kind).observe(max(0.0, (now - notice.owed_at).total_seconds()))
    log.info(
        "notice sent", extra={"notice": str(notice.id), "reference": notice.reference, "rung": notice.rung}
    )


def _pending() -> ColumnElement[bool]:
    return Notice.status == Delivery.PENDING


async def _composed(resources: Resources, notice: Notice) -> tuple[Recipient, Message]:
    async with transaction(resources.database) as session:
        case = (await queries.cases(session, [notice.reference]))[notice.reference]
        stored = await queries.stored_deadlines(session, [notice.reference])
    answer = await resources.services.get(case.service, f"/internal/contacts/{notice.reference}")
    answer.raise_for_status()
    owner = ContactForNotice.model_validate(answer.json())
    about = About(notice.reference, owner.handler.name, owner.handler.department)
    deadlines = sorted(stored[notice.reference].values(), key=lambda row: row.due_at)
    promises = {
        (row.standard, row.started_by): _promise(resources, row.standard, row.due_at) for row in deadlines
    }
    if notice.kind == Kind.ACKNOWLEDGEMENT:
        message = wording.acknowledgement(about, list(promises.values()), resources.settings.council)
    elif notice.kind == Kind.NEW_DATES:
        moved = [row for row in deadlines if row.moves]
        because = sorted({row.moves[-1]["because"] for row in moved})
        moved_promises = [promises[row.standard, row.started_by] for row in moved]
        message = wording.new_dates(about, moved_promises, because, resources.settings.council)
    else:
        promise = promises[notice.standard, notice.started_by]
        dated = Promise(promise.standard, promise.promise, promise.source, notice.due_at)
        message = wording.about_a_deadline(Kind(notice.kind), about, dated, notice.stands_for)
    return _recipient(resources, notice, case, owner), message


def _promise(resources: Resources, standard: str, due_at: datetime) -> Promise:
    row = resources.catalogue.named(standard)
    return Promise(standard, row.promise, row.source, due_at)


def _recipient(resources: Resources, notice: Notice, case: WatchedCase, owner: ContactForNotice) -> Recipient:
    if notice.audience != policy.RESIDENT:
        department = owner.handler.department or case.department or "housing"
        email = resources.settings.department_email.format(department=department, audience=notice.audience)
        return Recipient(f"{department} {notice.audience}", email)
    contact = owner.contact
    return Recipient(contact.get("name"), contact.get("email"), contact.get("phone"), contact.get("address"))


async def _failed(resources: Resources, notice: Notice, problem: Exception) -> None:
    wait = policy.retry_after(notice.attempts)
    about = {"notice": str(notice.id), "error": type(problem).__name__, "attempt": notice.attempts}
    log.log(40 if wait is None else 30, "a notice could not be delivered", extra=about)
    NOTICES.labels(notice.kind, "retried" if wait else Delivery.FAILED).inc()
    values: dict[str, object] = {"status": Delivery.FAILED, "reason": type(problem).__name__}
    if wait is not None:
        values = {"next_attempt_at": func.clock_timestamp() + timedelta(seconds=wait)}
    async with transaction(resources.database) as session:
        await session.execute(update(Notice).where(Notice.id == notice.id).values(values))
