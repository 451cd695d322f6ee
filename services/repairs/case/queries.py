"""Questions about repairs that no feature owns."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, false, func, or_, select, true

from services.repairs.case.models import JobUpdate, Reason, Repair
from services.repairs.case.policy import ENDED, Decision, Update
from services.repairs.case.schemas import RepairFilters
from shared.caller import Caller, Role
from shared.cases import queries as cases
from shared.cases.access import visible_to
from shared.cases.address_book import is_at_home
from shared.cases.reasons import reasons_of
from shared.cases.tracking import Tracking, is_brought_by, is_followed_by
from shared.errors import MoveNotAllowed, NotFound
from shared.http.paging import PageRequest
from shared.text import compared
from shared.work import UnitOfWork


async def repair(work: UnitOfWork, reference: str) -> Repair:
    """A repair that the caller sees; raises NotFound."""
    return await cases.get(work, Repair, reference, visible_to(Repair, work.caller))


async def tracked_repair(work: UnitOfWork, reference: str, body: Tracking) -> Repair:
    """A repair of which somebody knows the resident's surname and the home's postcode; raises NotFound."""

    def is_theirs(found: Repair) -> bool:
        return is_followed_by(found, found.property, body.surname, body.postcode)

    return await cases.get(work, Repair, reference, when=is_theirs)


async def repair_for_update(work: UnitOfWork, reference: str) -> Repair:
    """A repair that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Repair, reference, visible_to(Repair, work.caller))


async def open_repair_for_update(work: UnitOfWork, reference: str) -> Repair:
    """A repair that the caller may act on, locked; raises MoveNotAllowed too once it has ended."""
    return still_open(await repair_for_update(work, reference))


async def open_repairs_at(work: UnitOfWork, home: str) -> Sequence[Repair]:
    """The open repairs at a home of the address book, locked in the order of their references."""
    at_home = await is_at_home(work, Repair, home)
    query = select(Repair).where(at_home, Repair.status.not_in(ENDED)).order_by(Repair.reference)
    return (await work.session.scalars(query.with_for_update())).all()


def still_open(found: Repair) -> Repair:
    """The same repair; raises MoveNotAllowed once it has ended."""
    if not found.is_open():
        raise MoveNotAllowed(f"The repair is {found.status}.")
    return found


async def arrangeable_repair(work: UnitOfWork, reference: str) -> Repair:
    """A repair whose visit the caller may agree, a front end of those that it brought; raises NotFound."""
    if not work.caller.is_a(Role.FRONTEND):
        return await repair(work, reference)
    return await cases.get(work, Repair, reference, when=lambda found: is_brought_by(found, work.caller))


async def arrangeable_repair_for_update(work: UnitOfWork, reference: str) -> Repair:
    """A repair whose visit the caller may agree, locked; raises NotFound and StaleVersion."""
    if not work.caller.is_a(Role.FRONTEND):
        return await repair_for_update(work, reference)
    return await cases.brought_for_update(work, Repair, reference)


def can_be_told_of_by(caller: Caller) -> ColumnElement[bool]:
    """The repairs of which a caller may say what happened: a firm, if it has or ever had the job."""
    if not caller.is_a(Role.CONTRACTOR) or caller.firm_key is None:
        return visible_to(Repair, caller)
    return or_(visible_to(Repair, caller), Repair.firms.contains([caller.firm_key]))


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
        yield Repair.contractor_key == compared(filters.contractor)
    if filters.priority is not None:
        yield Repair.priority == filters.priority
    if filters.queue is not None:
        yield Repair.queue == filters.queue
        yield Repair.contractor.is_(None) & Repair.ended_at.is_(None) & ~Repair.emergency_hazard


async def is_recorded(work: UnitOfWork, reference: str, fingerprints: Collection[bytes]) -> bool:
    """Tell whether this very update is there already, under any of the fingerprints that it may have."""
    same = select(JobUpdate.number).where(
        JobUpdate.reference == reference, JobUpdate.fingerprint.in_(fingerprints)
    )
    return await work.session.scalar(same.limit(1)) is not None


async def completions_within(work: UnitOfWork, reference: str, second: datetime) -> Sequence[JobUpdate]:
    """The completions that were told of a job for one second."""
    within = JobUpdate.occurred_at >= second, JobUpdate.occurred_at < second + timedelta(seconds=1)
    told = select(JobUpdate).filter_by(reference=reference, type=Update.COMPLETED).where(*within)
    return (await work.session.scalars(told)).all()


async def first_word(work: UnitOfWork, reference: str, update: Update, firm: str) -> datetime | None:
    """The earliest time that counts of those a firm told for such an update of a job, if it told any."""
    counts = or_(JobUpdate.decision.is_(None), JobUpdate.decision == Decision.ACCEPTED)
    told = select(func.min(JobUpdate.occurred_at)).filter_by(reference=reference, type=update, firm=firm)
    return await work.session.scalar(told.where(counts))


async def job_update(work: UnitOfWork, reference: str, number: int) -> JobUpdate:
    """The update of a job that has this number; raises NotFound."""
    numbered = select(JobUpdate).filter_by(reference=reference, number=number)
    if found := await work.session.scalar(numbered):
        return found
    raise NotFound("There is no such update of this repair.")


def readable_by(caller: Caller) -> ColumnElement[bool]:
    """The updates that a caller reads of a job they see: officers all, a firm its own words."""
    if caller.is_a(Role.OFFICER):
        return true()
    return JobUpdate.firm == caller.firm_key if caller.firm_key else false()


async def updates(
    work: UnitOfWork, reference: str, page: PageRequest
) -> tuple[Sequence[JobUpdate], str | None]:
    """A page of what was told of a job that the caller sees, in the order it reached us, and the next cursor.

    Raises NotFound.
    """
    job = await repair(work, reference)
    told = select(JobUpdate).where(JobUpdate.reference == job.reference, readable_by(work.caller))
    if (after := page.after(1)) is not None:
        told = told.where(JobUpdate.number > int(after[0]))
    rows = (await work.session.scalars(told.order_by(JobUpdate.number).limit(page.limit + 1))).all()
    return page.cut(rows, lambda row: (row.number,))


async def reasons(work: UnitOfWork, reference: str) -> Sequence[Reason]:
    """The reasons given for acts on a repair that the caller sees, in order; raises NotFound."""
    return await reasons_of(work, Reason, (await repair(work, reference)).reference)
