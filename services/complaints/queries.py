"""Questions about complaints."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, tuple_

from services.complaints.events import (
    ComplaintReopened,
    ComplaintTriaged,
    Origin,
    Referral as ReferralKind,
    Stage as StageNumber,
)
from services.complaints.letters import LetterKind
from services.complaints.models import (
    Complaint,
    Letter,
    OmbudsmanCase,
    PromisedAction,
    Reason,
    Referral,
    Source,
    Stage,
)
from services.complaints.policy import STAGE_1, STAGE_2
from services.complaints.schemas.receipt import ComplaintFilters, WhichLetter
from shared.cases import queries as cases
from shared.cases.access import visible_to
from shared.cases.reasons import reasons_of
from shared.errors import NotFound
from shared.events import Event
from shared.http.paging import PageRequest
from shared.messaging import outbox
from shared.work import UnitOfWork


async def complaint(work: UnitOfWork, reference: str) -> Complaint:
    """A complaint that the caller sees; raises NotFound."""
    return await cases.get(work, Complaint, reference, visible_to(Complaint, work.caller))


async def complaint_for_update(work: UnitOfWork, reference: str) -> Complaint:
    """A complaint that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Complaint, reference, visible_to(Complaint, work.caller))


async def listed(
    work: UnitOfWork, filters: ComplaintFilters, page: PageRequest
) -> tuple[Sequence[Complaint], str | None]:
    """A page of the complaints that the caller sees, and the cursor of the next; raises Invalid."""
    return await cases.listed(work, Complaint, filters, page, *_asked_for(filters))


async def received_between(work: UnitOfWork, first: datetime, last: datetime) -> Sequence[Complaint]:
    """The complaints that the caller sees of those received in that time, the earliest first."""
    within = Complaint.received_at >= first, Complaint.received_at <= last
    seen = select(Complaint).where(visible_to(Complaint, work.caller), *within)
    return (await work.session.scalars(seen.order_by(Complaint.received_at, Complaint.reference))).all()


async def refusals(work: UnitOfWork, references: Sequence[str]) -> Mapping[str, Sequence[Event]]:
    """The triages and reopenings of each of these complaints, in order."""
    types = ComplaintTriaged.type, ComplaintReopened.type
    return await outbox.history(work.session, references, types)


def _asked_for(filters: ComplaintFilters) -> Iterator[ColumnElement[bool]]:
    yield from cases.at_property(Complaint, filters)
    if filters.about is not None:
        yield Complaint.about == filters.about


@dataclass(frozen=True, slots=True)
class Parts:
    """The rows that belong to one complaint, besides its own."""

    stages: Mapping[int, Stage] = field(default_factory=dict)
    actions: Sequence[PromisedAction] = ()
    referrals: Sequence[Referral] = ()
    letters: Sequence[str] = ()
    ombudsman: OmbudsmanCase | None = None


async def parts_of(work: UnitOfWork, references: Sequence[str]) -> dict[str, Parts]:
    """The parts of these complaints, by reference, what this unit of work has added included."""
    await work.session.flush()
    stages: dict[str, dict[int, Stage]] = defaultdict(dict)
    for stage in await work.session.scalars(select(Stage).where(Stage.reference.in_(references))):
        stages[stage.reference][stage.stage] = stage
    actions: dict[str, list[PromisedAction]] = defaultdict(list)
    promised = select(PromisedAction).where(PromisedAction.reference.in_(references))
    for action in await work.session.scalars(promised.order_by(PromisedAction.number)):
        actions[action.reference].append(action)
    referrals: dict[str, list[Referral]] = defaultdict(list)
    for referral in await work.session.scalars(select(Referral).where(Referral.reference.in_(references))):
        referrals[referral.reference].append(referral)
    letters: dict[str, list[str]] = defaultdict(list)
    kinds = select(Letter.reference, Letter.kind).where(Letter.reference.in_(references)).distinct()
    for reference, kind in await work.session.execute(kinds.order_by(Letter.kind)):
        letters[reference].append(kind)
    decided = await work.session.scalars(select(OmbudsmanCase).where(OmbudsmanCase.reference.in_(references)))
    ombudsmen = {case.reference: case for case in decided}
    return {
        reference: Parts(
            stages[reference],
            actions[reference],
            referrals[reference],
            letters[reference],
            ombudsmen.get(reference),
        )
        for reference in references
    }


async def stage_of(work: UnitOfWork, reference: str, stage: StageNumber) -> Stage:
    """One stage of a complaint whose row is locked, new if nothing was noted of it yet."""
    await work.session.flush()
    found = await work.session.get(Stage, (reference, stage))
    if found is None:
        found = Stage(reference=reference, stage=stage, points=[], remedies=[])
        work.add(found)
    return found


async def awaiting_reply(work: UnitOfWork) -> Sequence[Complaint]:
    """The complaints whose reply is owed and is not known to be late."""
    late = select(Stage.reference).where(
        Stage.reference == Complaint.reference, Stage.overdue_since.is_not(None)
    )
    at_stage_1 = Complaint.status.in_(STAGE_1) & ~late.where(Stage.stage == StageNumber.ONE).exists()
    at_stage_2 = Complaint.status.in_(STAGE_2) & ~late.where(Stage.stage == StageNumber.TWO).exists()
    return (await work.session.scalars(select(Complaint).where(at_stage_1 | at_stage_2))).all()


async def open_actions(work: UnitOfWork, reference: str) -> frozenset[Origin]:
    """The origins of the actions that are still to be done."""
    open_ones = select(PromisedAction.origin).filter_by(
        reference=reference, completed_at=None, failed_at=None
    )
    return frozenset(map(Origin, await work.session.scalars(open_ones.distinct())))


async def actions_promised(work: UnitOfWork, reference: str) -> int:
    """The number of actions that were promised so far."""
    query = select(func.count()).select_from(PromisedAction).where(PromisedAction.reference == reference)
    return await work.session.scalar(query) or 0


async def promised_action(work: UnitOfWork, reference: str, number: int) -> PromisedAction:
    """An action by its number; raises NotFound."""
    found = await work.session.get(PromisedAction, (reference, number))
    if found is None:
        raise NotFound("Nothing of that number was promised.")
    return found


async def referred(work: UnitOfWork, reference: str) -> Complaint:
    """A complaint that referred anything to another service, for that service; raises NotFound."""
    theirs = select(Referral.reference).where(Referral.reference == Complaint.reference).exists()
    return await cases.get(work, Complaint, reference, theirs)


async def referral(work: UnitOfWork, reference: str, kind: ReferralKind) -> Referral | None:
    """The referral of a complaint to another service, if there is one."""
    return await work.session.get(Referral, (reference, kind))


async def ombudsman_case(work: UnitOfWork, reference: str) -> OmbudsmanCase:
    """A complaint's way to the ombudsman, new if nothing was noted of it yet."""
    found = await work.session.get(OmbudsmanCase, reference)
    if found is None:
        found = OmbudsmanCase(reference=reference)
        work.add(found)
    return found


async def made_from(work: UnitOfWork, references: Collection[str]) -> Sequence[Complaint]:
    """The complaints that were made from these cases, locked, in order of reference."""
    made = select(Complaint).join(Source, Source.complaint == Complaint.reference)
    made = made.where(Source.source.in_(references)).order_by(Complaint.reference)
    return (await work.session.scalars(made.with_for_update(of=Complaint))).all()


async def known_sources(work: UnitOfWork, keys: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """The cases of these, each with the sequence of its answers or 0, that were made complaints before."""
    query = select(Source.source, Source.answers).where(tuple_(Source.source, Source.answers).in_(keys))
    return {(row.source, row.answers) for row in await work.session.execute(query)}


def of_service(service: str) -> ColumnElement[bool]:
    """The sources that a service is asked about."""
    return Source.service == service


async def note_answered(work: UnitOfWork, source: str, answers: int) -> None:
    """Note that the other service has told us the words of a complaint."""
    found = await work.session.get_one(Source, (source, answers))
    found.answered_at = work.now


async def letters(work: UnitOfWork, reference: str) -> Sequence[Letter]:
    """Every letter about a complaint that the caller sees, in order; raises NotFound."""
    case = await complaint(work, reference)
    query = select(Letter).filter_by(reference=case.reference).order_by(Letter.sequence)
    return (await work.session.scalars(query)).all()


async def letter(work: UnitOfWork, reference: str, kind: LetterKind, which: WhichLetter) -> Letter:
    """The latest of the letters meant, about a complaint that the caller sees; raises NotFound."""
    case = await complaint(work, reference)
    meant = {name: value for name, value in asdict(which).items() if value is not None}
    query = select(Letter).filter_by(reference=case.reference, kind=kind, **meant)
    found = await work.session.scalar(query.order_by(Letter.sequence.desc()).limit(1))
    if found is None:
        raise NotFound("No such letter was written.")
    return found


async def letter_of(work: UnitOfWork, reference: str, sequence: int) -> Letter:
    """The letter that tells of an event; raises NotFound."""
    found = await work.session.get(Letter, (cases.known(reference), sequence))
    if found is None:
        raise NotFound("No such letter was written.")
    return found


async def reasons(work: UnitOfWork, reference: str) -> Sequence[Reason]:
    """The reasons given for acts on a complaint that the caller sees, in order; raises NotFound."""
    return await reasons_of(work, Reason, (await complaint(work, reference)).reference)
