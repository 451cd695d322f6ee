"""Delivers notices: claims some, asks their owners whom to tell, hands them to a channel, says they are sent.

Whatever can be asked or noted for many at once is: each acknowledgement has the same three questions.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, case, cast, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import policy, queries
from services.notifications.channels import Channel
from services.notifications.channels.mailbox import Mailbox
from services.notifications.composing import Dossier, NoLongerTrue, Told, composed
from services.notifications.models import Notice, WatchedCase
from services.notifications.owing import tell_of_withdrawal
from services.notifications.policy import Delivery, Kind
from shared.app_state import AppState
from shared.cases.schemas import ContactForNotice
from shared.db.errors import is_transient
from shared.db.leases import is_over
from shared.db.tables import INSTANT
from shared.db.transaction import transaction
from shared.telemetry import NOTICE_DELAY, NOTICES, get_logger, request_id

log = get_logger(__name__)

BATCH = 50
LEASE = timedelta(seconds=60)
POLL_SECONDS = 0.5

# By how often a notice was tried, how long it is left alone at most: carried, or waiting for its next try.
LONGEST_WAIT = case(
    {
        attempts: max(LEASE, timedelta(seconds=seconds))
        for attempts, seconds in enumerate(policy.RETRY_SECONDS, start=1)
    },
    value=Notice.attempts,
    else_=LEASE,
)


class UnknownToItsOwner(LookupError):
    """The service whose case it is says that it has none of this reference."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A notice that left: to whom it really went, and what the channel gave for it."""

    notice: Notice
    audience: str
    receipt: str
    told_dates: Sequence[dict[str, Any]] = ()


async def run(resources: AppState) -> None:
    """Deliver until cancelled."""
    settings = resources.settings
    channel = Mailbox(settings.var / "mail", settings.mail_from)
    while True:
        async with transaction(resources.database) as session:
            claimed = await claim(session)
        await deliver(resources, channel, claimed)
        if len(claimed) < BATCH:
            await asyncio.sleep(POLL_SECONDS)


async def claim(session: AsyncSession, batch: int = BATCH) -> Sequence[Notice]:
    """Take the most urgent that wait, so that no other courier does; a lease that runs out frees them."""
    now = func.clock_timestamp(type_=INSTANT)
    waiting = (
        select(Notice.id)
        .where(Notice.status == Delivery.PENDING, is_over(Notice.next_attempt_at, LONGEST_WAIT, now))
        .order_by(Notice.urgency, Notice.next_attempt_at)
        .limit(batch)
        .with_for_update(skip_locked=True)
        .cte("waiting")
    )
    taken = (
        update(Notice)
        .where(Notice.id == waiting.c.id)
        .values(next_attempt_at=now + LEASE, attempts=Notice.attempts + 1)
        .returning(Notice)
    )
    return (await session.scalars(taken)).all()


async def deliver(resources: AppState, channel: Channel, notices: Sequence[Notice]) -> None:
    """Deliver notices; of each that failed, note why and when it is tried again."""
    if not notices:
        return
    known = await _look_up(resources, notices)
    sent = await asyncio.gather(*(_deliver_one(resources, channel, notice, known) for notice in notices))
    await _note_all(resources, [one for one in sent if one], channel.name, resources.clock())


async def _note_all(resources: AppState, sent: Sequence[Sent], channel: str, now: datetime) -> None:
    """Note them together; if that cannot be, one by one, so that only the one at fault is tried again."""
    try:
        async with transaction(resources.database) as session:
            await note_sent(session, sent, channel, now)
    except Exception as problem:
        if is_transient(problem):
            raise
        if len(sent) == 1:
            await _failed(resources, sent[0].notice, problem)
            return
        for one in sent:
            await _note_all(resources, [one], channel, now)


async def _deliver_one(
    resources: AppState, channel: Channel, notice: Notice, known: dict[str, Dossier | Exception]
) -> Sent | None:
    request_id.set(notice.request_id or str(notice.id))
    try:
        dossier = known[notice.reference]
        if isinstance(dossier, Exception):
            raise dossier
        letter = composed(resources, notice, dossier)
        receipt = await channel.deliver(notice.id, letter.recipient, letter.message)
    except NoLongerTrue:
        await _dropped(resources, notice)
        return None
    except Exception as problem:  # whatever is wrong with one notice must not keep the others waiting
        await _failed(resources, notice, problem)
        return None
    NOTICES.labels(notice.kind, Delivery.SENT).inc()
    delay = (resources.clock() - notice.owed_at).total_seconds()
    NOTICE_DELAY.labels(notice.kind).observe(max(0.0, delay))
    about = {"notice": str(notice.id), "reference": notice.reference, "rung": notice.rung}
    log.info("notice sent", extra=about)
    return Sent(notice, letter.audience, receipt, letter.told_dates)


async def note_sent(session: AsyncSession, sent: Sequence[Sent], channel: str, now: datetime) -> None:
    """Note that notices reached audiences, which need not be those they were meant for.

    One that was withdrawn on its way stays withdrawn, and whoever was told of a breach is told that too.
    """
    ids = literal([one.notice.id for one in sent], ARRAY(Uuid))
    audiences = literal([one.audience for one in sent], ARRAY(Text))
    receipts = literal([one.receipt for one in sent], ARRAY(Text))
    dates = literal([orjson.dumps(one.told_dates).decode() for one in sent], ARRAY(Text))
    columns = func.unnest(ids, audiences, receipts, dates)
    told = columns.table_valued("id", "audience", "receipt", "dates").render_derived()
    status = case((_pending(), Delivery.SENT), else_=Notice.status)
    values = {"told": told.c.audience, "receipt": told.c.receipt, "channel": channel, "sent_at": now}
    values |= {"told_dates": cast(told.c.dates, JSONB)}
    noted = update(Notice).where(Notice.id == told.c.id).values(status=status, **values)
    rows = await session.execute(
        noted.returning(Notice.id, Notice.status).execution_options(synchronize_session=False)
    )
    withdrawn = {row.id for row in rows if row.status == Delivery.WITHDRAWN}
    for one in sent:
        if one.notice.id in withdrawn and one.notice.kind in policy.ABOUT_A_BREACH:
            await tell_of_withdrawal(session, one.notice, [(one.audience, one.notice.due_at)], now)


def _pending() -> ColumnElement[bool]:
    return Notice.status == Delivery.PENDING


async def _look_up(resources: AppState, notices: Sequence[Notice]) -> dict[str, Dossier | Exception]:
    """By reference, what is known of each case, or why it could not be learnt now."""
    references = sorted({notice.reference for notice in notices})
    told_of = {
        (notice.reference, notice.started_by) for notice in notices if notice.kind in policy.ABOUT_A_VISIT
    }
    with_new_dates = [notice.reference for notice in notices if notice.kind == Kind.NEW_DATES]
    async with transaction(resources.database) as session:
        # asked before the deadlines: whatever is told or changes after this makes a later notice's news
        now = (await session.execute(select(func.clock_timestamp()))).scalar_one()
        told = await queries.letters_with_dates(session, with_new_dates) if with_new_dates else {}
        watched = await queries.cases(session, references)
        stored = await queries.stored_deadlines(session, references)
        facts = {key: await queries.facts_of(session, *key) for key in sorted(told_of)}
    owners = await _owners(resources, watched.values())
    found: dict[str, Dossier | Exception] = {}
    for reference in references:
        owner = owners.get(reference, UnknownToItsOwner())
        if isinstance(owner, Exception):
            found[reference] = owner
            continue
        spoken_of = {sequence: words for (case, sequence), words in facts.items() if case == reference}
        deadlines = list(stored.get(reference, {}).values())
        found[reference] = Dossier(owner, deadlines, now, spoken_of, Told.of(told.get(reference, [])))
    return found


async def _owners(
    resources: AppState, watched: Collection[WatchedCase]
) -> dict[str, ContactForNotice | Exception]:
    """Ask each case's owner for its contact; a service that is away fails its own cases only."""
    by_service: dict[str, list[str]] = defaultdict(list)
    for one in watched:
        by_service[one.service].append(one.reference)
    found: dict[str, ContactForNotice | Exception] = {}
    for service, references in by_service.items():
        try:
            answer = await resources.services.get(service, "/internal/contacts", reference=references)
            answer.raise_for_status()
            for reference, contact in answer.json()["contacts"].items():
                found[reference] = ContactForNotice.model_validate(contact)
        except Exception as problem:  # noted on each notice, which is then tried again
            found |= dict.fromkeys(references, problem)
    return found


async def _dropped(resources: AppState, notice: Notice) -> None:
    async with transaction(resources.database) as session:
        dropped = update(Notice).where(Notice.id == notice.id, _pending())
        await session.execute(dropped.values(status=Delivery.WITHDRAWN, reason=NoLongerTrue.__name__))
    NOTICES.labels(notice.kind, Delivery.WITHDRAWN).inc()


async def _failed(resources: AppState, notice: Notice, problem: Exception) -> None:
    wait = policy.retry_after(notice.attempts)
    about = {"notice": str(notice.id), "error": type(problem).__name__, "attempt": notice.attempts}
    level = logging.ERROR if wait is None else logging.WARNING
    log.log(level, "a notice could not be delivered", exc_info=problem, extra=about)
    NOTICES.labels(notice.kind, "retried" if wait else Delivery.FAILED).inc()
    values: dict[str, object] = {"status": Delivery.FAILED, "reason": type(problem).__name__}
    if wait is not None:
        values = {"next_attempt_at": func.clock_timestamp() + timedelta(seconds=wait)}
    async with transaction(resources.database) as session:
        await session.execute(update(Notice).where(Notice.id == notice.id, _pending()).values(values))
