"""Deliver notices: claim some, ask their owners whom to tell, send each letter, and note that it was sent.

Whatever can be asked or noted for many at once is: each acknowledgement has the same three questions.
"""

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby
from uuid import UUID

from services.notifications import policy
from services.notifications.models import Notice
from services.notifications.notices import asking, receipts, sending
from services.notifications.notices.channels import Form
from services.notifications.notices.channels.opening import Channels, open_channels
from services.notifications.notices.digests import due_digests, readers
from services.notifications.notices.failing import (
    Chance,
    is_in_doubt,
    is_tried_again,
    kind_of,
    note_failed,
    reason_of,
)
from services.notifications.notices.lookup import look_up
from services.notifications.notices.owing import tell_of_withdrawal
from services.notifications.notices.parts import Part
from services.notifications.notices.preparing import note_failed_apart, prepare
from services.notifications.notices.queries import attempts, digests, leaving, letters as queries
from services.notifications.notices.queries.leaving import Delivered
from services.notifications.notices.sending import Gone
from services.notifications.notices.telling import publish_delivered
from services.notifications.policy import Delivery, Failure, Urgency
from shared.app_state import AppState
from shared.db.errors import is_transient
from shared.telemetry import NOTICE_DELAY, NOTICES, following, get_logger
from shared.work import UnitOfWork, unit_of_work

log = get_logger(__name__)

NOT_TRIED = "not-tried"
BATCH = 50
POLL_SECONDS = 0.5
DIGESTS_POLL_SECONDS = 2.0
# One act is published event by event, and the sweep looks each second: by then all of it is owed.
GATHER = timedelta(seconds=2)


async def run(state: AppState) -> None:
    """Deliver until cancelled, in two lanes, so that no storm of letters delays what cannot wait.

    Whatever is urgent leaves by the first of them that is free, and one takes nothing else.
    """
    async with asyncio.TaskGroup() as lanes:
        lanes.create_task(_lane(state, Urgency.AT_ONCE))
        lanes.create_task(_lane(state, max(Urgency)))
        lanes.create_task(_digests(state))
        lanes.create_task(asking.run(state))


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


async def _digests(state: AppState) -> None:
    """Deliver the digests that are due, by channels of their own."""
    async with open_channels(state.settings) as channels:
        while True:
            async with unit_of_work(state) as work:
                due = due_digests(state.settings, state.calendar, await queries.clock(work))
                claimed = await digests.claim(work, due, partial(readers, state.settings)) if due else []
            await deliver(state, channels, claimed)
            await asyncio.sleep(DIGESTS_POLL_SECONDS)


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
    composed = await asyncio.gather(*(prepare(state, chance, *letter, known) for letter in letters))
    ready = [letter.for_channels(channels) for letter in composed if letter]
    async with unit_of_work(state) as work:
        going = await sending.begin(work, channels, ready)
        gone_on = {one.ready.id for one in going}
        held_back = [part.notice.id for one in ready if one.id not in gone_on for part in one.parts]
        await queries.put_off(work, held_back)
    gone = await asyncio.gather(*(sending.send(state, channels, one) for one in going))
    await _note_all(state, chance, gone)
    return not held_back


def _letter(notice: Notice) -> UUID:
    assert notice.sent_with is not None
    return notice.sent_with


def _delivered(state: AppState, part: Part, gone: Gone) -> Delivered:
    """The delivery of one notice, which is counted."""
    NOTICES.labels(part.notice.kind, Delivery.SENT).inc()
    delay = (state.clock() - part.notice.owed_at).total_seconds()
    NOTICE_DELAY.labels(part.notice.kind).observe(max(0.0, delay))
    first = gone.told[0]
    assert first.found is not None
    return Delivered(part.notice, gone.said_of(part.notice), first.channel, first.found.receipt)


async def _note_all(state: AppState, chance: Chance, gone: Sequence[Gone]) -> None:
    """Note letters together; if that cannot be, one by one, so that only the one at fault is tried again."""
    left = []
    for letter in gone:
        if _has_left(letter):
            left.append(letter)
        else:
            await _note_problem(state, chance, letter)
    await _note_left(state, chance, left)


def _has_left(gone: Gone) -> bool:
    """Tell a letter that is told; once its tries are over, one that reached some of its readers is, too."""
    if gone.problem is None:
        return True
    problem = gone.problem.problem
    assert problem is not None
    return bool(gone.told) and not all(is_tried_again(notice, problem) for notice in gone.notices)


async def _note_left(state: AppState, chance: Chance, gone: Sequence[Gone]) -> None:
    if not gone:
        return
    try:
        async with unit_of_work(state) as work:
            await _note_attempts(work, gone)
            await note_sent(work, [_delivered(state, part, one) for one in gone for part in one.ready.parts])
            await receipts.act_on(work, [one.ready.id for one in gone], chance)  # some may have come
    except Exception as problem:
        if is_transient(problem):
            raise
        if len(gone) == 1:
            await note_failed_apart(state, chance, gone[0].notices, problem)
            return
        for letter in gone:
            await _note_left(state, chance, [letter])
        return
    for letter in gone:
        about = {"letter": str(letter.ready.id), "reference": letter.ready.reference}
        with following(letter.ready.request_id):
            log.info("letter sent", extra={**about, "count": len(letter.ready.parts)})


async def _note_attempts(work: UnitOfWork, gone: Sequence[Gone]) -> None:
    """Note what became of each attempt; of one in doubt nothing is known, and it stays as it is."""
    outcomes = [outcome for letter in gone for outcome in letter.outcomes]
    taken = [(each.composed.id, each.found.receipt) for each in outcomes if each.found]
    await attempts.note_sent(work, taken)
    for each in outcomes:
        if each.problem and not each.is_noted and not is_in_doubt(each.problem):
            kind, reason = kind_of(each.problem), reason_of(each.problem)
            await attempts.note_failed(work, each.composed.id, work.now, kind, reason)
    for untried in (one for letter in gone for one in letter.untried):
        await attempts.note_failed(work, untried, work.now, Failure.TEMPORARY, NOT_TRIED)


async def _note_problem(state: AppState, chance: Chance, gone: Gone) -> None:
    """Note why a letter was not taken, or not for all of its readers."""
    assert gone.problem is not None
    assert gone.problem.problem is not None
    is_theirs = gone.ready.goes_outside and not gone.problem.composed.is_copy
    form = Form(gone.problem.form) if is_theirs else None
    async with unit_of_work(state) as work:
        await _note_attempts(work, [gone])
        await note_failed(work, gone.notices, gone.problem.problem, chance, form=form)


async def note_sent(work: UnitOfWork, delivered: Sequence[Delivered]) -> None:
    """Note that notices reached their readers, who need not be those they were meant for.

    Whoever was told of a breach that was withdrawn on its way is told that too.
    """
    withdrawn = await leaving.note_sent(work, delivered)
    await publish_delivered(work, delivered)
    for one in delivered:
        if one.notice.id in withdrawn and one.notice.kind in policy.ABOUT_A_BREACH:
            await tell_of_withdrawal(work, one.notice, [(one.said.reader, one.notice.due_at)])
