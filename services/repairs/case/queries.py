"""Questions about repairs that no feature owns."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, false, func, or_, select, true

from services.repairs.case.models import JobUpdate, Repair
from services.repairs.case.policy import Update
from services.repairs.case.schemas import RepairFilters
from services.repairs.events import RepairAssigned
from shared.caller import Caller, Role
from shared.cases import queries as cases
from shared.cases.access import visible_to
from shared.db.tables import events
from shared.errors import MoveNotAllowed
from shared.http.paging import PageRequest
from shared.work import UnitOfWork

Tracker = tuple[str | None, str | None]
"""The surname and the postcode that a front end says for somebody it acts for."""


async def repair(work: UnitOfWork, reference: str) -> Repair:
    """A repair that the caller sees; raises NotFound."""
    return await cases.get(work, Repair, reference, visible_to(Repair, work.caller))


async def tracked_repair(work: UnitOfWork, reference: str, tracker: Tracker) -> Repair:
    """A repair as a reader asks for it: a front end must know the home too; raises NotFound."""
    if work.caller.is_a(Role.FRONTEND):
        return await cases.get(work, Repair, reference, knows_the_home(*tracker))
    return await repair(work, reference)


async def repair_for_update(work: UnitOfWork, reference: str) -> Repair:
    """A repair that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Repair, reference, visible_to(Repair, work.caller))


async def open_repair_for_update(work: UnitOfWork, reference: str) -> Repair:
    """A repair that the caller may act on, locked; raises MoveNotAllowed too once it has ended."""
    return still_open(await repair_for_update(work, reference))


def still_open(found: Repair) -> Repair:
    """The same repair; raises MoveNotAllowed once it has ended."""
    if not found.is_open():
        raise MoveNotAllowed(f"The repair is {found.status}.")
    return found


def knows_the_home(surname: str | None, postcode: str | None) -> ColumnElement[bool]:
    """The repairs of a home that somebody knows besides its reference; either of the two will do."""
    known: list[ColumnElement[bool]] = []
    if surname and surname.strip():
        name = func.concat(" ", func.lower(Repair.contact["name"].astext))
        known.append(name.endswith(f" {surname.strip().lower()}", autoescape=True))
    if postcode:
        stored = func.replace(Repair.property["postcode"].astext, " ", "")
        known.append(stored == postcode.replace(" ", "").upper())
    return or_(false(), *known)


def arrangeable_by(caller: Caller, tracker: Tracker) -> ColumnElement[bool]:
    """The repairs whose visits a caller may agree: those they see, and for a front end its residents'."""
    if caller.is_a(Role.FRONTEND):
        return or_(Repair.reported_by == caller.subject, knows_the_home(*tracker))
    return visible_to(Repair, caller)


async def arrangeable_repair(work: UnitOfWork, reference: str, tracker: Tracker) -> Repair:
    """A repair whose visit the caller may agree; raises NotFound."""
    return await cases.get(work, Repair, reference, arrangeable_by(work.caller, tracker))


async def arrangeable_repair_for_update(work: UnitOfWork, reference: str, tracker: Tracker) -> Repair:
    """A repair whose visit the caller may agree, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Repair, reference, arrangeable_by(work.caller, tracker))


def can_be_told_of_by(caller: Caller) -> ColumnElement[bool]:
    """The repairs of which a caller may say what happened: a firm, if it has or ever had the job."""
    if not caller.is_a(Role.CONTRACTOR) or not caller.firm:
        return visible_to(Repair, caller)
    had_it = exists().where(
        events.c.reference == Repair.reference,
        events.c.type == RepairAssigned.type,
        events.c.facts["contractor"].astext == caller.firm,
    )
    return or_(visible_to(Repair, caller), had_it)


async def repair_to_tell_of(work: UnitOfWork, reference: str) -> Repair:
    """A repair of which the caller may say what happened, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Repair, reference, can_be_told_of_by(work.caller))


async def lock_all(work: UnitOfWork, references: Collection[str]) -> None:
    """Lock those of these repairs of which the caller may say what happened, in order of reference.

    Everybody who needs several at once takes them so, or two could each hold what the other waits for.
    """
    among = select(Repair.reference).where(Repair.reference.in_(references), can_be_told_of_by(work.caller))
    await work.session.execute(among.order_by(Repair.reference).with_for_update())


def asked_for(filters: RepairFilters) -> Iterator[ColumnElement[bool]]:
    """The conditions on the repair itself that filters ask for."""
    yield from cases.at_property(Repair, filters)
    if filters.contractor is not None:
        yield Repair.contractor == filters.contractor
    if filters.priority is not None:
        yield Repair.priority == filters.priority
    if filters.queue is not None:
        yield Repair.queue == filters.queue
        yield Repair.contractor.is_(None) & Repair.ended_at.is_(None)


async def is_recorded(work: UnitOfWork, reference: str, fingerprint: bytes) -> bool:
    """Tell whether this very update is there already."""
    same = select(JobUpdate.number).filter_by(reference=reference, fingerprint=fingerprint)
    return await work.session.scalar(same) is not None


async def completions_within(work: UnitOfWork, reference: str, second: datetime) -> Sequence[JobUpdate]:
    """The completions that were told of a job for one second."""
    within = JobUpdate.occurred_at >= second, JobUpdate.occurred_at < second + timedelta(seconds=1)
    told = select(JobUpdate).filter_by(reference=reference, type=Update.COMPLETED).where(*within)
    return (await work.session.scalars(told)).all()


def readable_by(caller: Caller) -> ColumnElement[bool]:
    """The updates that a caller reads of a job they see: officers all, a firm its own words."""
    if caller.is_a(Role.OFFICER):
        return true()
    return JobUpdate.firm == caller.firm if caller.firm else false()


async def updates(
    work: UnitOfWork, reference: str, page: PageRequest
) -> tuple[Sequence[JobUpdate], str | None]:
    """A page of what was told of a job, in the order in which it reached us, and the cursor of the next."""
    told = select(JobUpdate).where(JobUpdate.reference == reference, readable_by(work.caller))
    if (after := page.after(1)) is not None:
        told = told.where(JobUpdate.number > int(after[0]))
    rows = (await work.session.scalars(told.order_by(JobUpdate.number).limit(page.limit + 1))).all()
    return page.cut(rows, lambda row: (row.number,))


async def firms_with_jobs(work: UnitOfWork) -> Collection[str]:
    """The firms to which repairs, open or ended, are given."""
    given = select(Repair.contractor).where(Repair.contractor.is_not(None)).distinct()
    return {firm for firm in await work.session.scalars(given) if firm is not None}
