"""Compose a notice, its words and its address, from what is known of its case at the moment of sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from services.notifications import policy, wording
from services.notifications.channels import Message, Recipient
from services.notifications.models import Notice, WatchedDeadline
from services.notifications.policy import Kind
from services.notifications.queries import Key
from services.notifications.wording import About, Promise, Visit
from shared.app_state import AppState
from shared.cases.schemas import ContactForNotice
from shared.standards.periods import civil_date


class NoLongerTrue(Exception):
    """A notice has become untrue: after an outage nobody is rung up about what is long done."""


class EarlierLetterOnItsWay(Exception):
    """The dates that somebody was last told are not known yet: a letter with some may just be leaving."""


@dataclass(frozen=True, slots=True)
class Told:
    """The dates told in letters about one case, and the letters with dates not yet noted as sent."""

    # by whom a letter was meant for and who was really told: the latest date of each promise
    dates: Mapping[tuple[str, str], Mapping[Key, datetime]] = field(default_factory=dict)
    on_their_way: Sequence[Notice] = ()

    @classmethod
    def of(cls, letters: Sequence[Notice]) -> Self:
        """From the case's letters that tell dates, in the order in which they were sent."""
        dates: dict[tuple[str, str], dict[Key, datetime]] = {}
        for letter in letters:
            latest = dates.setdefault((letter.audience, letter.reader), {})
            for told in letter.told_dates or ():
                latest[told["standard"], told["started_by"]] = datetime.fromisoformat(told["due_at"])
        return cls(dates, [letter for letter in letters if letter.sent_at is None])

    def before(self, notice: Notice, audience: str) -> Mapping[Key, datetime]:
        """The dates that the reader of a notice was told last; raises EarlierLetterOnItsWay."""
        for letter in self.on_their_way:
            if letter.audience == notice.audience and _order(letter) < _order(notice):
                raise EarlierLetterOnItsWay
        return self.dates.get((notice.audience, audience), {})


@dataclass(frozen=True, slots=True)
class Dossier:
    """The context of one case: its deadlines, the facts a notice speaks of, and what its owner answered.

    `now` is the instant of this knowledge, by the database's clock.
    """

    owner: ContactForNotice
    deadlines: Sequence[WatchedDeadline]
    now: datetime
    facts: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    told: Told = Told()


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice ready to leave: who is really told, where they are reached, what is said, with which dates."""

    audience: str
    recipient: Recipient
    message: Message
    # each {standard, started_by, due_at}
    told_dates: Sequence[dict[str, Any]]


def composed(resources: AppState, notice: Notice, known: Dossier) -> Letter:
    """The letter that a notice is now; raises NoLongerTrue and EarlierLetterOnItsWay."""
    owner = known.owner
    about = About(notice.reference, owner.handler.name, owner.handler.department)
    safe = owner.contact.get("safe_to_contact", True)
    audience = policy.audience_of(notice.audience, safe_to_contact=safe)
    message, rows = _message(resources, notice, about, known, audience)
    if audience != notice.audience:
        message = wording.in_the_residents_place(about, message)
    dates = [
        {"standard": row.standard, "started_by": row.started_by, "due_at": row.due_at.isoformat()}
        for row in rows
    ]
    return Letter(audience, _recipient(resources, audience, owner), message, dates)


def _message(
    resources: AppState, notice: Notice, about: About, known: Dossier, audience: str
) -> tuple[Message, Sequence[WatchedDeadline]]:
    """A text, and the deadlines whose dates are told by it."""
    kind, council = Kind(notice.kind), resources.settings.council
    still_open = sorted((row for row in known.deadlines if row.is_open), key=lambda row: row.due_at)
    if kind is Kind.ACKNOWLEDGEMENT:
        return wording.acknowledgement(about, _promises(resources, still_open), council), still_open
    if kind in policy.ABOUT_WHAT_IS_OPEN:
        _require(_still_wanted(notice, known.deadlines))
        return wording.at_once(kind, about, _promises(resources, still_open)), still_open
    if kind in policy.ABOUT_A_VISIT:
        return wording.visit(kind, about, Visit.of(known.facts.get(notice.started_by, {})), council), ()
    if kind is Kind.NEW_DATES:
        told = known.told.before(notice, audience)
        changed = [row for row in still_open if told.get(row.key, row.due_at) != row.due_at]
        _require(changed)
        because = sorted({reason for row in changed for reason in _reasons(row, told[row.key])})
        return wording.new_dates(about, _promises(resources, changed), because, council), changed
    row = next((row for row in known.deadlines if row.key == notice.key), None)
    if kind is Kind.WITHDRAWAL:
        _require(not (row and row.due_at == notice.due_at and policy.BREACH_RUNG in row.steps_due(known.now)))
        return _about_one(resources, notice, about, _promise_taken_back(resources, notice, row)), ()
    if row is None or not _still_holds(notice, row, known.now):
        raise NoLongerTrue
    return _about_one(resources, notice, about, _promise(resources, row)), [row]


def _require(holds: object) -> None:
    """Raise NoLongerTrue unless that holds."""
    if not holds:
        raise NoLongerTrue


def _still_wanted(notice: Notice, deadlines: Sequence[WatchedDeadline]) -> bool:
    """Tell whether somebody must still act: on the promises that the announced event began, if it began any.

    An emergency that was called off leaves the repair's ordinary promise open, and nobody needs to come now.
    """
    begun = [row for row in deadlines if row.started_by == notice.started_by] or deadlines
    return not begun or any(row.is_open for row in begun)


def _still_holds(notice: Notice, row: WatchedDeadline, now: datetime) -> bool:
    """Tell whether a step's notice is still true: of an open promise, and a step that its ladder has come to.

    Where the date has moved so that the step lies ahead again, it is taken again, and told then. What has
    been missed since needs no reminder.
    """
    steps = row.steps_due(now)
    overtaken = notice.kind == Kind.REMINDER and policy.BREACH_RUNG in steps
    return row.is_open and notice.rung in steps and not overtaken


def _order(letter: Notice) -> tuple[datetime, UUID]:
    return letter.owed_at, letter.id


def _reasons(row: WatchedDeadline, told: datetime) -> list[str]:
    """The reasons why the date has moved since that one was told, the latest move first."""
    reasons: list[str] = []
    for move in reversed(row.moves):
        reasons.append(move["because"])
        if datetime.fromisoformat(move["from"]) == told:
            break
    return reasons


def _about_one(resources: AppState, notice: Notice, about: About, promise: Promise) -> Message:
    kind = Kind(notice.kind)
    if notice.audience == policy.RESIDENT:
        return wording.to_the_resident(kind, about, promise, resources.settings.council)
    return wording.about_a_deadline(kind, about, promise, notice.stands_for)


def _promises(resources: AppState, deadlines: Sequence[WatchedDeadline]) -> list[Promise]:
    return [_promise(resources, row) for row in deadlines]


def _promise(resources: AppState, deadline: WatchedDeadline) -> Promise:
    words = resources.catalogue.words_of(deadline.standard, deadline.version_day)
    return Promise(deadline.standard, *words, deadline.due_at)


def _promise_taken_back(resources: AppState, notice: Notice, row: WatchedDeadline | None) -> Promise:
    """With the date that was told as missed; the deadline may have moved since, or be gone."""
    if row is not None:
        return replace(_promise(resources, row), due_at=notice.due_at)
    words = resources.catalogue.words_of(notice.standard, civil_date(notice.due_at))
    return Promise(notice.standard, *words, notice.due_at)


def _recipient(resources: AppState, audience: str, owner: ContactForNotice) -> Recipient:
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
