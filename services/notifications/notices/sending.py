"""Send letters that are composed: note the attempt, send, and look for what may have left already.

The attempt is committed before anything leaves, and no transaction is open while a channel works. So after a
crash it is known which letters may have left: they are looked for by their id before they are sent again.
A channel that cannot find them, as SMTP, may send one twice a crash, under one Message-ID.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from services.notifications import policy
from services.notifications.models import Notice
from services.notifications.notices.channels import (
    Channel,
    Form,
    Found,
    PermanentFailure,
    TemporaryFailure,
)
from services.notifications.notices.channels.opening import Channels
from services.notifications.notices.compose import Composed
from services.notifications.notices.pacing import Pace
from services.notifications.notices.parts import CaseContext, Part
from services.notifications.notices.queries import attempts as queries, sent
from services.notifications.notices.queries.attempts import NewAttempt
from services.notifications.notices.queries.letters import Words
from services.notifications.policy import Attempt, AttemptState, Failure, Urgency
from shared.app_state import AppState
from shared.telemetry import get_logger, request_id
from shared.work import UnitOfWork, unit_of_work

log = get_logger(__name__)

# A provider that answers nothing holds up a batch for less than what is urgent may wait, and than the lease.
LONGEST_SECONDS = 20.0
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter that is composed, and what goes along with it: the letter itself is the first.

    `contexts` and `words` are by reference: a digest tells of several cases. Of a case of which nothing is
    kept here there are no words.
    """

    id: UUID
    parts: Sequence[Part]
    contexts: Mapping[str, CaseContext]
    composed: Sequence[Composed]
    words: Mapping[str, Words]

    @property
    def reference(self) -> str:
        """The case that it is about, of a digest the first."""
        return self.parts[0].notice.reference

    @property
    def request_id(self) -> str:
        """The id of the request that it goes back to; its own where there was none."""
        return self.parts[0].notice.request_id or str(self.id)

    @property
    def urgency(self) -> Urgency:
        """The urgency of the most urgent of its notices."""
        return Urgency(min(part.notice.urgency for part in self.parts))

    @property
    def goes_outside(self) -> bool:
        """Tell a letter to somebody outside."""
        return any(self.reader_of(part) in policy.OUTSIDE for part in self.parts)

    def reader_of(self, part: Part) -> str:
        """The audience that really reads a part."""
        return self.contexts[part.notice.reference].reader_of(part.notice)


@dataclass(frozen=True, slots=True)
class Going:
    """A letter whose attempts are noted; `in_doubt` are those that may have left, and since when."""

    ready: Ready
    in_doubt: Mapping[UUID, datetime]


@dataclass(frozen=True, slots=True)
class Gone:
    """A letter after its attempt: the receipts of all that left, or the problem with one of them.

    Of what is then `untried` it is known that it has not left.
    """

    ready: Ready
    taken: Sequence[tuple[Composed, Found]]
    problem: tuple[Composed, Exception] | None = None
    channel: str = ""
    untried: Sequence[UUID] = ()

    @property
    def letter(self) -> tuple[Composed, Found]:
        """The letter itself, with its receipt."""
        own = self.ready.composed[0]
        return next((one, found) for one, found in self.taken if one is own)

    @property
    def notices(self) -> list[Notice]:
        """The notices that it tells."""
        return [part.notice for part in self.ready.parts]


async def begin(work: UnitOfWork, channels: Channels, ready: Sequence[Ready]) -> list[Going]:
    """Note the attempts of these letters; those for which a provider has no room now are left out."""
    before = await queries.of_letters(work, {one.id for each in ready for one in each.composed})
    going, new = [], []
    pace = await _pace(work, channels, ready)
    for each in sorted(ready, key=lambda one: one.urgency):
        theirs = [_new(each, one, channels) for one in each.composed]
        doubtful = {
            one.letter: before[one.letter].began_at
            for one in theirs
            if queries.is_in_doubt(before.get(one.letter))
        }
        if doubtful or pace.has_taken(each.urgency, theirs):
            going.append(Going(each, doubtful))
            new += theirs
    await queries.begin(work, new, before)
    # of one that may have left, the words stay those with which it may have
    await sent.keep(
        work, [(one.ready.id, one.ready.words) for one in going if one.ready.id not in one.in_doubt]
    )
    return going


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
    return NewAttempt(one.id, ready.reference, channels[one.form].name, one.form, content_of(one))


async def send(state: AppState, channels: Channels, going: Going) -> Gone:
    """Send a letter, and before it what goes along: once it has left, nothing more can fail."""
    request_id.set(going.ready.request_id)
    taken: list[tuple[Composed, Found]] = []
    in_order = [*reversed(going.ready.composed)]
    for place, one in enumerate(in_order):
        try:
            since, channel = going.in_doubt.get(one.id), channels[one.form]
            found = await _looked_for(channel, one, since) if since else None
            if since and found is None and one.id == going.ready.id:
                await _keep_words(state, going.ready)
            taken.append((one, found or await _bring(channel, one, state.clock)))
        except Exception as problem:
            untried = [each.id for each in in_order[place + 1 :] if each.id not in going.in_doubt]
            return Gone(going.ready, taken, (one, problem), untried=untried)
    return Gone(going.ready, taken, channel=channels[going.ready.composed[0].form].name)


async def _keep_words(state: AppState, ready: Ready) -> None:
    async with unit_of_work(state) as work:
        await sent.keep(work, [(ready.id, ready.words)])


async def _looked_for(channel: Channel, one: Composed, in_doubt_since: datetime) -> Found | None:
    """The letter as its provider has it, if it has; raises what the channel does, and why it failed there."""
    try:
        found = await channel.find(one.id, in_doubt_since)
    except (TemporaryFailure, OSError) as away:
        raise TemporaryFailure("cannot-be-looked-for", in_doubt=True) from away
    if found is None:
        log.warning("a letter may leave twice", extra={"letter": str(one.id), "upstream": channel.name})
        return None
    if found.state.status is Attempt.FAILED:
        permanent = found.failure is Failure.PERMANENT
        raise (PermanentFailure if permanent else TemporaryFailure)("failed-before")
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
