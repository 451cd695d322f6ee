"""What all cases have in common: the columns, the lock that acts take, the times, the dates promised."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Text, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from shared.app_state import AppState
from shared.db.tables import INSTANT
from shared.errors import Invalid, NotFound, StaleVersion
from shared.events import Event
from shared.http.idempotency import stop_if_done
from shared.http.routes import IF_MATCH
from shared.messaging.outbox import Case, history, latest_fact_at
from shared.references import normalised
from shared.standards.deadlines import Deadline, deadlines

CLOCKS_DIFFER_BY = timedelta(seconds=5)
FOLDED = "of each case, the latest event that was folded, and the deadlines they all gave"


class CaseColumns:
    """Columns of every case's table; `version` is the sequence of its latest event, and its ETag."""

    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]
    status: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(INSTANT)
    imported: Mapped[bool]
    department: Mapped[str] = mapped_column(Text)
    handler_name: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # the token's subject: a resident's own id, or the client that reported on their behalf
    reported_by: Mapped[str] = mapped_column(Text)


AnyCase = TypeVar("AnyCase", bound=CaseColumns)


async def locked(session: AsyncSession, table: type[AnyCase], reference: str, *visible: Any) -> AnyCase:
    """The case, its row locked until the end of the transaction, if the conditions `visible` hold.

    Raises NotFound, StaleVersion when the request's If-Match names only other versions, and AlreadyDone when
    the request comes again with its Idempotency-Key.
    """
    query = select(table).where(table.reference == known(reference), *visible).with_for_update()
    case = await session.scalar(query.execution_options(populate_existing=True))
    if case is None:
        raise NotFound("There is no such case for this caller.")
    stop_if_done(session, case)  # before If-Match: the act itself has made the case's version another
    expected = session.info.get(IF_MATCH)
    if expected is not None and str(case.version) not in expected:
        raise StaleVersion(f"The case is at version {case.version} now; read it again before acting on it.")
    return case


def known(reference: str) -> str:
    """A reference in the form it is stored in; raises NotFound when it cannot be one."""
    form = normalised(reference)
    if form is None:
        raise NotFound("There is no such case for this caller.")
    return form


def past_instant(given: datetime | None, now: datetime, pointer: str) -> datetime:
    """The instant at which something happened, by default now; raises Invalid for the future."""
    if given is None:
        return now
    if given > now + CLOCKS_DIFFER_BY:
        raise Invalid("This time is in the future.", pointer)
    return min(given, now)


async def instant_of_act(
    session: AsyncSession,
    case: CaseColumns,
    given: datetime | None,
    now: datetime,
    *,
    pointer: str = "/occurred_at",
    not_before: datetime | None = None,
    what: str = "the case was received",
) -> datetime:
    """The instant at which an act on a case happened, whose row is locked; by default that of `act_now`.

    Raises Invalid for a time given in the future, or before `what` was, by default the case's receipt.
    """
    if given is None:
        return await act_now(session, case, now)
    earliest = not_before or case.received_at
    no_earlier(given, earliest, what, pointer)
    return max(past_instant(given, now, pointer), earliest)


async def act_now(session: AsyncSession, case: Case, now: datetime) -> datetime:
    """The instant of an act that happens now to a case whose row is locked: after all its facts.

    A clock that was put back would else date the act before what it follows: work before its report, a
    signature before its quote.
    """
    latest = await latest_fact_at(session, case.reference)
    return now if latest is None else following(latest, now)


def following(latest: datetime, now: datetime) -> datetime:
    """Now, or the instant right after `latest` where the clock has been put back since."""
    return now if latest <= now else latest + timedelta.resolution


def no_earlier(at: datetime, earliest: datetime, what: str, pointer: str = "/occurred_at") -> datetime:
    """The later of the two instants; raises Invalid for one from before the second in which `what` was."""
    if at < earliest.replace(microsecond=0):  # callers tell times to the second, we note a fraction
        raise Invalid(f"This time is before {what}.", pointer)
    return max(at, earliest)


async def promised(
    session: AsyncSession, resources: AppState, references: Sequence[str]
) -> dict[str, list[Deadline]]:
    """The deadlines of each case as its own history gives them; notifications derives the same."""
    folded: dict[str, tuple[Event | None, list[Deadline]]] = session.info.setdefault(FOLDED, {})
    for reference, events in (await history(session, references)).items():
        latest = events[-1] if events else None
        # not how many there are: a savepoint that fails takes back its events, and others may follow
        if reference not in folded or folded[reference][0] != latest:
            folded[reference] = latest, deadlines(events, resources.catalogue, resources.calendar)
    return {reference: folded[reference][1] for reference in references}
