"""The statements by which the events received of cases are compared with what their owners have."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, union

from services.notifications.models import CaseEvent, Reconciliation, WatchedCase, WatchedDeadline
from services.notifications.policy import ReceivedEvent
from shared.work import UnitOfWork


async def received(work: UnitOfWork, references: Sequence[str]) -> dict[str, list[ReceivedEvent]]:
    """The events received of watched cases, by case and in order."""
    watched = select(WatchedCase.reference).where(WatchedCase.reference == func.any(references))
    found: dict[str, list[ReceivedEvent]] = {
        reference: [] for reference in await work.session.scalars(watched)
    }
    query = select(CaseEvent.reference, CaseEvent.id, CaseEvent.sequence, CaseEvent.recorded_at)
    query = query.where(CaseEvent.reference == func.any(list(found)))
    for row in await work.session.execute(query.order_by(CaseEvent.reference, CaseEvent.sequence)):
        found[row.reference].append(ReceivedEvent(row.id, row.sequence, row.recorded_at))
    return found


async def to_compare(work: UnitOfWork, service: str, recent: timedelta) -> set[str]:
    """The cases of a service that promise something still, or of which an event was received of late."""
    row = WatchedDeadline
    open_now = select(row.reference).where(
        row.service == service, row.met_at.is_(None), row.cancelled_at.is_(None)
    )
    of_late = select(CaseEvent.reference).where(CaseEvent.received_at >= func.now() - recent)
    either = union(open_now, of_late).subquery()
    cases = select(WatchedCase.reference).join(either, either.c.reference == WatchedCase.reference)
    return set(await work.session.scalars(cases.where(WatchedCase.service == service)))


async def disputed(work: UnitOfWork) -> Sequence[WatchedCase]:
    """The cases whose history here is in doubt, the longest in doubt first."""
    query = select(WatchedCase).where(WatchedCase.disputed_at.is_not(None))
    return (await work.session.scalars(query.order_by(WatchedCase.disputed_at))).all()


async def latest_reconciliations(work: UnitOfWork, limit: int = 30) -> Sequence[Reconciliation]:
    """The latest first."""
    query = select(Reconciliation).order_by(Reconciliation.started_at.desc()).limit(limit)
    return (await work.session.scalars(query)).all()
