"""Times of acts: the instant that a caller gives, or by default now."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from shared.cases.columns import CaseColumns
from shared.errors import Invalid
from shared.events import Event
from shared.messaging import outbox
from shared.order import Follows, latest_of
from shared.work import Case, UnitOfWork, Work

CLOCKS_DIFFER_BY = timedelta(seconds=5)
"""The lead that a caller's clock may have on ours."""


class Dated(Protocol):
    """A request that may say when the act happened."""

    occurred_at: datetime | None


def past_instant(work: Work, given: datetime | None, pointer: str) -> datetime:
    """The instant at which something happened, by default now; raises Invalid for one in the future."""
    if given is None:
        return work.now
    if given > work.now + CLOCKS_DIFFER_BY:
        raise Invalid("This time is in the future.", pointer)
    return min(given, work.now)


async def occurred_at(
    work: UnitOfWork,
    case: CaseColumns,
    body: Dated,
    *,
    not_before: datetime | None = None,
    what: str = "the case was received",
) -> datetime:
    """The instant of an act on a case whose row is locked, by default that of `act_now`.

    Raises Invalid for a time in the future, or before `what` was, by default the receipt of the case.
    """
    return await instant_of_act(work, case, body.occurred_at, not_before=not_before, what=what)


async def instant_of_act(
    work: UnitOfWork,
    case: CaseColumns,
    given: datetime | None,
    *,
    pointer: str = "/occurred_at",
    not_before: datetime | None = None,
    what: str = "the case was received",
) -> datetime:
    """The instant of an act, as `occurred_at`, where the request names it otherwise."""
    if given is None:
        return await act_now(work, case)
    earliest = not_before or case.received_at
    no_earlier(given, earliest, what, pointer)
    return max(past_instant(work, given, pointer), earliest)


async def in_order(
    work: UnitOfWork,
    case: CaseColumns,
    body: Dated,
    follows: Sequence[Follows],
    *,
    not_before: datetime | None = None,
    what: str = "the case was received",
) -> datetime:
    """The instant of an act, as `occurred_at`, not before the latest of the facts that it follows."""
    at = await occurred_at(work, case, body, not_before=not_before, what=what)
    if body.occurred_at is None or not follows:
        return at
    return after_facts(at, (await work.history([case.reference]))[case.reference], follows)


def after_facts(
    at: datetime, history: Iterable[Event], follows: Iterable[Follows], pointer: str = "/occurred_at"
) -> datetime:
    """The instant of an act if it is not before the facts that it follows; raises Invalid."""
    told = list(history)
    for each in follows:
        if latest := latest_of(told, each.types):
            at = no_earlier(at, latest, each.what, pointer)
    return at


async def act_now(work: UnitOfWork, case: Case) -> datetime:
    """The instant of an act that happens now to a case whose row is locked: after all its facts.

    A clock that was put back would else date the act before what it follows: work before its report, a
    signature before its quote.
    """
    stored = await outbox.latest_fact_at(work.session, case.reference)
    recorded = [event.occurred_at for event in work.recorded if event.reference == case.reference]
    latest = max(filter(None, [stored, *recorded]), default=None)
    return work.now if latest is None else following(latest, work.now)


def following(latest: datetime, now: datetime) -> datetime:
    """Now, or the instant right after `latest` where the clock has been put back since."""
    return now if latest <= now else latest + timedelta.resolution


def no_earlier(at: datetime, earliest: datetime, what: str, pointer: str = "/occurred_at") -> datetime:
    """The later of the two instants; raises Invalid for one from before the second in which `what` was."""
    if at < earliest.replace(microsecond=0):  # callers tell times to the second, we note a fraction
        raise Invalid(f"This time is before {what}.", pointer)
    return max(at, earliest)
