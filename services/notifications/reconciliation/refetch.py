"""Puts the history of a case as its owner has it in the place of the events received of it.

A database that was restored from a backup has lost its latest events, and gives their places in their cases
to other facts. Only the owner can say which is its own, and it is asked by workers, never while a message is
taken in; until it has answered, the case is noted as disputed.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

import httpx
import orjson

from services.notifications.intake import queries as intake
from services.notifications.intake.service import take_over
from services.notifications.models import WatchedCase
from services.notifications.reconciliation import queries
from shared.app_state import AppState
from shared.cases.schemas import OwnedCase, OwnedCases
from shared.events import Event
from shared.telemetry import get_logger
from shared.work import unit_of_work

log = get_logger(__name__)

AT_ONCE = 100  # their references are in the URL of the question


async def settle_disputes(state: AppState) -> bool:
    """Ask owners for the histories that are in doubt; False if some are so still, to be asked for again."""
    async with unit_of_work(state) as work:
        disputed = await queries.disputed(work)
    settled = True
    for service in sorted({case.service for case in disputed}):
        theirs = [case.reference for case in disputed if case.service == service]
        try:
            for references in in_parts(theirs):
                owned = await owned_cases(state, service, references)
                for reference in references:
                    if reference in owned:
                        settled &= await refetch(state, service, reference)
                    else:
                        await lose(state, service, reference)
        except httpx.HTTPError as away:
            about = {"upstream": service, "error": type(away).__name__, "count": len(theirs)}
            log.error("an owner cannot be asked for histories that are in doubt", extra=about)
            settled = False
    return settled


def in_parts(references: Sequence[str]) -> Iterator[list[str]]:
    """Split references into as many at a time as one question takes."""
    rest = iter(references)
    while part := list(islice(rest, AT_ONCE)):
        yield part


async def owned_cases(state: AppState, service: str, references: Sequence[str]) -> dict[str, OwnedCase]:
    """The cases of these that their owner has; raises httpx.HTTPError when it cannot say so."""
    answer = await state.services.get(service, "/internal/cases", reference=references)
    answer.raise_for_status()
    return {case.reference: case for case in OwnedCases.model_validate_json(answer.content).items}


async def refetch(state: AppState, service: str, reference: str) -> bool:
    """Take over the whole of a case from its owner; one that cannot be read keeps no other from it."""
    async with unit_of_work(state) as work:
        received = (await queries.received(work, [reference])).get(reference, [])
        case = await work.session.get(WatchedCase, reference)
    try:
        owned = await _history(state, service, reference)
    except (httpx.HTTPStatusError, ValueError) as wrong:
        about = {"reference": reference, "upstream": service, "error": type(wrong).__name__}
        log.error("a case's history could not be taken in", extra=about)
        return False
    async with unit_of_work(state) as work:
        disputed_at = case.disputed_at if case else None
        await take_over(work, owned, [event.id for event in received], disputed_at)
    return True


async def _history(state: AppState, service: str, reference: str) -> list[Event]:
    answer = await state.services.get(service, f"/internal/cases/{reference}/events")
    answer.raise_for_status()
    events = [Event.from_json(orjson.dumps(event)) for event in answer.json()["events"]]
    if not events:
        raise ValueError("a case has a history")
    return events


async def lose(state: AppState, service: str, reference: str) -> bool:
    """Promise nothing more about a case that its owner does not have; False if it was lost before.

    The owner was asked and has answered. The case stays here, and is promised for again as soon as its owner
    has it or an event of it is received: it may be the backup that is wrong, and not we.
    """
    async with unit_of_work(state) as work:
        is_news = await intake.lose(work, reference)
    if is_news:
        about = {"reference": reference, "upstream": service}
        log.error("a case is unknown to its owner; nothing is promised about it any more", extra=about)
    return is_news
