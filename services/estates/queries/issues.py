"""Questions about reported problems and their ways to other services."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, not_, select

from services.estates.events import Referee
from services.estates.models import Issue, IssueReferral, Site, TakenUp
from services.estates.policy.issue import IssueStatus
from services.estates.schemas.issues import IssueFilters, IssueSort
from shared.cases import queries as cases
from shared.cases.access import visible_to
from shared.cases.queries import Order
from shared.errors import NotFound
from shared.http.paging import PageRequest
from shared.references import normalised
from shared.work import UnitOfWork

URGENT_FIRST = Order[Issue](
    (not_(Issue.urgent), Issue.received_at),
    lambda issue: (str(int(not issue.urgent)), issue.received_at.isoformat()),
    (lambda is_calm: bool(int(is_calm)), datetime.fromisoformat),
)


async def issue(work: UnitOfWork, reference: str) -> Issue:
    """A problem that the caller sees; raises NotFound."""
    return await cases.get(work, Issue, reference, visible_to(Issue, work.caller))


async def issue_for_update(work: UnitOfWork, reference: str) -> Issue:
    """A problem that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Issue, reference, visible_to(Issue, work.caller))


async def locked(work: UnitOfWork, reference: str) -> Issue:
    """A problem of our own finding, locked; raises NotFound."""
    return await cases.get_for_update(work, Issue, reference)


async def lock_all(work: UnitOfWork, references: Collection[str]) -> None:
    """Lock these problems and sites in order, whoever may see them, until the unit of work ends.

    Sites before problems, each in order of reference: batches that share some wait for one another.
    """
    for table in (Site, Issue):
        query = select(table.reference).where(table.reference.in_(references))
        await work.session.execute(query.order_by(table.reference).with_for_update())


async def listed(
    work: UnitOfWork, filters: IssueFilters, page: PageRequest
) -> tuple[Sequence[Issue], str | None]:
    """A page of the problems that the caller sees, and the cursor of the next; raises Invalid."""
    order = URGENT_FIRST if filters.sort is IssueSort.URGENT else None
    conditions = *_asked_for(filters), *cases.at_property(Issue, filters)
    return await cases.listed(work, Issue, filters, page, *conditions, order=order)


def _asked_for(filters: IssueFilters) -> Iterator[ColumnElement[bool]]:
    if filters.kind is not None:
        yield Issue.kind == filters.kind
    if filters.urgent is not None:
        yield Issue.urgent.expression if filters.urgent else not_(Issue.urgent)
    if filters.site is not None:
        yield Issue.site == (normalised(filters.site) or filters.site)


async def site(work: UnitOfWork, reference: str) -> Site | None:
    """The site of a problem that is not retired, if there is one."""
    query = select(Site).where(Site.reference == normalised(reference), Site.retired_at.is_(None))
    found: Site | None = await work.session.scalar(query)
    return found


async def sites_of(work: UnitOfWork, issues: Sequence[Issue]) -> dict[str, Site]:
    """The sites of these problems, by reference."""
    query = select(Site).where(Site.reference.in_({each.site for each in issues if each.site}))
    return {row.reference: row for row in await work.session.scalars(query)}


async def offensive_between(work: UnitOfWork, site: str, since: datetime, until: datetime) -> int:
    """The number of times that offensive graffiti was reported at a site after `since`, until then.

    The site is locked, so that of two reports at once the later counts the earlier.
    """
    await work.session.flush()
    # not its key: each new problem holds that, and two would wait for one another
    lock = select(Site.reference).filter_by(reference=site).with_for_update(key_share=True)
    await work.session.execute(lock)
    query = select(func.count()).select_from(Issue).where(Issue.site == site, Issue.offensive)
    query = query.where(Issue.received_at > since, Issue.received_at <= until)
    return await work.session.scalar(query) or 0


async def repeated_graffiti(
    work: UnitOfWork, since: datetime, times: int
) -> Sequence[tuple[Site, int, datetime, list[str]]]:
    """The sites to which offensive graffiti came so many times since, the latest first, with the problems."""
    its = func.array_agg(Issue.reference.op("ORDER BY")(Issue.received_at))
    latest = func.max(Issue.received_at)
    query = select(Site, func.count(), latest, its).join(Issue, Issue.site == Site.reference)
    query = query.where(Issue.offensive, Issue.received_at > since).group_by(Site.reference)
    query = query.having(func.count() >= times).order_by(latest.desc(), Site.reference)
    return [(row[0], row[1], row[2], list(row[3])) for row in await work.session.execute(query)]


async def to_follow_caretaker(work: UnitOfWork, site: str) -> Sequence[Issue]:
    """The problems at a locked site that nobody was given by name, locked in order of reference."""
    query = select(Issue).filter_by(site=site, status=IssueStatus.REPORTED).order_by(Issue.reference)
    return (await work.session.scalars(query.with_for_update())).all()


async def referrals(work: UnitOfWork, references: Collection[str]) -> dict[str, list[IssueReferral]]:
    """The services that these problems were passed on to, by problem, in order of time."""
    query = select(IssueReferral).where(IssueReferral.reference.in_(references))
    found: dict[str, list[IssueReferral]] = defaultdict(list)
    for row in await work.session.scalars(query.order_by(IssueReferral.referred_at, IssueReferral.to)):
        found[row.reference].append(row)
    return found


async def referral(work: UnitOfWork, reference: str, to: Referee) -> IssueReferral | None:
    """The referral of a locked problem to a service, if there is one."""
    return await work.session.get(IssueReferral, (reference, str(to)))


async def referred(work: UnitOfWork, reference: str) -> Issue:
    """A problem that was passed on, for the service that takes it up; raises NotFound."""
    is_referred = select(IssueReferral.reference).where(IssueReferral.reference == Issue.reference).exists()
    return await cases.get(work, Issue, reference, is_referred)


async def taken_up(work: UnitOfWork, complaints: Collection[str]) -> dict[str, Issue]:
    """The problems that these complaints' requests were taken up as, by the complaint, locked."""
    query = select(TakenUp.complaint, Issue).join(Issue, Issue.reference == TakenUp.reference)
    query = query.where(TakenUp.complaint.in_(complaints)).order_by(Issue.reference)
    return {row[0]: row[1] for row in await work.session.execute(query.with_for_update(of=Issue))}


async def taken_up_row(work: UnitOfWork, complaint: str) -> TakenUp:
    """The row of a complaint whose request was taken up; raises NotFound."""
    row = await work.session.get(TakenUp, complaint)
    if row is None:
        raise NotFound("No such complaint was taken up.")
    return row
