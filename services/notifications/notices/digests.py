"""Digests: what can wait reaches each of the staff as one message, most urgent first, grouped by case.

A digest of one case is the letter that would be written about it alone. What each notice says is judged as
the digest leaves, as for any letter; of a storm the first cases are told in full, the others by a line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.models import Notice
from services.notifications.notices import staff
from services.notifications.notices.channels import Form, Letter, Recipient
from services.notifications.notices.compose import (
    Composed,
    compose,
    leading_part,
    staff_letter,
    staff_recipients,
)
from services.notifications.notices.digest_times import latest_digest_at
from services.notifications.notices.parts import CaseContext, Part
from services.notifications.notices.recipients import recipients_of
from services.notifications.notices.rows import Messages
from services.notifications.notices.wording import by
from shared.app_state import AppState
from shared.settings import Settings
from shared.standards.calendar import Calendar

IN_FULL = 50
"""Cases that a digest tells in full; nobody reads more of them before the next."""

SUBJECTS = 3
NO_DEPARTMENT = ""


def due_digests(settings: Settings, calendar: Calendar, now: datetime) -> Mapping[str, datetime]:
    """By department, the instant of the digest that is due now; none of those whose office is closed.

    A case that is with no department any more is told by the hours of an office that has no row.
    """
    known, every = recipients_of(settings.recipients_file), timedelta(minutes=settings.digest_minutes)
    names = {*settings.directory.departments, NO_DEPARTMENT}
    found = {name: latest_digest_at(now, known.department(name).hours, calendar, every) for name in names}
    return {name: at for name, at in found.items() if at is not None}


def readers(settings: Settings, notice: Notice, department: str, handler: str | None) -> Sequence[str]:
    """The addresses that a notice is for: those that have the same read one digest."""
    return staff.told_of(settings, notice, department, handler).emails


@dataclass(frozen=True, slots=True)
class Section:
    """The share of one case in a digest."""

    reference: str
    known: CaseContext
    parts: Sequence[Part]

    @property
    def leading(self) -> Part:
        """The part that gives the case its place and its subject."""
        return leading_part(self.parts)

    @property
    def place(self) -> tuple[int, bool, int, datetime, str]:
        """The most urgent first: by urgency, then the worst step, then the earliest date."""
        leading = self.leading
        about_a_deadline, position = leading.place
        due = min((promise.due_at for promise in leading.promises), default=leading.notice.due_at)
        return leading.notice.urgency, not about_a_deadline, position, due, self.reference

    @property
    def line(self) -> str:
        """The case in a line."""
        leading = self.leading
        due = min((promise.due_at for promise in leading.promises), default=None)
        until = f", by {by(due)}" if due else ""
        return f"{self.reference}: {leading.message.subject}{until}"


def compose_digest(
    state: AppState, messages: Messages, id: UUID, sections: Sequence[Section]
) -> tuple[Composed, Mapping[str, Letter]]:
    """A digest, and by reference the words about each case; raises as `compose` does."""
    ordered = sorted(sections, key=lambda section: section.place)
    if len(ordered) == 1:
        (only,) = ordered
        (alone,) = compose(state, messages, id, only.parts, only.known)
        return alone, {only.reference: alone.letter}
    full, others = ordered[:IN_FULL], ordered[IN_FULL:]
    words = {
        section.reference: staff_letter(state, messages, section.parts, section.known) for section in full
    }
    context = {
        "sections": [*words.values()],
        "others": [section.line for section in others],
        "subjects": [*dict.fromkeys(section.leading.message.subject for section in ordered)][:SUBJECTS],
        "count": len(ordered),
    }
    letter = Letter(*messages.framed("digest", context))
    words |= {section.reference: Letter(letter.subject, section.line) for section in others}
    return Composed(id, _recipients(state, ordered), letter, Form.EMAIL), words


def _recipients(state: AppState, sections: Iterable[Section]) -> Sequence[Recipient]:
    """The addresses that all of these are for; a digest is of notices that have the same."""
    first = next(iter(sections))
    return staff_recipients(state, first.parts, first.known)
