"""Compose a letter from the notices of one case that leave together, by what is known as it leaves.

One case, one letter, one moment: whatever a resident, or the staff of a department, are owed about a case at
one time is one letter, with a paragraph for each thing, and a line for each minute in which promises are due.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Self

from services.notifications import policy
from services.notifications.models import Notice, WatchedDeadline
from services.notifications.notices.channels import Letter, Recipient
from services.notifications.notices.rows import Message, Messages
from services.notifications.notices.wording import Promise, handler, lines
from services.notifications.policy import Kind
from shared.app_state import AppState
from shared.cases.schemas import ContactForNotice
from shared.events import Event

Key = tuple[str, int]


class StaleNotice(Exception):
    """A notice has become untrue: after an outage nobody is told of what is long done."""


@dataclass(frozen=True, slots=True)
class DatesTold:
    """The date of each promise that was told last, by whom a letter was meant for and who really read it."""

    dates: Mapping[tuple[str, str], Mapping[Key, datetime]] = field(default_factory=dict)

    @classmethod
    def of(cls, letters: Iterable[Notice]) -> Self:
        """From a case's notices that told dates, in the order in which they were sent."""
        dates: dict[tuple[str, str], dict[Key, datetime]] = {}
        for notice in letters:
            latest = dates.setdefault((notice.audience, notice.reader), {})
            for told in notice.told_dates or ():
                latest[told["standard"], told["started_by"]] = datetime.fromisoformat(told["due_at"])
        return cls(dates)

    def to(self, notice: Notice, reader: str) -> Mapping[Key, datetime]:
        """The dates that the reader of a notice was told last."""
        return self.dates.get((notice.audience, reader), {})


@dataclass(frozen=True, slots=True)
class CaseContext:
    """The knowledge of a case from which a letter is composed; `now` is its instant by the database's clock.

    `events` are those, by sequence, that notices are about; `owner` is what the case's owner answered.
    """

    owner: ContactForNotice
    deadlines: Sequence[WatchedDeadline]
    now: datetime
    events: Mapping[int, Event] = field(default_factory=dict)
    told: DatesTold = DatesTold()

    @property
    def still_open(self) -> list[WatchedDeadline]:
        """The promises that are still to be kept."""
        return [row for row in self.deadlines if row.is_open]

    def reader_of(self, notice: Notice) -> str:
        """The audience that really reads it."""
        safe = self.owner.contact.get("safe_to_contact", True)
        return policy.audience_of(notice.audience, safe_to_contact=safe)


@dataclass(frozen=True, slots=True)
class Part:
    """One notice's share of a letter: its message, and the promises, facts and reasons it speaks of."""

    notice: Notice
    message: Message
    promises: Sequence[Promise]
    facts: Mapping[str, Any] = field(default_factory=dict)
    reasons: Sequence[str] = ()

    @property
    def place(self) -> tuple[bool, int]:
        """The place of its paragraph: events as they happened, then deadlines in the order of their rows."""
        about_a_deadline = self.message.is_about_a_deadline
        return about_a_deadline, self.message.position if about_a_deadline else self.notice.started_by

    @property
    def told_dates(self) -> list[dict[str, Any]]:
        """The dates that its reader knows from then on; a promise taken back has none."""
        if self.notice.kind == Kind.WITHDRAWAL:
            return []
        return [
            {"standard": one.standard, "started_by": one.started_by, "due_at": one.due_at.isoformat()}
            for one in self.promises
        ]


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter ready to leave."""

    recipients: Sequence[Recipient]
    letter: Letter
    channel: str


def part_of(state: AppState, messages: Messages, notice: Notice, known: CaseContext) -> Part:
    """The share of one notice in its letter; raises StaleNotice, and LookupError where no message says it."""
    if notice.kind not in set(Kind):
        return _about_an_event(state, messages, notice, known)
    message = messages.about_deadline(notice.kind, notice.audience)
    if notice.kind == Kind.NEW_DATES:
        told = known.told.to(notice, known.reader_of(notice))
        moved = [row for row in _told(state, notice, known) if told.get(row.key, row.due_at) != row.due_at]
        _require(moved)
        reasons = sorted({reason for row in moved for reason in _reasons(row, told[row.key])})
        return Part(notice, message, _promises(state, moved), reasons=reasons)
    row = next((row for row in known.deadlines if row.key == notice.key), None)
    if notice.kind == Kind.WITHDRAWAL:
        _require(not (row and row.due_at == notice.due_at and policy.BREACH_RUNG in row.steps_due(known.now)))
        gone = Promise.gone(*notice.key, notice.due_at, state.catalogue)
        return Part(
            notice, message, [replace(*_promises(state, [row]), due_at=notice.due_at) if row else gone]
        )
    if row is None or not _still_holds(notice, row, known.now):
        raise StaleNotice
    return Part(notice, message, _promises(state, [row]))


def _about_an_event(state: AppState, messages: Messages, notice: Notice, known: CaseContext) -> Part:
    event = known.events[notice.started_by]
    message = messages.about_event(event, notice.kind, notice.audience)
    if message.while_open:
        # An emergency that was called off leaves the ordinary promise open, and nobody needs to come now.
        begun = [row for row in known.deadlines if row.started_by == notice.started_by] or known.deadlines
        _require(not begun or any(row.is_open for row in begun))
    facts = dict.fromkeys(state.catalogue.vocabulary.facts_of(event.type)) | dict(event.facts)
    promises = _promises(state, _told(state, notice, known)) if message.tells_dates else []
    return Part(notice, message, promises, facts)


def _told(state: AppState, notice: Notice, known: CaseContext) -> list[WatchedDeadline]:
    """The promises still to be kept, without those for staff where a resident is meant."""
    rows, hidden = known.still_open, state.catalogue.is_for_staff
    return [row for row in rows if not (notice.is_for_resident and hidden(row.standard))]


def _promises(state: AppState, rows: Iterable[WatchedDeadline]) -> list[Promise]:
    return [Promise.of(row, state.catalogue) for row in rows]


def _require(holds: object) -> None:
    """Raise StaleNotice unless that holds."""
    if not holds:
        raise StaleNotice


def _still_holds(notice: Notice, row: WatchedDeadline, now: datetime) -> bool:
    """Tell if a step's notice is still true: of an open promise, and a step that its ladder has come to.

    Where the date has moved so that the step lies ahead again, it is taken again, and told then. What has
    been missed since needs no reminder.
    """
    steps = row.steps_due(now)
    overtaken = notice.kind == Kind.REMINDER and policy.BREACH_RUNG in steps
    return row.is_open and notice.rung in steps and not overtaken


def _reasons(row: WatchedDeadline, told: datetime) -> list[str]:
    """The reasons why the date has moved since that one was told, the latest move first."""
    reasons: list[str] = []
    for move in reversed(row.moves):
        reasons.append(move["because"])
        if datetime.fromisoformat(move["from"]) == told:
            break
    return reasons


def compose(
    state: AppState,
    messages: Messages,
    parts: Sequence[Part],
    known: CaseContext,
    written: Letter | None = None,
) -> Composed:
    """The letter of these parts, all for the resident or all for staff; as it was `written`, if it was."""
    leading = min(parts, key=_subject_order)
    channel, contact = leading.message.channels[0], known.owner.handler
    context = {
        "subject": leading.message.subject,
        "reference": leading.notice.reference,
        "handler": handler(contact.name, contact.department),
        "council": state.settings.council,
    }
    to_resident = leading.notice.is_for_resident
    letter = written
    if letter is None:
        paragraphs = "\n\n".join(_paragraphs(messages, parts, context, known.now))
        frame = f"{channel}-{'resident' if to_resident else 'staff'}"
        letter = Letter(*messages.framed(frame, {**context, "paragraphs": paragraphs}))
    readers = {known.reader_of(part.notice) for part in parts}
    if to_resident and policy.RESIDENT not in readers:
        quoted = "\n".join(f"> {line}".rstrip() for line in letter.text.splitlines())
        about = {**context, "subject": letter.subject if written else leading.message.subject}
        letter = Letter(*messages.framed(f"{channel}-unsafe", {**about, "paragraphs": quoted}))
    return Composed(_recipients(state, readers, known.owner), letter, channel)


def _paragraphs(
    messages: Messages, parts: Sequence[Part], context: Mapping[str, Any], now: datetime
) -> Iterable[str]:
    """The paragraphs in order, each text once."""
    groups = [list(alike) for _, alike in groupby(sorted(parts, key=_place), key=_place)]
    spoken_of: set[tuple[str, int, datetime]] = set()
    texts: dict[int, str] = {}
    # Deadlines first, the worst of them before the rest: a promise stands once, where most is said of it.
    for number, group in sorted(enumerate(groups), key=lambda one: not one[1][0].message.is_about_a_deadline):
        message = group[0].message
        # a date that has changed is explained, whatever else is said of its promise
        known = set() if message.on == Kind.NEW_DATES else spoken_of
        promises = {one.key: one for part in group for one in part.promises if one.key not in known}
        if message.is_about_a_deadline:
            spoken_of |= promises.keys()
            if not promises:
                continue
        about: dict[str, Any] = {
            "facts": group[0].facts,
            "reasons": sorted({reason for part in group for reason in part.reasons}),
            "rights": list(filter(None, (messages.right(one.standard) for one in promises.values()))),
            "stands_for": list(dict.fromkeys(rung for part in group for rung in part.notice.stands_for)),
        }
        if message.is_about_a_deadline or message.tells_dates:
            about |= {"promises": list(promises.values()), "lines": lines(promises.values(), now)}
        texts[number] = messages.paragraph(message, {**context, **about})
    return dict.fromkeys(texts[number] for number in sorted(texts))


def _subject_order(part: Part) -> tuple[int, bool, bool, int]:
    """The order in which parts give a letter its subject: the most urgent, then what must be acted on now.

    Of those alike the worst deadline, or the latest event, does.
    """
    about_a_deadline, place = part.place
    latest_first = place if about_a_deadline else -place
    return part.notice.urgency, not part.message.while_open, not about_a_deadline, latest_first


def _place(part: Part) -> tuple[bool, int, int]:
    return *part.place, part.message.position


def _recipients(state: AppState, readers: Collection[str], owner: ContactForNotice) -> list[Recipient]:
    """The addressees of a letter, each address once: a handler's is the department's, for them."""
    found: dict[str | None, Recipient] = {}
    for reader in (policy.RESIDENT, *policy.STAFF):
        if reader in readers:
            recipient = _recipient(state, reader, owner)
            found.setdefault(recipient.email, recipient)
    return list(found.values())


def _recipient(state: AppState, audience: str, owner: ContactForNotice) -> Recipient:
    if audience == policy.RESIDENT:
        contact = owner.contact
        return Recipient(
            contact.get("name"), contact.get("email"), contact.get("phone"), contact.get("address")
        )
    department, name = owner.handler.department, f"{owner.handler.department} {audience}"
    if audience == policy.HANDLER:  # nobody gave us an address of their own: their department's, for them
        name, audience = owner.handler.name or f"{department} {policy.DEPARTMENT}", policy.DEPARTMENT
    email = state.settings.department_email.format(department=department, audience=audience)
    return Recipient(name, email)
