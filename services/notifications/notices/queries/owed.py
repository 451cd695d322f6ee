"""The statements about notices that are owed, withdrawn and listed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, func, or_, select, tuple_, update

from services.notifications import policy
from services.notifications.models import Notice, WatchedCase, WatchedDeadline
from services.notifications.notices.queries.cases import is_worked
from services.notifications.notices.queries.sent import AS_SENT
from services.notifications.policy import Delivery
from shared.db.bulk_insert import ROWS, as_json, insert_rows
from shared.db.tables import table_of
from shared.references import normalised
from shared.work import UnitOfWork

_NOTICE: dict[str, Any] = {
    "reference": None,
    "kind": None,
    "audience": None,
    "urgency": None,
    "standard": "",
    "started_by": 0,
    "rung": None,
    "due_at": None,
    "stands_for": (),
    "kept_by_owner": False,
    "status": Delivery.PENDING,
    "owed_at": None,
    "attempts": 0,
    "request_id": None,
}
_OWE = insert_rows(table_of(Notice), ("id", *_NOTICE)).on_conflict_do_nothing()


async def owe(work: UnitOfWork, notices: Iterable[Mapping[str, Any]]) -> None:
    """Owe these notices; one that is owed or was sent already stays as it is."""
    if rows := [{"id": uuid4(), **_NOTICE, **notice} for notice in notices]:
        await work.session.execute(_OWE, {ROWS: as_json(rows)})


async def undo_breach(work: UnitOfWork, breached: WatchedDeadline) -> set[tuple[str, datetime]]:
    """Mark a breach's notices as withdrawn; returns who was told of it, each with the date they were told."""
    undone = (
        update(Notice)
        .where(
            Notice.reference == breached.reference,
            Notice.standard == breached.standard,
            Notice.started_by == breached.started_by,
            Notice.kind.in_(policy.ABOUT_A_BREACH),
            Notice.status != Delivery.WITHDRAWN,
        )
        .values(status=Delivery.WITHDRAWN)
        .returning(func.coalesce(Notice.told, Notice.audience), Notice.sent_at, Notice.due_at)
    )
    return {(reader, due_at) for reader, sent_at, due_at in await work.session.execute(undone) if sent_at}


async def rung(
    work: UnitOfWork, reference: str, kinds: Collection[str]
) -> Sequence[tuple[int, str, datetime]]:
    """The rings of those kinds that have left, or may have: by which event each, to whom, and its instant."""
    query = select(Notice.started_by, Notice.audience, Notice.due_at).where(
        Notice.reference == reference,
        Notice.kind.in_(kinds),
        or_(Notice.sent_at.is_not(None), Notice.sent_with.is_not(None)),
    )
    return [(row.started_by, row.audience, row.due_at) for row in await work.session.execute(query)]


async def told_before(
    work: UnitOfWork, references: Collection[str], kinds: Collection[str]
) -> set[tuple[str, str, int]]:
    """The notices of those kinds about these cases: the case, the kind and the event of each."""
    query = select(Notice.reference, Notice.kind, Notice.started_by).where(
        Notice.reference.in_(references), Notice.kind.in_(kinds)
    )
    return {(row.reference, row.kind, row.started_by) for row in await work.session.execute(query)}


async def may_have_been_told(work: UnitOfWork, reference: str) -> bool:
    """Tell if a date we had may have reached the resident; a letter that was taken up may be on its way.

    Which dates it told is seen when new ones are sent. The caller holds the case's row, so no letter is taken
    up meanwhile.
    """
    return bool(await may_know_dates(work, [reference]))


async def may_know_dates(work: UnitOfWork, references: Collection[str]) -> set[str]:
    """Those of these cases of which a date may have reached the resident."""
    letters = select(Notice.reference).where(
        Notice.reference.in_(references),
        Notice.is_for_resident,
        or_(
            Notice.status == Delivery.SENT,
            Notice.sent_at.is_not(None),
            and_(Notice.status == Delivery.PENDING, Notice.attempts > 0),
        ),
    )
    return set(await work.session.scalars(letters.distinct()))


async def withdraw_announcements(
    work: UnitOfWork, reference: str, still_owed: Iterable[Mapping[str, Any]]
) -> None:
    """Withdraw the notices of a case's events that wait to be sent, but for those still owed."""
    identity = ("started_by", "rung", "audience", "due_at")
    owed = {tuple(notice[name] for name in identity) for notice in still_owed}
    waiting = select(Notice).where(
        Notice.reference == reference,
        Notice.standard == "",
        Notice.started_by > 0,
        Notice.status == Delivery.PENDING,
    )
    for notice in await work.session.scalars(waiting.with_for_update()):
        if tuple(getattr(notice, name) for name in identity) not in owed:
            notice.status, notice.reason = Delivery.WITHDRAWN, "NotInItsOwnersHistory"


async def page_of_notices(
    work: UnitOfWork, reference: str | None, status: Delivery | None, after: list[str] | None, limit: int
) -> Sequence[Notice]:
    """One row more than a page of notices of cases that the caller works, the latest first."""
    query = select(Notice).options(*AS_SENT)
    query = query.join(WatchedCase, WatchedCase.reference == Notice.reference).where(is_worked(work))
    if reference is not None:
        query = query.where(Notice.reference == (normalised(reference) or ""))
    if status is not None:
        query = query.where(Notice.status == status)
    if after is not None:
        place = tuple_(datetime.fromisoformat(after[0]), UUID(after[1]))
        query = query.where(tuple_(Notice.created_at, Notice.id) < place)
    query = query.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(limit + 1)
    return (await work.session.scalars(query)).all()


async def notices_about(work: UnitOfWork, reference: str) -> Sequence[Notice]:
    """Every notice of a case, in order."""
    query = select(Notice).options(*AS_SENT)
    query = query.filter_by(reference=reference).order_by(Notice.created_at)
    return (await work.session.scalars(query)).all()
