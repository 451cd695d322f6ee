"""Previews: a message as it would leave about a case now, for whoever is about to cause it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import httpx

from services.notifications.models import Notice, WatchedDeadline
from services.notifications.notices.addressing import NoFormLeft
from services.notifications.notices.channels import Letter
from services.notifications.notices.compose import Composed, compose
from services.notifications.notices.languages import ENGLISH
from services.notifications.notices.lookup import owners, written_letter
from services.notifications.notices.parts import CaseContext, Part
from services.notifications.notices.queries import cases
from services.notifications.notices.queries.letters import clock
from services.notifications.notices.rows import Message, messages_of
from services.notifications.notices.wording import Promise
from services.notifications.policy import RESIDENT, TAKES_BACK, Kind
from shared.cases.access import is_worked_by
from shared.cases.schemas import WrittenLetter
from shared.errors import Invalid, NotFound, Unavailable
from shared.events import Event
from shared.work import UnitOfWork

NOT_THERE = "There is no such message, or no such case for this caller."
NOTHING_HAPPENED = "Nothing has happened in this case that the message is about."
NOTHING_PROMISED = "Nothing is promised in this case that the message is about."
NO_WAY = "Nothing that may be sent reaches whoever this message is for."
AWAY = "The service whose case it is does not answer at the moment."
RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """A message with the letters in which it would leave."""

    message: Message
    reference: str
    letters: Sequence[Composed]
    language: str = ENGLISH


async def preview(work: UnitOfWork, id: str, reference: str) -> Preview:
    """A message as it would be said about a case that the officer works.

    Raises NotFound; Invalid for a message that could not be said about the case; Unavailable.
    """
    messages = messages_of(work.state.settings.directory)
    case, row = await cases.visible_case(work, reference), messages.by_id.get(id)
    if row is None or not is_worked_by(case, work.caller):
        raise NotFound(NOT_THERE)
    owner = (await owners(work.state, [case])).get(case.reference, Unavailable(AWAY, RETRY_SECONDS))
    if isinstance(owner, Exception):
        raise Unavailable(AWAY, RETRY_SECONDS) from owner
    history = (await cases.histories(work, [case.reference]))[case.reference]
    stored = (await cases.stored_deadlines(work, [case.reference])).get(case.reference, {})
    known = CaseContext(
        owner,
        [*stored.values()],
        await clock(work),
        {event.sequence: event for event in history},
        is_guarded=case.needs_scope is not None,
    )
    part = _part(work, row, case.reference, known)
    written = await _written(work, part.notice, known)
    letter = None if written is None else Letter(written.subject, written.text, written.html)
    contact = known.addressed_to(written.contact if written else None)
    try:
        letters = compose(work.state, messages, uuid4(), [part], contact, letter)
    except NoFormLeft:
        raise Invalid(NO_WAY, "/reference") from None
    return Preview(row, case.reference, letters, letters[0].language)


async def _written(work: UnitOfWork, notice: Notice, known: CaseContext) -> WrittenLetter | None:
    try:
        return await written_letter(work.state, notice, known)
    except httpx.HTTPError as away:
        raise Unavailable(AWAY, RETRY_SECONDS) from away


def _part(work: UnitOfWork, row: Message, reference: str, known: CaseContext) -> Part:
    """The share of a notice in its letter, as if it were owed and true now; raises Invalid."""
    if row.is_about_a_deadline:
        return _about_deadlines(work, row, reference, known)
    event = max(filter(row.is_told_of, known.events.values()), key=_place, default=None)
    if event is None:
        raise Invalid(NOTHING_HAPPENED, "/reference")
    facts = dict.fromkeys(work.state.catalogue.vocabulary.facts_of(event.type)) | dict(event.facts)
    told = _told(work, row, known.still_open) if row.tells_dates else []
    promises = [Promise.of(one, work.state.catalogue) for one in told]
    notice = _notice(row, reference, started_by=event.sequence)
    return Part(notice, row, promises, facts, event.occurred_at)


def _about_deadlines(work: UnitOfWork, row: Message, reference: str, known: CaseContext) -> Part:
    catalogue = work.state.catalogue
    if row.on in TAKES_BACK:
        told = _told(work, row, known.deadlines)
        promises = [Promise.ended(one, one.due_at, catalogue) for one in told]
    else:
        told = _told(work, row, known.still_open)
        promises = [Promise.of(one, catalogue) for one in told]
    if row.on == Kind.NEW_DATES:
        promises = [replace(promise, told_before=promise.due_at) for promise in promises]
    if not promises:
        raise Invalid(NOTHING_PROMISED, "/reference")
    return Part(_notice(row, reference), row, promises)


def _told(work: UnitOfWork, row: Message, deadlines: Sequence[WatchedDeadline]) -> Sequence[WatchedDeadline]:
    """Those of these promises that its reader is told of."""
    hidden = work.state.catalogue.is_for_staff
    return [one for one in deadlines if not (row.audiences[0] == RESIDENT and hidden(one.standard))]


def _notice(row: Message, reference: str, **more: Any) -> Notice:
    """A notice that nobody is owed: it is kept nowhere."""
    values: Mapping[str, Any] = {"standard": "", "started_by": 0, "rung": "", "stands_for": []}
    return Notice(
        id=uuid4(),
        reference=reference,
        kind=row.kind or row.on,
        audience=row.audiences[0],
        urgency=row.urgency,
        failed_forms=[],
        kept_by_owner=row.kept_by_owner,
        **{**values, **more},
    )


def _place(event: Event) -> int:
    return event.sequence
