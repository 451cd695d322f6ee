"""Deliver notices: claim some, ask their owners whom to tell, send each letter, and note that it was sent.

Whatever can be asked or noted for many at once is: each acknowledgement has the same three questions.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from services.notifications import policy
from services.notifications.models import Notice, WatchedCase
from services.notifications.notices.addressing import is_safe_at
from services.notifications.notices.channels import Channel, Letter
from services.notifications.notices.channels.mailbox import Mailbox
from services.notifications.notices.compose import Composed, compose
from services.notifications.notices.owing import tell_of_withdrawal
from services.notifications.notices.parts import CaseContext, DatesTold, Part, StaleNotice, part_of
from services.notifications.notices.queries import cases, letters as queries
from services.notifications.notices.queries.letters import Delivered
from services.notifications.notices.rows import Messages, messages_of
from services.notifications.notices.telling import publish_delivered
from services.notifications.policy import Delivery, Kind
from shared.app_state import AppState
from shared.cases.schemas import ContactForNotice, WrittenLetter
from shared.db.errors import is_transient
from shared.telemetry import NOTICE_DELAY, NOTICES, get_logger, request_id
from shared.work import UnitOfWork, unit_of_work

log = get_logger(__name__)

BATCH = 50
POLL_SECONDS = 0.5
# One act is published event by event, and the sweep looks each second: by then all of it is owed.
GATHER = timedelta(seconds=2)

Channels = Mapping[str, Channel]


class UnknownToItsOwner(LookupError):
    """The service whose case it is says that it has none of this reference."""


async def run(state: AppState) -> None:
    """Deliver until cancelled."""
    mailbox = Mailbox(state.settings.var / "mail", state.settings.mail_from)
    channels = {mailbox.name: mailbox}
    new_dates_wait = timedelta(seconds=state.settings.new_dates_wait_seconds)
    while True:
        async with unit_of_work(state) as work:
            claimed = await queries.claim(work, BATCH, GATHER, new_dates_wait)
        await deliver(state, channels, claimed)
        if len(claimed) < BATCH:
            await asyncio.sleep(POLL_SECONDS)


async def deliver(state: AppState, channels: Channels, notices: Sequence[Notice]) -> None:
    """Deliver notices, letter by letter; of each that failed, note why and when it is tried again."""
    if not notices:
        return
    async with unit_of_work(state) as work:
        known = await _look_up(work, notices)
    letters = [(id, list(its)) for id, its in groupby(sorted(notices, key=_letter), key=_letter)]
    sent = await asyncio.gather(*(_deliver_one(state, channels, *letter, known) for letter in letters))
    await _note_all(state, [letter for letter in sent if letter])


def _letter(notice: Notice) -> UUID:
    assert notice.sent_with is not None
    return notice.sent_with


async def _deliver_one(
    state: AppState,
    channels: Channels,
    id: UUID,
    notices: Sequence[Notice],
    known: Mapping[str, CaseContext | Exception],
) -> list[Delivered]:
    """Compose one letter and send it; what is wrong with a notice or a letter keeps no other waiting."""
    reference = notices[0].reference
    request_id.set(notices[0].request_id or str(id))
    context = known[reference]
    if isinstance(context, Exception):
        await _failed(state, notices, context)
        return []
    messages = messages_of(state.settings.directory)
    try:
        written = await _written(state, notices[0], context)
    except Exception as problem:
        await _failed(state, notices, problem)
        return []
    context = context.addressed_to(written.contact if written else None)
    if not _may_leave_now(notices, context):
        async with unit_of_work(state) as work:
            await queries.put_off(work, [notice.id for notice in notices])
        return []
    parts = await _parts(state, messages, notices, context)
    if not parts:
        return []
    try:
        letters = compose(state, messages, id, parts, context, _letter_of(written))
        for one in reversed(letters):  # the letter itself last: once it has left, nothing more can fail
            receipt = await channels[one.channel].deliver(one.id, one.recipients, one.letter)
    except Exception as problem:
        await _failed(state, [part.notice for part in parts], problem)
        return []
    log.info("letter sent", extra={"letter": str(id), "reference": reference, "count": len(parts)})
    return [_delivered(state, part, context, letters[0], receipt) for part in parts]


async def _parts(
    state: AppState, messages: Messages, notices: Sequence[Notice], known: CaseContext
) -> list[Part]:
    """The parts of the notices that are still true; what is wrong with one keeps no other waiting."""
    parts = []
    for notice in notices:
        try:
            parts.append(part_of(state, messages, notice, known))
        except StaleNotice:
            await _dropped(state, notice)
        except Exception as problem:
            await _failed(state, [notice], problem)
    return parts


def _may_leave_now(notices: Sequence[Notice], known: CaseContext) -> bool:
    """Tell whether a letter may leave: one to somebody outside only at a time that is safe for them."""
    goes_outside = any(known.reader_of(notice) in policy.OUTSIDE for notice in notices)
    return not goes_outside or is_safe_at(known.owner.contact, known.now)


def _delivered(
    state: AppState, part: Part, known: CaseContext, composed: Composed, receipt: str
) -> Delivered:
    """The delivery of one notice, which is counted."""
    NOTICES.labels(part.notice.kind, Delivery.SENT).inc()
    delay = (state.clock() - part.notice.owed_at).total_seconds()
    NOTICE_DELAY.labels(part.notice.kind).observe(max(0.0, delay))
    reader, letter = known.reader_of(part.notice), composed.letter
    named = known.owner.handler.name is not None
    return Delivered(part.notice, reader, composed.channel, receipt, part.told_dates, letter.digest, named)


async def _written(state: AppState, notice: Notice, known: CaseContext) -> WrittenLetter | None:
    """The letter that the case's owner wrote and keeps, if it is one; it leaves exactly as it is there.

    Raises httpx.HTTPError where the owner is away or has no such letter.
    """
    if not notice.kept_by_owner:
        return None
    owner = known.events[notice.started_by].service
    answer = await state.services.get(owner, f"/internal/letters/{notice.reference}/{notice.started_by}")
    return WrittenLetter.model_validate_json(answer.raise_for_status().content)


def _letter_of(kept: WrittenLetter | None) -> Letter | None:
    return None if kept is None else Letter(kept.subject, kept.text, kept.html)


async def _note_all(state: AppState, letters: Sequence[Sequence[Delivered]]) -> None:
    """Note letters together; if that cannot be, one by one, so that only the one at fault is tried again."""
    if not letters:
        return
    try:
        async with unit_of_work(state) as work:
            await note_sent(work, [one for letter in letters for one in letter])
    except Exception as problem:
        if is_transient(problem):
            raise
        if len(letters) == 1:
            await _failed(state, [one.notice for one in letters[0]], problem, has_left=True)
            return
        for letter in letters:
            await _note_all(state, [letter])


async def note_sent(work: UnitOfWork, delivered: Sequence[Delivered]) -> None:
    """Note that notices reached their readers, who need not be those they were meant for.

    Whoever was told of a breach that was withdrawn on its way is told that too.
    """
    withdrawn = await queries.note_sent(work, delivered)
    await publish_delivered(work, delivered)
    for one in delivered:
        if one.notice.id in withdrawn and one.notice.kind in policy.ABOUT_A_BREACH:
            await tell_of_withdrawal(work, one.notice, [(one.reader, one.notice.due_at)])


async def _look_up(work: UnitOfWork, notices: Sequence[Notice]) -> dict[str, CaseContext | Exception]:
    """By reference, what is known of each case, or why it could not be learnt now."""
    references = sorted({notice.reference for notice in notices})
    about_events = (notice for notice in notices if not notice.standard and notice.started_by)
    places = {(notice.reference, notice.started_by) for notice in about_events}
    moved = [notice.reference for notice in notices if notice.kind == Kind.NEW_DATES]
    # asked before the deadlines: whatever is told or changes after this makes a later notice's news
    now = await queries.clock(work)
    told = await queries.notices_with_dates(work, moved) if moved else {}
    watched = await cases.cases(work, references)
    stored = await cases.stored_deadlines(work, references)
    events = await cases.events_at(work, places)
    owners = await _owners(work.state, watched.values())
    found: dict[str, CaseContext | Exception] = {}
    for reference in references:
        owner = owners.get(reference, UnknownToItsOwner())
        if isinstance(owner, Exception):
            found[reference] = owner
            continue
        found[reference] = CaseContext(
            owner,
            list(stored.get(reference, {}).values()),
            now,
            {sequence: event for (case, sequence), event in events.items() if case == reference},
            DatesTold.of(told.get(reference, ())),
            watched[reference].needs_scope is not None,
        )
    return found


async def _owners(
    state: AppState, watched: Collection[WatchedCase]
) -> dict[str, ContactForNotice | Exception]:
    """Ask each case's owner for its contact; a service that is away fails its own cases only."""
    by_service: dict[str, list[str]] = defaultdict(list)
    for one in watched:
        by_service[one.service].append(one.reference)
    found: dict[str, ContactForNotice | Exception] = {}
    for service, references in by_service.items():
        try:
            answer = await state.services.get(service, "/internal/contacts", reference=references)
            answer.raise_for_status()
            for reference, contact in answer.json()["contacts"].items():
                found[reference] = ContactForNotice.model_validate(contact)
        except Exception as problem:  # noted on each notice, which is then tried again
            found |= dict.fromkeys(references, problem)
    return found


async def _dropped(state: AppState, notice: Notice) -> None:
    async with unit_of_work(state) as work:
        await queries.end(work, notice, Delivery.WITHDRAWN, StaleNotice.__name__)
    NOTICES.labels(notice.kind, Delivery.WITHDRAWN).inc()


async def _failed(
    state: AppState, notices: Sequence[Notice], problem: Exception, *, has_left: bool = False
) -> None:
    async with unit_of_work(state) as work:
        for notice in notices:
            wait = policy.retry_after(notice.attempts, 1.0)
            about = {"notice": str(notice.id), "error": type(problem).__name__, "attempt": notice.attempts}
            level = logging.ERROR if wait is None else logging.WARNING
            log.log(level, "a notice could not be delivered", exc_info=problem, extra=about)
            NOTICES.labels(notice.kind, "retried" if wait else Delivery.FAILED).inc()
            if wait is None:
                await queries.end(work, notice, Delivery.FAILED, type(problem).__name__)
            else:
                await queries.try_again(work, notice, timedelta(seconds=wait), has_left=has_left)
