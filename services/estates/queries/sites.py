"""Questions about sites and what is done at them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, any_, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import array

from services.estates.models import Clean, Clearance, FollowUp, Inspection, Site
from services.estates.schemas.sites import SiteFilters
from shared.cases import queries as cases
from shared.cases.access import visible_to
from shared.cases.registers import one_at_a_time
from shared.db.tables import events
from shared.errors import NotFound
from shared.events import Event
from shared.http.paging import PageRequest
from shared.messaging import outbox
from shared.work import UnitOfWork

REGISTER_LOCK = 7_310_451
RECENT = 20
"""The latest events of a site that its deadlines are worked out from, besides those that began them.

A tower block is cleaned each day: in ten years it has some four thousand events, of which few matter now.
"""
NO_FOLLOW_UP = "There is no such follow-up of this site that is still open."
NO_CLEARANCE = "There is no such clearance of this site that is still to come."


async def site(work: UnitOfWork, reference: str) -> Site:
    """A site that the caller sees; raises NotFound."""
    return await cases.get(work, Site, reference, visible_to(Site, work.caller))


async def site_for_update(work: UnitOfWork, reference: str) -> Site:
    """A site that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Site, reference, visible_to(Site, work.caller))


async def listed(
    work: UnitOfWork, filters: SiteFilters, page: PageRequest
) -> tuple[Sequence[Site], str | None]:
    """A page of the sites that the caller sees, and the cursor of the next; raises Invalid."""
    conditions: list[ColumnElement[bool]] = [] if filters.kind is None else [Site.kind == filters.kind]
    return await cases.listed(work, Site, filters, page, *conditions)


async def registered_as(work: UnitOfWork, keys: Collection[str]) -> dict[str, Site]:
    """The sites of these keys that are not retired, by key."""
    query = select(Site).where(Site.key.in_(keys), Site.retired_at.is_(None)).order_by(Site.reference.desc())
    return {site.key: site for site in await work.session.scalars(query)}


async def lock_register(work: UnitOfWork) -> None:
    """Let one register be loaded at a time, so that no site is registered twice."""
    await one_at_a_time(work, REGISTER_LOCK)


async def recent_histories(work: UnitOfWork, references: Collection[str]) -> dict[str, list[Event]]:
    """The events of each site that its deadlines now rest on, in order; those recorded here included.

    The first, the latest complete clean and inspection, and the RECENT ones.
    """
    await work.session.flush()
    began = events.c.sequence == any_(array([literal(1), Site.clean, Site.inspection]))
    found: dict[str, dict[int, Event]] = {reference: {} for reference in references}
    for condition in (began, events.c.sequence > Site.version - RECENT):
        query = select(*outbox.COLUMNS).join(Site, Site.reference == events.c.reference)
        for row in await work.session.execute(query.where(Site.reference.in_(references), condition)):
            found[row.reference][row.sequence] = outbox.event_from(row)
    for event in work.recorded:
        if event.reference in found:
            found[event.reference][event.sequence] = event
    return {reference: [its[number] for number in sorted(its)] for reference, its in found.items()}


async def open_follow_ups(work: UnitOfWork, references: Collection[str]) -> dict[str, list[FollowUp]]:
    """The follow-ups of these sites that are still to be put right, by site, in order."""
    query = select(FollowUp).where(FollowUp.reference.in_(references), FollowUp.resolved_at.is_(None))
    found: dict[str, list[FollowUp]] = defaultdict(list)
    for row in await work.session.scalars(query.order_by(FollowUp.reference, FollowUp.number)):
        found[row.reference].append(row)
    return found


async def planned_clearances(work: UnitOfWork, references: Collection[str]) -> dict[str, list[Clearance]]:
    """The clearances of these sites that are still to come, by site, in order."""
    query = select(Clearance).where(Clearance.reference.in_(references), Clearance.carried_out.is_(None))
    found: dict[str, list[Clearance]] = defaultdict(list)
    for row in await work.session.scalars(query.order_by(Clearance.reference, Clearance.number)):
        found[row.reference].append(row)
    return found


async def open_follow_up(work: UnitOfWork, reference: str, number: int) -> FollowUp:
    """A follow-up of a locked site that is still open; raises NotFound."""
    row = await work.session.get(FollowUp, (reference, number))
    if row is None or row.resolved_at is not None:
        raise NotFound(NO_FOLLOW_UP)
    return row


async def resolved_at(work: UnitOfWork, reference: str, number: int) -> datetime | None:
    """The instant at which a follow-up of a site was resolved, if there is one and it was."""
    row = await work.session.get(FollowUp, (reference, number))
    return None if row is None else row.resolved_at


async def planned_clearance(work: UnitOfWork, reference: str, number: int) -> Clearance:
    """A clearance of a locked site that is still to come; raises NotFound."""
    row = await work.session.get(Clearance, (reference, number))
    if row is None or row.carried_out is not None:
        raise NotFound(NO_CLEARANCE)
    return row


async def next_number(work: UnitOfWork, table: type[FollowUp] | type[Clearance], reference: str) -> int:
    """The number of the next follow-up or clearance of a locked site."""
    await work.session.flush()
    query = select(func.max(table.number)).where(table.reference == reference)
    return (await work.session.scalar(query) or 0) + 1


async def same_clean(work: UnitOfWork, reference: str, fingerprint: bytes) -> Clean | None:
    """The clean of a site that was told in the same words, if it was."""
    await work.session.flush()
    query = select(Clean).filter_by(reference=reference, fingerprint=fingerprint)
    found: Clean | None = await work.session.scalar(query)
    return found


async def cleans(work: UnitOfWork, reference: str, page: PageRequest) -> tuple[Sequence[Clean], str | None]:
    """A page of the cleans of a site that the caller sees, the latest first; raises NotFound."""
    query = select(Clean).where(Clean.reference == (await site(work, reference)).reference)
    if (after := page.after(2)) is not None:
        query = query.where(tuple_(Clean.cleaned_at, Clean.sequence) < tuple_(*_place(after)))
    ordered = query.order_by(Clean.cleaned_at.desc(), Clean.sequence.desc()).limit(page.limit + 1)
    rows = (await work.session.scalars(ordered)).all()
    return page.cut(rows, lambda row: (row.cleaned_at.isoformat(), str(row.sequence)))


async def inspections(
    work: UnitOfWork, reference: str, page: PageRequest
) -> tuple[Sequence[Inspection], str | None]:
    """A page of the inspections of a site that the caller sees, the latest first; raises NotFound."""
    query = select(Inspection).where(Inspection.reference == (await site(work, reference)).reference)
    if (after := page.after(2)) is not None:
        query = query.where(tuple_(Inspection.inspected_at, Inspection.sequence) < tuple_(*_place(after)))
    ordered = query.order_by(Inspection.inspected_at.desc(), Inspection.sequence.desc())
    rows = (await work.session.scalars(ordered.limit(page.limit + 1))).all()
    return page.cut(rows, lambda row: (row.inspected_at.isoformat(), str(row.sequence)))


async def found_by(work: UnitOfWork, inspections: Sequence[Inspection]) -> dict[int, list[FollowUp]]:
    """The findings of these inspections of one site, by inspection."""
    found: dict[int, list[FollowUp]] = defaultdict(list)
    if inspections:
        of_them = FollowUp.inspection.in_([each.sequence for each in inspections])
        query = select(FollowUp).where(FollowUp.reference == inspections[0].reference, of_them)
        for row in await work.session.scalars(query.order_by(FollowUp.number)):
            found[row.inspection].append(row)
    return found


def _place(after: Sequence[str]) -> tuple[datetime, int]:
    """The instant and the sequence after which a page begins."""
    at, sequence = after
    return datetime.fromisoformat(at), int(sequence)
