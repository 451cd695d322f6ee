"""The statements that read what is known of cases."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, func, select, tuple_

from services.notifications.models import CaseEvent, WatchedCase, WatchedDeadline
from shared.cases.access import passes_guard, worked_by
from shared.errors import NotFound
from shared.events import Event
from shared.messaging.outbox import event_from
from shared.references import normalised
from shared.work import UnitOfWork

Key = tuple[str, int]
"""A promise within its case: its standard, and the sequence of the event that started it."""

Place = tuple[str, int]
"""An event: the reference of its case, and its sequence."""


async def cases(work: UnitOfWork, references: Sequence[str]) -> dict[str, WatchedCase]:
    """These cases, by reference."""
    found = await work.session.scalars(select(WatchedCase).where(WatchedCase.reference.in_(references)))
    return {case.reference: case for case in found}


def may_see(work: UnitOfWork) -> ColumnElement[bool]:
    """The cases that the caller may see."""
    return WatchedCase.visible_to(work.caller)


def is_worked(work: UnitOfWork) -> ColumnElement[bool]:
    """The cases that the caller works as an officer: not their own as a resident, whose rules are others."""
    return worked_by(WatchedCase, work.caller)


async def visible_case(work: UnitOfWork, reference: str) -> WatchedCase:
    """A case that the caller may see; raises NotFound."""
    form = normalised(reference)
    found = await work.session.scalar(select(WatchedCase).where(WatchedCase.reference == form, may_see(work)))
    if form is None or found is None:
        raise NotFound("There is no such case for this caller.")
    return found


async def hidden_among(work: UnitOfWork, events: Iterable[Event]) -> set[str]:
    """The guarded cases that facts of these events name, of which the caller must not learn."""
    named = {said for event in events for said in event.facts.values() if isinstance(said, str)}
    query = select(WatchedCase).where(WatchedCase.reference.in_(named), WatchedCase.needs_scope.is_not(None))
    found = await work.session.scalars(query)
    return {case.reference for case in found if not passes_guard(case, work.caller)}


async def histories(work: UnitOfWork, references: Sequence[str]) -> dict[str, list[Event]]:
    """All events received of each case."""
    found: dict[str, list[Event]] = defaultdict(list)
    query = select(CaseEvent.__table__).where(CaseEvent.reference == func.any(references))
    for row in await work.session.execute(query):
        found[row.reference].append(event_from(row))
    return found


async def events_at(work: UnitOfWork, places: Collection[Place]) -> dict[Place, Event]:
    """The events that notices are about, by case and sequence."""
    if not places:
        return {}
    place = tuple_(CaseEvent.reference, CaseEvent.sequence)
    rows = await work.session.scalars(select(CaseEvent).where(place.in_(places)))
    return {(row.reference, row.sequence): event_from(row) for row in rows}


async def stored_deadlines(
    work: UnitOfWork, references: Sequence[str], *, for_update: bool = False
) -> dict[str, dict[Key, WatchedDeadline]]:
    """The deadlines as last derived, by case and by (standard, started_by).

    `for_update` keeps the sweep from taking a step on one of them until the transaction ends.
    """
    found: dict[str, dict[Key, WatchedDeadline]] = defaultdict(dict)
    query = select(WatchedDeadline).where(WatchedDeadline.reference == func.any(references))
    for row in await work.session.scalars(query.with_for_update() if for_update else query):
        found[row.reference][row.key] = row
    return found
