"""Questions about what is to be done on the caretakers' rounds."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select

from services.estates.models import Issue, Site
from services.estates.policy.issue import ENDED
from shared.cases.access import visible_to
from shared.text import same_name
from shared.work import UnitOfWork


async def sites(work: UnitOfWork, caretaker: str | None) -> Sequence[Site]:
    """The sites that are not retired, of one caretaker or all, that the caller sees."""
    query = select(Site).where(Site.retired_at.is_(None), visible_to(Site, work.caller))
    if caretaker is not None:
        query = query.where(await _has(work, Site, caretaker))
    return (await work.session.scalars(query.order_by(Site.reference))).all()


async def open_issues(work: UnitOfWork, caretaker: str | None) -> Sequence[Issue]:
    """The problems that are not resolved: of one caretaker those given to them or at their sites, or all."""
    query = select(Issue).where(Issue.status.not_in(ENDED), visible_to(Issue, work.caller))
    if caretaker is not None:
        theirs = select(Site.reference).where(await _has(work, Site, caretaker))
        at_their_sites = Issue.handler_name.is_(None) & Issue.site.in_(theirs)
        query = query.where(or_(await _has(work, Issue, caretaker), at_their_sites))
    return (await work.session.scalars(query.order_by(Issue.received_at))).all()


async def _has(work: UnitOfWork, table: type[Site] | type[Issue], caretaker: str) -> ColumnElement[bool]:
    """Cases of a caretaker, by the subject of their token, or by name where that is not known.

    PostgreSQL cannot compare names as people read them, so the few that there are get compared here.
    """
    nameless = table.handler_subject.is_(None)
    names = await work.session.scalars(select(table.handler_name).where(nameless).distinct())
    theirs = [name for name in names if name is not None and same_name(name, caretaker)]
    return or_(table.handler_subject == caretaker, nameless & table.handler_name.in_(theirs))
