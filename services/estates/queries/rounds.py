"""Questions about what is to be done on the caretakers' rounds."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select

from services.estates.models import Issue, Site
from services.estates.policy.issue import ENDED
from shared.cases.access import visible_to
from shared.text import compared
from shared.work import UnitOfWork


async def sites(work: UnitOfWork, caretaker: str | None) -> Sequence[Site]:
    """The sites that are not retired, of one caretaker or all, that the caller sees."""
    query = select(Site).where(Site.retired_at.is_(None), visible_to(Site, work.caller))
    if caretaker is not None:
        query = query.where(_has(Site, caretaker))
    return (await work.session.scalars(query.order_by(Site.reference))).all()


async def open_issues(work: UnitOfWork, caretaker: str | None) -> Sequence[Issue]:
    """The problems that are not resolved: of one caretaker those given to them or at their sites, or all."""
    query = select(Issue).where(Issue.status.not_in(ENDED), visible_to(Issue, work.caller))
    if caretaker is not None:
        theirs = select(Site.reference).where(_has(Site, caretaker))
        at_their_sites = Issue.handler_name.is_(None) & Issue.site.in_(theirs)
        query = query.where(or_(_has(Issue, caretaker), at_their_sites))
    return (await work.session.scalars(query.order_by(Issue.received_at))).all()


def _has(table: type[Site] | type[Issue], caretaker: str) -> ColumnElement[bool]:
    """Cases of a caretaker, by the subject of their token, or by name where that is not known."""
    by_name = table.handler_subject.is_(None) & (func.lower(table.handler_name) == compared(caretaker))
    return or_(table.handler_subject == caretaker, by_name)
