"""Deliver notices: claim some, ask their owners whom to tell, send each letter, and note that it was sent.

Whatever can be asked or noted for many at once is: each acknowledgement has the same three questions.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from services.notifications import policy
from services.notifications.models import Notice
from services.notifications.notices import sending
from services.notifications.notices.addressing import is_safe_at
from services.notifications.notices.channels import Letter
from services.notifications.notices.channels.opening import Channels, open_channels
from services.notifications.notices.compose import compose
from services.notifications.notices.failing import Chance, is_in_doubt, kind_of, note_failed, reason_of
from services.notifications.notices.lookup import look_up, written_letter
from services.notifications.notices.owing import tell_of_withdrawal
from services.notifications.notices.parts import CaseContext, Part, StaleNotice, part_of
from services.notifications.notices.queries import attempts, letters as queries
from services.notifications.notices.queries.letters import Delivered
from services.notifications.notices.rows import Messages, messages_of
from services.notifications.notices.sending import Gone, Ready
from services.notifications.notices.telling import publish_delivered
from services.notifications.policy import Delivery, Urgency
from shared.app_state import AppState
from shared.cases.schemas import WrittenLetter
from shared.db.errors import is_transient
from shared.telemetry import NOTICE_DELAY, NOTICES, get_logger, request_id
from shared.work import UnitOfWork, unit_of_work

log = get_logger(__name__)

BATCH = 50
POLL_SECONDS = 0.5
# One act is published event by event, and the sweep looks each second: by then all of it is owed.
GATHER = timedelta(seconds=2)


async def run(state: AppState) -> None:
    """Deliver until cancelled, in two lanes, so that no storm of letters delays what cannot wait.

    Whatever is urgent leaves by the first of them that is free, and one takes nothing else.
    """
    async with asyncio.TaskGroup() as lanes:
        lanes.create_task(_lane(state, Urgency.AT_ONCE))
        lanes.create_task(_lane(state, max(Urgency)))


async def _lane(state: AppState, least: Urgency) -> None:
    """Deliver what is as urgent as that, or more, by channels of its own."""
    new_dates_wait = timedelta(seconds=state.settings.new_dates_wait_seconds)
    async with open_channels(state.settings) as channels:
        while True:
            async with unit_of_work(state) as work:
                claimed = await queries.claim(work, BATCH, GATHER, new_dates_wait, least)
            all_left = await deliver(state, channels, claimed)
            if len(claimed) < BATCH or not all_left:
                await asyncio.sleep(POLL_SECONDS)


async def deliver(
    state: AppState, channels: Channels, notices: Sequence[Notice], chance: Chance = random.random
) -> bool:
    """Deliver notices, letter by letter; of each that failed, note why and when it is tried again.

    Returns whether there was room for all at their providers.
    """
    if not notices:
        return True
    async with unit_of_work(state) as work:
        known = await look_up(work, notices)
    letters = [(id, list(its)) for id, its in groupby(sorted(notices, key=_letter), key=_letter)]
    composed = await asyncio.gather(*(_composed(state, chance, *letter, known) for letter in letters))
    ready = [letter for letter in composed if letter]
    async with unit_of_work(state) as work:
        going = await sending.begin(work, channels, ready)
        gone_on = {one.ready.id for one in going}
        held_back = [part.notice.id for one in ready if one.id not in gone_on for part in one.parts]
        await queries.put_off(work, held_back)
    gone = await asyncio.gather(*(sending.send(channels, one, state.clock) for one in going))
    await _note_all(state, chance, gone)
    return not held_back


def _letter(notice: Notice) -> UUID:
    assert notice.sent_with is not None
    return notice.sent_with


async def _composed(
    state: AppState,
    chance: Chance,
    id: UUID,
    notices: Sequence[Notice],
    known: Mapping[str, CaseContext | Exception],
) -> Ready | None:
    """Compose one letter; what is wrong with a notice or a letter keeps no other waiting."""
    request_id.set(notices[0].request_id or str(id))
    context = known[notices[0].reference]
    if isinstance(context, Exception):
        await _failed(state, chance, notices, context)
        return None
    messages = messages_of(state.settings.directory)
    try:
        written = await written_letter(state, notices[0], context)
    except Exception as problem:
        await _failed(state, chance, notices, problem)
        return None
    context = context.addressed_to(written.contact if written else None)
    if not _may_leave_now(notices, context):
        async with unit_of_work(state) as work:
            await queries.put_off(work, [notice.id for notice in notices])
        return None
    parts = await _parts(state, chance, messages, notices, context)
    if not parts:
        return None
    try:
        letters = compose(
            state,
            messages,
            id,
            parts,
            context,
            _letter_of(written),
        )
    except Exception as problem:
        await _failed(state, chance, [part.notice for part in parts], problem)
        return None
    return Ready(id, parts, context, letters)


def _letter_of(kept: WrittenLetter | None) -> Letter | None:
    return None if kept is None else Letter(kept.subject, kept.text, kept.html)


async def _parts(
    state: AppState, chance: Chance, messages: Messages, notices: Sequence[Notice], known: CaseContext
) -> list[Part]:
    """The parts of the notices that are still true; what is wrong with one keeps no other waiting."""
    parts = []
    for notice in notices:
        try:
            parts.append(part_of(state, messages, notice, known))
        except StaleNotice:
            await _dropped(state, notice)
        except Exception as problem:
            await _failed(state, chance, [notice], problem)
    return parts


def _may_leave_now(notices: Sequence[Notice], known: CaseContext) -> bool:
    """Tell whether a letter may leave: one to somebody outside only at a time that is safe for them."""
    goes_outside = any(known.reader_of(notice) in policy.OUTSIDE for notice in notices)
    return not goes_outside or is_safe_at(known.owner.contact, known.now)


def _delivered(state: AppState, part: Part, gone: Gone) -> Delivered:
    """The delivery of one notice, which is counted."""
    NOTICES.labels(part.notice.kind, Delivery.SENT).inc()
    delay = (state.clock() - part.notice.owed_at).total_seconds()
    NOTICE_DELAY.labels(part.notice.kind).observe(max(0.0, delay))
    known, (composed, found) = gone.ready.context, gone.taken[-1]
    named = known.owner.handler.name is not None
    return Delivered(
        part.notice,
        known.reader_of(part.notice),
        gone.channel,
        found.receipt,
        part.told_dates,
        composed.letter.digest,
        named,
    )


async def _note_all(state: AppState, chance: Chance, gone: Sequence[Gone]) -> None:
    """Note letters together; if that cannot be, one by one, so that only the one at fault is tried again."""
    for letter in gone:
        if letter.problem is not None:
            await _note_problem(state, chance, letter)
    await _note_left(state, chance, [letter for letter in gone if letter.problem is None])


async def _note_left(state: AppState, chance: Chance, gone: Sequence[Gone]) -> None:
    if not gone:
        return
    try:
        async with unit_of_work(state) as work:
            await attempts.note_sent(
                work, [(one.id, found.receipt) for letter in gone for one, found in letter.taken]
            )
            await note_sent(work, [_delivered(state, part, one) for one in gone for part in one.ready.parts])
    except Exception as problem:
        if is_transient(problem):
            raise
        if len(gone) == 1:
            await _failed(state, chance, gone[0].notices, problem, has_left=True)
            return
        for letter in gone:
            await _note_left(state, chance, [letter])
        return
    for letter in gone:
        about = {"letter": str(letter.ready.id), "reference": letter.ready.reference}
        log.info("letter sent", extra={**about, "count": len(letter.ready.parts)})


async def _note_problem(state: AppState, chance: Chance, gone: Gone) -> None:
    """Note why a letter was not taken; of one in doubt nothing is known, and its attempt stays as it is."""
    assert gone.problem is not None
    composed, problem = gone.problem
    form = composed.form if gone.ready.goes_outside and composed is gone.ready.composed[0] else None
    async with unit_of_work(state) as work:
        await attempts.note_sent(work, [(one.id, found.receipt) for one, found in gone.taken])
        if not is_in_doubt(problem):
            await attempts.note_failed(work, composed.id, work.now, kind_of(problem), reason_of(problem))
        await note_failed(work, gone.notices, problem, chance, form=form)


async def note_sent(work: UnitOfWork, delivered: Sequence[Delivered]) -> None:
    """Note that notices reached their readers, who need not be those they were meant for.

    Whoever was told of a breach that was withdrawn on its way is told that too.
    """
    withdrawn = await queries.note_sent(work, delivered)
    await publish_delivered(work, delivered)
    for one in delivered:
        if one.notice.id in withdrawn and one.notice.kind in policy.ABOUT_A_BREACH:
            await tell_of_withdrawal(work, one.notice, [(one.reader, one.notice.due_at)])


async def _dropped(state: AppState, notice: Notice) -> None:
    async with unit_of_work(state) as work:
        await queries.end(work, notice, Delivery.WITHDRAWN, StaleNotice.__name__)
    NOTICES.labels(notice.kind, Delivery.WITHDRAWN).inc()


async def _failed(
    state: AppState, chance: Chance, notices: Sequence[Notice], problem: Exception, *, has_left: bool = False
) -> None:
    async with unit_of_work(state) as work:
        await note_failed(work, notices, problem, chance, has_left=has_left)
