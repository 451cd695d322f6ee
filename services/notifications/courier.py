"""Delivers notices: claims one, asks the owner whom to tell, hands it to a channel, says that it is sent."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import policy, queries, wording
from services.notifications.channels import Channel, Message, Recipient
from services.notifications.channels.mailbox import Mailbox
from services.notifications.deriving import tell_of_withdrawal
from services.notifications.models import Notice, WatchedDeadline
from services.notifications.policy import Delivery, Kind
from services.notifications.wording import About, Promise, Visit
from shared.db import transaction
from shared.http.schemas import ContactForNotice
from shared.resources import Resources
from shared.telemetry import NOTICE_DELAY, NOTICES, get_logger, request_id

log = get_logger(__name__)

BATCH = 50
LEASE_SECONDS = 60
POLL_SECONDS = 0.5


class NoLongerTrue(Exception):
    """What a notice was to say holds no more: after an outage nobody is rung up about what is long done."""


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
        audience, recipient, message = await _composed(resources, notice)
        receipt = await channel.deliver(notice.id, recipient, message)
    except NoLongerTrue:
        await _dropped(resources, notice)
        return
    except Exception as problem:  # whatever is wrong with one notice must not keep the others waiting
        await _failed(resources, notice, problem)
        return
    now = datetime.now(UTC)
    async with transaction(resources.database) as session:
        await note_sent(session, notice, audience, channel.name, receipt, now)
    NOTICES.labels(notice.kind, Delivery.SENT).inc()
    NOTICE_DELAY.labels(notice.kind).observe(max(0.0, (now - notice.owed_at).total_seconds()))
    log.info(
        "notice sent", extra={"notice": str(notice.id), "reference": notice.reference, "rung": notice.rung}
    )


async def note_sent(
    session: AsyncSession, notice: Notice, audience: str, channel: str, receipt: str, now: datetime
) -> None:
    """Note that a notice reached an audience, which need not be the one it was meant for.

    One that was withdrawn on its way stays withdrawn, and whoever was told is told that too.
    """
    status = case((_pending(), Delivery.SENT), else_=Notice.status)
    sent = {"audience": audience, "sent_at": now, "channel": channel, "receipt": receipt}
    noted = update(Notice).where(Notice.id == notice.id).values(status=status, **sent)
    if await session.scalar(noted.returning(Notice.status)) == Delivery.WITHDRAWN:
        await tell_of_withdrawal(session, notice, [(audience, notice.due_at)], now)


def _pending() -> ColumnElement[bool]:
    return Notice.status == Delivery.PENDING


async def _composed(resources: Resources, notice: Notice) -> tuple[str, Recipient, Message]:
    """Who is really told, where they are reached, and what is said."""
    async with transaction(resources.database) as session:
        watched = (await queries.cases(session, [notice.reference]))[notice.reference]
        stored = (await queries.stored_deadlines(session, [notice.reference])).get(notice.reference, {})
        facts = await queries.facts_of(session, notice.reference, notice.started_by)
    answer = await resources.services.get(watched.service, f"/internal/contacts/{notice.reference}")
    answer.raise_for_status()
    owner = ContactForNotice.model_validate(answer.json())
    about = About(notice.reference, owner.handler.name, owner.handler.department)
    message = _message(resources, notice, about, facts, sorted(stored.values(), key=lambda row: row.due_at))
    safe = owner.contact.get("safe_to_contact", True)
    audience = policy.audience_of(notice.audience, safe_to_contact=safe)
    if audience != notice.audience:
        message = wording.in_the_residents_place(about, message)
    return audience, _recipient(resources, audience, owner), message


def _message(
    resources: Resources,
    notice: Notice,
    about: About,
    facts: Mapping[str, Any],
    deadlines: Sequence[WatchedDeadline],
) -> Message:
    council = resources.settings.council
    if notice.kind == Kind.ACKNOWLEDGEMENT:
        promises = [_promise(resources, row.standard, row.due_at) for row in deadlines]
        return wording.acknowledgement(about, promises, council)
    if notice.kind in policy.ABOUT_WHAT_IS_OPEN:
        still_open = [row for row in deadlines if row.met_at is None and row.cancelled_at is None]
        if deadlines and not still_open:
            raise NoLongerTrue
        promises = [_promise(resources, row.standard, row.due_at) for row in still_open]
        return wording.at_once(Kind(notice.kind), about, promises)
    if notice.kind in policy.ABOUT_A_VISIT:
        return wording.visit(Kind(notice.kind), about, Visit.of(facts), council)
    if notice.kind == Kind.NEW_DATES:
        moved = [row for row in deadlines if row.moves]
        because = sorted({row.moves[-1]["because"] for row in moved})
        promises = [_promise(resources, row.standard, row.due_at) for row in moved]
        return wording.new_dates(about, promises, because, council)
    promise = _promise(resources, notice.standard, notice.due_at)
    if notice.audience == policy.RESIDENT:
        return wording.to_the_resident(Kind(notice.kind), about, promise, council)
    return wording.about_a_deadline(Kind(notice.kind), about, promise, notice.stands_for)


def _promise(resources: Resources, standard: str, due_at: datetime) -> Promise:
    row = resources.catalogue.named(standard)
    return Promise(standard, row.promise, row.source, due_at)


def _recipient(resources: Resources, audience: str, owner: ContactForNotice) -> Recipient:
    if audience == policy.RESIDENT:
        contact = owner.contact
        return Recipient(
            contact.get("name"), contact.get("email"), contact.get("phone"), contact.get("address")
        )
    department, name = owner.handler.department, f"{owner.handler.department} {audience}"
    if audience == policy.HANDLER:  # nobody gave us an address of their own: their department's, for them
        name, audience = owner.handler.name or f"{department} {policy.DEPARTMENT}", policy.DEPARTMENT
    email = resources.settings.department_email.format(department=department, audience=audience)
    return Recipient(name, email)


async def _dropped(resources: Resources, notice: Notice) -> None:
    async with transaction(resources.database) as session:
        dropped = update(Notice).where(Notice.id == notice.id, _pending())
        await session.execute(dropped.values(status=Delivery.WITHDRAWN, reason=NoLongerTrue.__name__))
    NOTICES.labels(notice.kind, Delivery.WITHDRAWN).inc()


async def _failed(resources: Resources, notice: Notice, problem: Exception) -> None:
    wait = policy.retry_after(notice.attempts)
    about = {"notice": str(notice.id), "error": type(problem).__name__, "attempt": notice.attempts}
    log.log(40 if wait is None else 30, "a notice could not be delivered", extra=about)
    NOTICES.labels(notice.kind, "retried" if wait else Delivery.FAILED).inc()
    values: dict[str, object] = {"status": Delivery.FAILED, "reason": type(problem).__name__}
    if wait is not None:
        values = {"next_attempt_at": func.clock_timestamp() + timedelta(seconds=wait)}
    async with transaction(resources.database) as session:
        await session.execute(update(Notice).where(Notice.id == notice.id, _pending()).values(values))
