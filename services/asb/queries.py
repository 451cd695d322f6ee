"""Questions about cases of anti-social behaviour; every reading of one is noted with its caller."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, false, func, literal, not_, or_, select, true, tuple_

from services.asb.events import SCOPE
from services.asb.models import AsbCase, CaseReview, Damage, DiaryEntry, EstateIssue, Incident, Read, Referral
from services.asb.policy import Action, CaseReviewStatus
from services.asb.schemas.requests import AsbFilters
from shared.caller import Role
from shared.cases import queries as cases
from shared.cases.access import opened_by_scope, visible_to
from shared.cases.filters import Sort
from shared.cases.queries import Order
from shared.cases.reads import REPLAYED, note_reads, reads_of
from shared.errors import NotFound
from shared.events import Event
from shared.http.paging import PageRequest
from shared.messaging import outbox
from shared.references import normalised
from shared.work import UnitOfWork

Part = TypeVar("Part", Incident, DiaryEntry, Damage, CaseReview)

MOST_SUGGESTED = 20


async def read_case(work: UnitOfWork, reference: str, purpose: str = "read it") -> AsbCase:
    """A case that the caller sees, its reading noted; raises NotFound."""
    case = await visible_case(work, reference)
    note_reads(work, Read, [case.reference], purpose)
    return case


async def visible_case(work: UnitOfWork, reference: str) -> AsbCase:
    """A case that the caller sees; raises NotFound."""
    return await cases.get(work, AsbCase, reference, visible_to(AsbCase, work.caller))


async def note_replay(work: UnitOfWork, reference: str) -> None:
    """Note that the caller is shown a stored answer about a case again."""
    note_reads(work, Read, [reference], REPLAYED)


async def any_case(work: UnitOfWork, reference: str) -> AsbCase:
    """A case, for another service that knows of it; raises NotFound."""
    return await cases.get(work, AsbCase, reference)


async def case_for_update(work: UnitOfWork, reference: str) -> AsbCase:
    """A case that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, AsbCase, reference, visible_to(AsbCase, work.caller))


async def case_behind_glass(work: UnitOfWork, reference: str) -> AsbCase:
    """A case that an officer with the scope may open in an emergency, locked.

    Raises NotFound and StaleVersion.
    """
    return await cases.get_for_update(work, AsbCase, reference, opened_by_scope(AsbCase, work.caller))


async def attachments_case(work: UnitOfWork, reference: str) -> AsbCase:
    """A case whose attachments the caller reads; raises NotFound."""
    return await read_case(work, reference, "read its attachments")


async def listed(
    work: UnitOfWork, filters: AsbFilters, page: PageRequest
) -> tuple[Sequence[AsbCase], str | None]:
    """A page of the cases that the caller sees, and the cursor of the next; raises Invalid.

    A high risk stands first in an officer's list, however it is sorted; a resident is not told of it, nor an
    officer about a case of their own.
    """
    works = work.caller.is_a(Role.OFFICER) and not filters.mine
    order = _high_risk_first(filters) if works else None
    rows, following = await cases.listed(work, AsbCase, filters, page, *_asked_for(filters), order=order)
    note_reads(work, Read, [row.reference for row in rows], "listed it")
    return rows, following


def _high_risk_first(filters: AsbFilters) -> Order[AsbCase]:
    latest_first = filters.sort != Sort.EARLIEST
    first = AsbCase.high_risk if latest_first else not_(AsbCase.high_risk)
    return Order(
        (first, AsbCase.received_at),
        lambda case: (str(int(case.high_risk is latest_first)), case.received_at.isoformat()),
        (lambda text: true() if text == "1" else false(), datetime.fromisoformat),
        descending=latest_first,
    )


def _asked_for(filters: AsbFilters) -> Iterator[ColumnElement[bool]]:
    for name in ("category", "priority", "risk", "risk_to_assess"):
        if (wanted := getattr(filters, name)) is not None:
            yield getattr(AsbCase, name) == wanted


async def parts(work: UnitOfWork, table: type[Part], references: Sequence[str]) -> Mapping[str, list[Part]]:
    """The rows of a table of parts, such as incidents, of each of these cases, in order, to be read."""
    found: dict[str, list[Part]] = defaultdict(list)
    query = select(table).where(table.reference.in_(references)).order_by(*table.__table__.primary_key)
    for row in await work.session.scalars(query):
        found[row.reference].append(work.opened(row))
    return found


async def joined(work: UnitOfWork, references: Sequence[str]) -> Mapping[str, list[str]]:
    """The reports that were joined to each of these cases, as far as the caller sees them."""
    found: dict[str, list[str]] = defaultdict(list)
    query = select(AsbCase).where(AsbCase.joined_to.in_(references), visible_to(AsbCase, work.caller))
    for report in await work.session.scalars(query.order_by(AsbCase.received_at)):
        found[str(report.joined_to)].append(report.reference)
    return found


async def visible_among(work: UnitOfWork, references: Sequence[str]) -> set[str]:
    """The cases of these that the caller sees."""
    query = select(AsbCase.reference).where(AsbCase.reference.in_(references))
    return set(await work.session.scalars(query.where(visible_to(AsbCase, work.caller))))


async def about_the_same_people(work: UnitOfWork, case: AsbCase) -> Sequence[tuple[AsbCase, int]]:
    """Other cases that the caller sees and that share a digest, with how many, the likeliest first."""
    query = select(AsbCase).where(
        AsbCase.people.overlap(case.people),
        AsbCase.reference != case.reference,
        visible_to(AsbCase, work.caller),
    )
    found = (await work.session.scalars(query.order_by(AsbCase.received_at.desc()))).all()
    counted = [(each, len({*case.people} & {*each.people})) for each in found]
    return sorted(counted, key=lambda pair: -pair[1])[:MOST_SUGGESTED]


async def family(work: UnitOfWork, case: AsbCase) -> Sequence[AsbCase]:
    """The cases joined with one another, over however many joins, of which this is one; whoever sees them."""
    columns = AsbCase.reference, AsbCase.joined_to
    tied = select(*columns).where(AsbCase.reference == case.reference).cte("tied", recursive=True)
    is_joined = or_(AsbCase.reference == tied.c.joined_to, AsbCase.joined_to == tied.c.reference)
    tied = tied.union(select(*columns).where(is_joined))
    query = select(AsbCase).where(AsbCase.reference.in_(select(tied.c.reference)))
    return (await work.session.scalars(query.order_by(AsbCase.reference))).all()


async def lock_in_order(work: UnitOfWork, references: Iterable[str]) -> None:
    """Lock the rows of cases by the order of their references, so that two such acts never wait in a ring."""
    known = sorted(filter(None, map(normalised, references)))
    rows = select(AsbCase.reference).where(AsbCase.reference.in_(known), visible_to(AsbCase, work.caller))
    await work.session.execute(rows.order_by(AsbCase.reference).with_for_update())


async def history(work: UnitOfWork, reference: str) -> Sequence[Event]:
    """Every fact of a case, in order."""
    return (await outbox.history(work.session, [reference]))[reference]


async def damage(work: UnitOfWork, reference: str, number: int) -> tuple[AsbCase, Damage]:
    """A damage and its case, for the service that repairs it; raises NotFound where no home is known."""
    found = await work.session.get(Damage, (cases.known(reference), number))
    case = None if found is None else await work.session.get(AsbCase, found.reference)
    if found is None or case is None or case.property is None or not found.our_repair_responsibility:
        raise NotFound("There is no such damage, or its home is not known.")
    return case, found


async def made_complaint(work: UnitOfWork, reference: str, answers: int | None) -> tuple[AsbCase, str]:
    """A case whose survey's answers of that sequence were made a complaint, with them; raises NotFound.

    By default its first ones: a case could be made one complaint, before every questionnaire could.
    """
    case = await cases.get(work, AsbCase, reference)
    query = select(DiaryEntry).filter_by(reference=case.reference, act=Action.SURVEY_ANSWERS)
    if answers is not None:
        query = query.filter_by(sequence=answers)
    for entry in await work.session.scalars(query.order_by(DiaryEntry.sequence)):
        if (said := work.opened(entry).said).get("complaint"):
            return case, said["comments"]
    raise NotFound(cases.NO_SUCH_CASE)


async def referred(work: UnitOfWork, complaints: Sequence[str]) -> set[str]:
    """The complaints of these that have a case here."""
    query = select(Referral.complaint).where(Referral.complaint.in_(complaints))
    return set(await work.session.scalars(query))


async def cases_of_issues(work: UnitOfWork, issues: Sequence[str]) -> set[str]:
    """The problems of these that have a case here."""
    query = select(EstateIssue.issue).where(EstateIssue.issue.in_(issues))
    return set(await work.session.scalars(query))


async def issue_of_case(work: UnitOfWork, reference: str) -> str | None:
    """The problem that became a case, if one did."""
    found: str | None = await work.session.scalar(select(EstateIssue.issue).filter_by(case=reference))
    return found


async def note_answered(work: UnitOfWork, complaint: str) -> None:
    """Note that complaints has told us what it referred."""
    referral = await work.session.get(Referral, complaint)
    assert referral is not None, "a question is asked about a row"
    referral.answered_at = work.now


async def case_review(work: UnitOfWork, reference: str, number: int) -> CaseReview | None:
    """The case review of that number, if there is one."""
    return await work.session.get(CaseReview, (reference, number))


async def latest_case_review(work: UnitOfWork, reference: str) -> CaseReview | None:
    """The case review applied for last, if any was."""
    query = select(CaseReview).filter_by(reference=reference).order_by(CaseReview.number.desc())
    return await work.session.scalar(query.limit(1))


async def concluded_case_review(work: UnitOfWork, reference: str, number: int | None) -> CaseReview | None:
    """The concluded case review of that number, by default the one concluded last."""
    query = select(CaseReview).filter_by(reference=reference, status=CaseReviewStatus.CONCLUDED)
    if number is not None:
        query = query.filter_by(number=number)
    return await work.session.scalar(query.order_by(CaseReview.number.desc()).limit(1))


async def reads(work: UnitOfWork, reference: str, page: PageRequest) -> tuple[Sequence[Read], str | None]:
    """A page of the reads of a case that the caller sees, the latest first; raises NotFound."""
    return await reads_of(work, Read, (await visible_case(work, reference)).reference, page)


async def reads_by(
    work: UnitOfWork, read_by: str | None, page: PageRequest
) -> tuple[Sequence[Read], str | None]:
    """A page of the reads of all cases, or of those by one caller, the latest first, whatever their teams.

    Whoever watches over access must not depend on the team that is watched.
    """
    query = select(Read).join(AsbCase, AsbCase.reference == Read.reference)
    query = query.where(opened_by_scope(AsbCase, work.caller))
    if read_by is not None:
        query = query.where(Read.read_by == read_by)
    if (after := page.after(1)) is not None:
        query = query.where(Read.number < int(after[0]))
    rows = (await work.session.scalars(query.order_by(Read.number.desc()).limit(page.limit + 1))).all()
    return page.cut(rows, lambda row: (row.number,))


async def broken_glasses(work: UnitOfWork, page: PageRequest) -> tuple[Sequence[DiaryEntry], str | None]:
    """A page of the emergencies in which cases were opened, the latest first, whatever their teams.

    Whoever judges them must not depend on the team whose case was opened.
    """
    key = tuple_(DiaryEntry.occurred_at, DiaryEntry.reference, DiaryEntry.sequence)
    query = select(DiaryEntry).join(AsbCase, AsbCase.reference == DiaryEntry.reference)
    query = query.where(DiaryEntry.act == literal(Action.BREAK_GLASS.value, literal_execute=True))
    query = query.where(opened_by_scope(AsbCase, work.caller))
    if (after := page.after(3)) is not None:
        query = query.where(key < tuple_(datetime.fromisoformat(after[0]), after[1], int(after[2])))
    ordered = query.order_by(*(part.desc() for part in key.clauses)).limit(page.limit + 1)
    rows = (await work.session.scalars(ordered)).all()
    return page.cut(rows, lambda row: (row.occurred_at.isoformat(), row.reference, row.sequence))


async def case_review_figures(work: UnitOfWork, since: datetime, until: datetime) -> Mapping[str, int]:
    """The four figures about the case reviews applied for in a span of time; nobody's team matters to them.

    They are the council's, and name no case; but a caller without the scope gets no figure at all.
    """
    if SCOPE not in work.caller.scopes:
        raise NotFound("There are no such figures for this caller.")
    is_concluded = CaseReview.status == CaseReviewStatus.CONCLUDED
    counts = select(
        func.count().label("applications"),
        func.count().filter(CaseReview.status == CaseReviewStatus.NOT_MET).label("threshold_not_met"),
        func.count().filter(is_concluded).label("reviews_carried_out"),
        func.count()
        .filter(is_concluded, func.cardinality(CaseReview.completed_on) > 0)
        .label("reviews_with_recommendations"),
    ).where(CaseReview.applied_at >= since, CaseReview.applied_at < until)
    return dict((await work.session.execute(counts)).one()._mapping)
