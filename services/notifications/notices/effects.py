"""Effects of an event before it happens: the promises that it would meet, and how the resident is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.notifications.models import WatchedCase
from services.notifications.notices.addressing import NoFormLeft, choose, is_safe
from services.notifications.notices.channels import Form
from services.notifications.notices.lookup import owners
from services.notifications.notices.rows import Message, messages_of
from services.notifications.policy import RESIDENT
from shared.cases.schemas import ContactForNotice
from shared.standards.deadlines import Deadline
from shared.standards.rows import Condition
from shared.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Meeting:
    """An open promise that an event meets, if the facts of the event are as the condition has them."""

    deadline: Deadline
    condition: Condition


@dataclass(frozen=True, slots=True)
class Telling:
    """A message to the resident about an event; its form is None where it goes to the department instead."""

    message: Message
    form: Form | None

    @property
    def is_certain(self) -> bool:
        """Tell a message that leaves whatever else is known of the case."""
        return not (self.message.once or self.message.while_open)


def meetings(event: str, counted: Iterable[Deadline]) -> list[Meeting]:
    """The open promises that an event of that type meets, the one due first at the top."""
    still_open = sorted((one for one in counted if one.open), key=lambda one: one.due_at)
    return [
        Meeting(deadline, condition)
        for deadline in still_open
        for condition in deadline.row.met_by
        if condition.event == event
    ]


def may_change_dates(event: str, counted: Iterable[Deadline]) -> bool:
    """Tell an event by which an open promise may move, or a breach that a resident was told of be none.

    They are told of that, too, in a letter of its own.
    """
    return any(
        event in {condition.event for condition in _moved_by(deadline)}
        or (_tells_residents(deadline) and event in {each.event for each in deadline.row.met_by})
        for deadline in counted
        if deadline.open
    )


def _moved_by(deadline: Deadline) -> Sequence[Condition]:
    row = deadline.row
    pausing = (*row.pausing.begins_on, *row.pausing.ends_on) if row.pausing else ()
    return (*((row.extension,) if row.extension else ()), *row.period_changes, *pausing)


def _tells_residents(deadline: Deadline) -> bool:
    return any(RESIDENT in rung.tell for rung in deadline.row.ladder)


async def tellings(
    work: UnitOfWork, case: WatchedCase, events: Iterable[str]
) -> dict[str, list[Telling]] | None:
    """The messages to a case's resident about each of these events; None while its owner gives no answer.

    Nobody is written to about imported history.
    """
    found: dict[str, list[Telling]] = {event: [] for event in events}
    messages = messages_of(work.state.settings.directory)
    rows = [row for row in messages.rows if row.on in found and RESIDENT in row.audiences]
    if case.imported or not rows:
        return found
    owner = (await owners(work.state, [case])).get(case.reference)
    if not isinstance(owner, ContactForNotice):
        return None
    for row in rows:
        found[row.on].append(Telling(row, _form(row, owner, is_guarded=case.needs_scope is not None)))
    return found


def _form(row: Message, owner: ContactForNotice, *, is_guarded: bool) -> Form | None:
    """The form of a letter to the resident by that row; None where it may not be sent to them."""
    if not is_safe(owner.contact, kept=row.kept_by_owner):
        return None
    try:
        return choose(owner.contact, may_be=row.channels, kept=row.kept_by_owner, guarded=is_guarded)
    except NoFormLeft:
        return None
