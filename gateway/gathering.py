"""Lists of cases gathered from the services that own them.

Each service is asked with the caller's own token and answers by its own rule, so that the gateway adds
nothing to what anybody may see. A service takes part by its row in the directory.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.types import ASGIApp

from gateway.asking import ask
from gateway.resources import Resources
from shared.cases.schemas import CaseOut
from shared.directory import ServiceRow
from shared.http.paging import MOST, Page, PageRequest
from shared.telemetry import get_logger, request_id

log = get_logger(__name__)

SECONDS = 3.0
"""The time that each service has for all of its cases; one that takes longer is left out."""

Filters = Mapping[str, str | Sequence[str]]


class GatheredCase(CaseOut):
    """A case with all that the service which owns it shows of it."""

    model_config = ConfigDict(extra="allow")

    service: str

    @property
    def place(self) -> tuple[datetime, str]:
        """The sorting key: the instant of the newest promise, of the receipt where nothing was promised."""
        promised = (deadline.started_at for deadline in self.deadlines)
        return max(promised, default=self.received_at), self.reference


class GatheredCases(Page[GatheredCase]):
    """Cases of several services."""

    unavailable: list[str] = Field(description="The services whose cases are left out, as they do not answer")


class Answered(BaseModel):
    """A page of a service's list of cases."""

    items: list[dict[str, Any]]
    next: str | None


class Silent(Exception):
    """A service that gives no answer which could be used."""


async def gathered(
    running: Resources,
    authorization: str,
    asked: Mapping[ServiceRow, Iterable[str]],
    filters: Filters,
    *,
    seconds: float = SECONDS,
) -> tuple[list[GatheredCase], list[str]]:
    """The cases in these lists of these services, and the names of those that do not answer in time.

    All services are asked at once, and their lists by path, one after the other.
    """
    parts = await asyncio.gather(
        *(_part(running, row, paths, authorization, filters, seconds) for row, paths in asked.items())
    )
    silent = [row.name for row, part in zip(asked, parts, strict=True) if part is None]
    return [case for part in parts for case in part or ()], silent


async def _part(
    running: Resources,
    row: ServiceRow,
    paths: Iterable[str],
    authorization: str,
    filters: Filters,
    seconds: float,
) -> list[GatheredCase] | None:
    """The cases of one service; None where it does not answer in time."""
    service = running.upstreams.get(row.name)
    try:
        async with asyncio.timeout(seconds):
            lists = [await listed(service, row.name, path, authorization, filters) for path in paths]
    except (Silent, TimeoutError, ValidationError) as failure:
        log.warning("cases are left out", extra={"upstream": row.name, "error": type(failure).__name__})
        return None
    return [case for found in lists for case in found]


async def listed(
    service: ASGIApp | None, name: str, path: str, authorization: str, filters: Filters
) -> list[GatheredCase]:
    """The cases in one list, of every page; none of a list that is not for this caller.

    Raises Silent, and ValidationError for an answer that is no page of cases.
    """
    cases: list[GatheredCase] = []
    query: dict[str, str | Sequence[str]] = {"limit": str(MOST), **filters}
    headers = asking_headers(authorization)
    while True:
        answer = await ask(service, "GET", path, seconds=SECONDS, headers=headers, params=query)
        if answer is None or answer.status_code not in (httpx.codes.OK, httpx.codes.FORBIDDEN):
            raise Silent
        if answer.status_code == httpx.codes.FORBIDDEN:
            return []
        page = Answered.model_validate_json(answer.content)
        cases += [GatheredCase.model_validate({**item, "service": name}) for item in page.items]
        if page.next is None:
            return cases
        query["cursor"] = page.next


def page_of(cases: Iterable[GatheredCase], unavailable: list[str], page: PageRequest) -> GatheredCases:
    """One keyset page of the cases, the newest promise first, and the cursor of the next; raises Invalid."""
    ordered = sorted(cases, key=lambda case: case.place, reverse=True)
    if (after := page.after(2)) is not None:
        last = datetime.fromisoformat(after[0]), after[1]
        ordered = [case for case in ordered if case.place < last]
    shown, following = page.cut(ordered, lambda case: (case.place[0].isoformat(), case.reference))
    return GatheredCases(items=list(shown), next=following, unavailable=unavailable)


def asking_headers(authorization: str) -> dict[str, str]:
    """The headers of a question in a caller's name."""
    return {"authorization": authorization, "x-request-id": request_id.get()}
