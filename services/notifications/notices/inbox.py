"""Inboxes: what officers and residents were sent, as it was sent, read in their front end."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.notifications import policy
from services.notifications.notices.addressing import is_safe_online
from services.notifications.notices.lookup import owners
from services.notifications.notices.queries import inboxes
from services.notifications.notices.queries.inboxes import Entry
from shared.cases.schemas import ContactForNotice
from shared.errors import NotFound
from shared.http.paging import PageRequest
from shared.work import UnitOfWork

NOT_THERE = "There is no such notice for this caller."


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of an inbox; `unavailable` are services whose cases are left out, as they do not answer."""

    entries: Sequence[Entry]
    next: str | None
    unavailable: Sequence[str]


async def read(work: UnitOfWork, page: PageRequest) -> Inbox:
    """The letters that the caller was sent, the latest first.

    It may have become unsafe to reach somebody since, or was never agreed to be safe online: then nothing
    about their case is shown to them, and nothing of one whose owner cannot be asked.
    """
    rows = await inboxes.entries(work, page.after(2), page.limit)
    shown, following = page.cut(rows, _place)
    hidden, unavailable = await _unsafe(work, shown)
    return Inbox([entry for entry in shown if entry.notice.id not in hidden], following, unavailable)


async def mark_read(work: UnitOfWork, notice: UUID) -> Entry:
    """Mark a notice as read; raises NotFound."""
    entry = await inboxes.entry(work, notice)
    if entry is None or (await _unsafe(work, [entry]))[0]:
        raise NotFound(NOT_THERE)
    await inboxes.mark_read(work, notice)
    marked = await inboxes.entry(work, notice)
    assert marked is not None
    return marked


async def _unsafe(work: UnitOfWork, entries: Sequence[Entry]) -> tuple[set[UUID], Sequence[str]]:
    """The notices to residents that must not be shown, and the services that did not say if they may."""
    to_residents = [entry for entry in entries if entry.notice.reader == policy.RESIDENT]
    cases = {entry.case.reference: entry.case for entry in to_residents}
    answers = await owners(work.state, cases.values()) if cases else {}
    safe = {
        reference
        for reference, answer in answers.items()
        if isinstance(answer, ContactForNotice) and is_safe_online(answer.contact)
    }
    hidden = {entry.notice.id for entry in to_residents if entry.case.reference not in safe}
    silent = {
        cases[reference].service for reference, answer in answers.items() if isinstance(answer, Exception)
    }
    return hidden, sorted(silent)


def _place(entry: Entry) -> tuple[str, UUID]:
    assert entry.notice.sent_at is not None
    return entry.notice.sent_at.isoformat(), entry.notice.id
