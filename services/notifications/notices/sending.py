"""Send letters that are composed: note the attempt, send, and look for what may have left already.

The attempt is committed before anything leaves, and no transaction is open while a channel works. So after a
crash it is known which letters may have left: they are looked for by their id before they are sent again.
A channel that cannot find them, as SMTP, may send one twice a crash, under one Message-ID.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from uuid import UUID

from services.notifications.models import LetterAttempt, Notice
from services.notifications.notices.channels import (
    Channel,
    Form,
    Found,
    PermanentFailure,
    TemporaryFailure,
)
from services.notifications.notices.channels.opening import Channels
from services.notifications.notices.compose import Composed
from services.notifications.notices.failing import kind_of, reason_of
from services.notifications.notices.pacing import Pace
from services.notifications.notices.queries import attempts as queries, leaving, letters, sent
from services.notifications.notices.queries.attempts import NewAttempt
from services.notifications.notices.queries.leaving import Said
from services.notifications.notices.ready import Ready
from services.notifications.policy import Attempt, AttemptState, Failure
from shared.app_state import AppState
from shared.telemetry import get_logger, request_id
from shared.work import UnitOfWork, unit_of_work

log = get_logger(__name__)

# A provider that answers nothing holds up a batch for less than what is urgent may wait, and than the lease.
LONGEST_SECONDS = 20.0
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FAILED_BEFORE, NOT_FOUND = "failed-before", "not-found"


@dataclass(frozen=True, slots=True)
class Going:
    """A letter whose attempts are noted; `before` has the latest of those that it had already, by name."""

    ready: Ready
    before: Mapping[UUID, LetterAttempt]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of sending a letter to its readers, or to one of them: its receipt, or the problem with it.

    `channel` and `form` are those by which it went. One that `is_new` left at this try, and not before;
    of one that `is_noted` it was known before.
    """

    composed: Composed
    channel: str
    form: str
    found: Found | None = None
    problem: Exception | None = None
    is_new: bool = False
    is_noted: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """A letter after its attempt, with what became of all that was tried.

    Where there is a `problem` it is tried again, or failed. Of what is then `untried` it is known that it has
    not left.
    """

    ready: Ready
    outcomes: Sequence[Outcome]
    problem: Outcome | None = None
    untried: Sequence[UUID] = ()

    @property
    def told(self) -> Sequence[Outcome]:
        """The readers of the letter itself who have it."""
        return [one for one in self.outcomes if one.found and not one.composed.is_copy]

    @property
    def notices(self) -> list[Notice]:
        """The notices that it tells."""
        return [part.notice for part in self.ready.parts]

    def said_of(self, notice: Notice) -> Said:
        """The words and dates that it told of a notice: of one that had left already, those noted then."""
        if notice.leaving and not any(one.is_new for one in self.told):
            return Said.from_row(notice.leaving)
        return self.ready.said[notice.id]


async def begin(work: UnitOfWork, channels: Channels, ready: Sequence[Ready]) -> list[Going]:
    """Note the attempts of these letters; those for which a provider has no room now are left out."""
    before = await queries.latest(work, {one.id for each in ready for one in each.composed})
    going: list[Going] = []
    leaves: list[Ready] = []
    new: list[NewAttempt] = []
    pace = await _pace(work, channels, ready)
    for each in sorted(ready, key=lambda one: one.urgency):
        theirs = [_new(each, one, channels) for one in each.composed if _is_tried(before.get(one.id))]
        if pace.has_taken(each.urgency, theirs):
            known = {one.id: before[one.id] for one in each.composed if one.id in before}
            going.append(Going(each, known))
            new += theirs
            if not all(one.is_copy for one in theirs):
                leaves.append(each)
    # attempts before notices, as receipts lock them
    await queries.renew(work, [one for each in going for one in each.before.values() if one.is_in_doubt])
    await queries.begin(work, new, before)
    # of one that may have left, the words stay those with which it may have
    await _keep_words(work, leaves)
    return going


def _is_tried(latest: LetterAttempt | None) -> bool:
    """Tell what is sent anew: what was never tried, and what failed for now."""
    if latest is None:
        return True
    return latest.status == Attempt.FAILED and latest.failure != Failure.PERMANENT


async def _pace(work: UnitOfWork, channels: Channels, ready: Sequence[Ready]) -> Pace:
    settings = work.state.settings
    room = {channel.name: await _room(work, channel) for channel in _in_order(channels)}
    said = await queries.times_said(work, _contents(ready), HOUR)
    return Pace(room, settings.pace_kept_free, settings.same_text_per_hour, said)


def _in_order(channels: Channels) -> list[Channel]:
    """Each channel once, in the order in which every worker locks them."""
    return sorted(set(channels.values()), key=lambda channel: channel.name)


async def _room(work: UnitOfWork, channel: Channel) -> float:
    """The letters that the provider of a channel takes within this minute."""
    if channel.per_minute is None:
        return float("inf")
    await queries.take_turns(work, channel.name)
    return channel.per_minute - await queries.begun_within(work, channel.name, MINUTE)


def _contents(ready: Sequence[Ready]) -> set[str]:
    return {content for each in ready for one in each.composed if (content := content_of(one))}


def content_of(one: Composed) -> str | None:
    """A digest of a text message and its number; other forms have no such limit."""
    if one.form is not Form.TEXT:
        return None
    return sha256(f"{one.recipients[0].phone}\n{one.letter.text}".encode()).hexdigest()


def _new(ready: Ready, one: Composed, channels: Channels) -> NewAttempt:
    part_of = None if one.id == ready.id else ready.id
    return NewAttempt(
        one.id, ready.reference, channels[one.form].name, one.form, content_of(one), part_of, one.is_copy
    )


async def send(state: AppState, channels: Channels, going: Going) -> Gone:
    """Send a letter, and before it what goes along: once it has left, nothing more can fail."""
    request_id.set(going.ready.request_id)
    outcomes: list[Outcome] = []
    groups = going.ready.copies_first
    for place, group in enumerate(groups):
        theirs = await asyncio.gather(*(_outcome(state, channels, going, one) for one in group))
        outcomes += theirs
        if problem := _problem(theirs):
            rest = [one.id for each in groups[place + 1 :] for one in each]
            untried = [id for id in rest if _is_tried(going.before.get(id))]
            return Gone(going.ready, outcomes, problem, untried)
    return Gone(going.ready, outcomes)


def _problem(outcomes: Sequence[Outcome]) -> Outcome | None:
    """The problem for which a letter is not told yet: of one of its readers for now, or of all for good."""
    failed = [one for one in outcomes if one.problem]
    for_now = [one for one in failed if one.problem and kind_of(one.problem) is Failure.TEMPORARY]
    if for_now:
        return max(for_now, key=lambda one: getattr(one.problem, "retry_after", 0.0))
    if failed and len(failed) < len(outcomes):
        reasons = [reason_of(one.problem) for one in failed if one.problem]
        log.error("a letter was refused for some of its readers", extra={"error": ", ".join(reasons)})
        return None
    return failed[0] if failed else None


async def _outcome(state: AppState, channels: Channels, going: Going, one: Composed) -> Outcome:
    """Send to a reader, unless it is known, or found, that they have it, or can never be reached."""
    latest, channel = going.before.get(one.id), channels[one.form]
    try:
        if latest is not None and not _is_tried(latest):
            earlier = await _earlier(channels, one, latest)
            if earlier is not None:
                return earlier
            await _begin_again(state, going.ready, _new(going.ready, one, channels), latest)
        found = await _bring(channel, one, state.clock)
    except Exception as problem:
        return Outcome(one, channel.name, one.form, problem=problem)
    return Outcome(one, channel.name, one.form, found, is_new=True)


async def _earlier(channels: Channels, one: Composed, latest: LetterAttempt) -> Outcome | None:
    """The outcome of an earlier try as it is known here, else as its provider has it; None without one."""
    went = partial(Outcome, one, latest.channel, latest.form)
    if latest.status == Attempt.FAILED:
        return went(problem=PermanentFailure(latest.reason or FAILED_BEFORE), is_noted=True)
    if latest.receipt is not None:
        return went(Found(latest.receipt, AttemptState(Attempt(latest.status), latest.status_at)))
    channel = next((each for each in channels.values() if each.name == latest.channel), None)
    try:
        found = await _looked_for(channel, one, latest.began_at)
    except Exception as problem:
        return went(problem=problem)
    return went(found) if found else None


async def _begin_again(state: AppState, ready: Ready, again: NewAttempt, latest: LetterAttempt) -> None:
    """Note what leaves now in the place of what had not left, by another attempt if by another channel."""
    async with unit_of_work(state) as work:
        if (again.channel, again.form) != (latest.channel, latest.form):
            await queries.note_failed(work, latest.letter, work.now, Failure.TEMPORARY, NOT_FOUND)
            await queries.begin(work, [again], {latest.letter: latest})
        if not again.is_copy:
            await _keep_words(work, [ready])


async def _keep_words(work: UnitOfWork, ready: Sequence[Ready]) -> None:
    await sent.keep(work, [(one.id, one.words) for one in ready])
    await leaving.note_leaving(work, {id: said for one in ready for id, said in one.said.items()})
    await letters.leave_apart(work, {one.id: [part.notice.id for part in one.parts] for one in ready})


async def _looked_for(channel: Channel | None, one: Composed, in_doubt_since: datetime) -> Found | None:
    """The letter as its provider has it, if it has; raises what the channel does, and why it failed there."""
    try:
        found = await channel.find(one.id, in_doubt_since) if channel else None
    except (TemporaryFailure, OSError) as away:
        raise TemporaryFailure("cannot-be-looked-for", in_doubt=True) from away
    if found is None:
        about = {"letter": str(one.id), "upstream": channel.name if channel else "none"}
        log.warning("a letter may leave twice", extra=about)
        return None
    if found.state.status is Attempt.FAILED:
        permanent = found.failure is Failure.PERMANENT
        raise (PermanentFailure if permanent else TemporaryFailure)(FAILED_BEFORE)
    log.info("a letter had left already", extra={"letter": str(one.id)})
    return found


async def _bring(channel: Channel, one: Composed, clock: Callable[[], datetime]) -> Found:
    """Send a letter; raises what the channel does."""
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            receipt = await channel.deliver(one.id, one.recipients, one.letter)
    except TimeoutError as late:
        raise TemporaryFailure("no-answer", in_doubt=True) from late
    return Found(receipt, AttemptState(Attempt.SENT, clock()))
