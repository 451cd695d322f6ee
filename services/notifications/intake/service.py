"""Intake of events: recalculate each touched case's deadlines, and owe notices of what is announced."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from services.notifications.deadlines.recalculate import latest_facts, recalculate, state_of_case
from services.notifications.intake import queries
from services.notifications.notices.failing import note_bounced
from services.notifications.notices.owing import announcements
from services.notifications.notices.queries import cases, letters, owed as notices
from services.notifications.notices.rows import Messages, messages_of
from shared import calendar_sync
from shared.events import ABOUT_A_LETTER, ABOUT_NO_CASE, NOTICE_BOUNCED, Event
from shared.telemetry import EVENT_CONFLICTS, get_logger
from shared.work import UnitOfWork

log = get_logger(__name__)

CONTACT_CORRECTED = ".contact-corrected"


async def take_in(work: UnitOfWork, events: Sequence[Event]) -> None:
    """Store the events received, recalculate each touched case, owe word of what is announced."""
    await note_bounced(work, [event for event in events if event.type == NOTICE_BOUNCED])
    of_cases = (event for event in events if event.type not in ABOUT_NO_CASE | ABOUT_A_LETTER)
    received = sorted(of_cases, key=_order)
    if not received:
        return
    conflicting = await queries.store_events(work, received)
    by_case = {reference: list(of_one) for reference, of_one in groupby(received, _reference)}
    created = await queries.lock_cases(work, [_watched(events) for events in by_case.values()])
    if conflicting:
        await _dispute(work, conflicting)
        created -= {event.reference for event in conflicting}
        received = [event for event in received if event not in conflicting]
    await calendar_sync.follow(work.state, work.session)
    opened = {
        reference: events
        for reference, events in by_case.items()
        if reference in created and len(events) == events[-1].sequence
    }
    await recalculate(work, list(by_case), opened=opened)
    corrected = {event.reference for event in received if event.type.endswith(CONTACT_CORRECTED)}
    if corrected:
        await letters.try_again_elsewhere(work, corrected)
    overtaken = [
        reference
        for reference, events in by_case.items()
        if events[0].sequence == 1 and reference not in created
    ]
    histories = await cases.histories(work, overtaken) if overtaken else {}
    earlier = [event for history in histories.values() for event in history]
    await notices.owe(work, await _announcements(work, [*received, *earlier]))


async def _dispute(work: UnitOfWork, conflicting: Sequence[Event]) -> None:
    """Raise the alarm: an owner restored from a backup has given these events' places to other facts."""
    for event in conflicting:
        about: dict[str, Any] = {
            "event_type": event.type,
            "event_id": str(event.id),
            "upstream": event.service,
        }
        about |= {"reference": event.reference, "sequence": event.sequence}
        log.error(
            "another event was received in this one's place; its owner is asked for all of them", extra=about
        )
        EVENT_CONFLICTS.labels(event.service).inc()
    await queries.dispute(work, {event.reference for event in conflicting})


async def take_over(
    work: UnitOfWork, owned: Sequence[Event], received: Collection[UUID], disputed_at: datetime | None
) -> None:
    """Put a case's whole history as its owner has it in the place of the events received of it.

    `received` and `disputed_at` are of before the owner was asked: what came since may be newer than its
    answer, and stays.
    """
    reference = owned[-1].reference
    await queries.lock_cases(work, [_watched(owned)])
    await queries.remove_events(work, reference, set(received) - {event.id for event in owned})
    if conflicting := await queries.store_events(work, owned):
        await _dispute(work, conflicting)
    await queries.settle(work, reference, disputed_at)
    await calendar_sync.follow(work.state, work.session)
    await recalculate(work, [reference])
    announced = await _announcements(work, (await cases.histories(work, [reference]))[reference])
    await notices.withdraw_announcements(work, reference, announced)
    await notices.owe(work, announced)


def _order(event: Event) -> tuple[str, int]:
    return event.reference, event.sequence


def _reference(event: Event) -> str:
    return event.reference


def _watched(events: Sequence[Event]) -> dict[str, Any]:
    latest = events[-1]
    identity = {"reference": latest.reference, "service": latest.service, "version": latest.sequence}
    return identity | state_of_case(latest_facts(events)) | {"without_promises": False}


async def _announcements(work: UnitOfWork, events: Iterable[Event]) -> list[dict[str, Any]]:
    """The notices of events that somebody is told of at once, of imported cases only those meant for them.

    Only the event that opened a case says if it was imported: what overtakes that one is told after it.
    """
    once = {event.id: event for event in events}.values()
    messages = messages_of(work.state.settings.directory)
    opened = {event.reference: bool(event.facts.get("imported")) for event in once if event.sequence == 1}
    announced = [event for event in once if messages.announcing(event)]
    opened |= await queries.openings(work, {event.reference for event in announced} - opened.keys())
    known = [event for event in announced if event.reference in opened]
    imported = {reference for reference, is_imported in opened.items() if is_imported}
    return await _told_once(work, messages, announcements(messages, known, imported))


async def _told_once(
    work: UnitOfWork, messages: Messages, owed: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """These notices, but of a kind that is told once a case only the first: its event may come again."""
    cases_asked = {one["reference"] for one in owed if one["kind"] in messages.told_once}
    told = await notices.told_before(work, cases_asked, messages.told_once) if cases_asked else set()
    first = {(reference, kind): event for reference, kind, event in sorted(told, reverse=True)}
    for one in sorted(owed, key=lambda one: int(one["started_by"])):
        first.setdefault((one["reference"], one["kind"]), one["started_by"])
    return [
        one
        for one in owed
        if one["kind"] not in messages.told_once or first[one["reference"], one["kind"]] == one["started_by"]
    ]
