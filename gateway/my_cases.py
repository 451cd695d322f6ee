"""`GET /v1/me/cases`: a resident's own cases, gathered from the services that own them.

Each service is asked with the caller's own token and answers by its own rule, so that the gateway adds
nothing to what anybody may see. A service takes part by its row in the directory.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.types import ASGIApp

from gateway.asking import ask
from gateway.resources import Resources, Running
from shared.caller import RESIDENT, Caller
from shared.cases.schemas import CaseOut
from shared.directory import ServiceRow
from shared.http.auth import requires
from shared.http.paging import MOST, Page, PageRequest, Paging, link_next
from shared.http.parameters import PAGE_QUERY
from shared.telemetry import get_logger, request_id

log = get_logger(__name__)

SECONDS = 3.0
"""The time that each service has for all of a resident's cases; one that takes longer is left out."""

router = APIRouter(tags=["gateway"])

Resident = Annotated[Caller, requires(RESIDENT)]


class MyCase(CaseOut):
    """A case with all that the service which owns it shows of it."""

    model_config = ConfigDict(extra="allow")

    service: str

    @property
    def place(self) -> tuple[datetime, str]:
        """The sorting key: the instant of the newest promise, of the receipt where nothing was promised."""
        promised = (deadline.started_at for deadline in self.deadlines)
        return max(promised, default=self.received_at), self.reference


class MyCases(Page[MyCase]):
    """A resident's cases."""

    unavailable: list[str] = Field(description="The services whose cases are left out, as they do not answer")


class Answered(BaseModel):
    """A page of a service's list of cases."""

    items: list[dict[str, Any]]
    next: str | None


class Silent(Exception):
    """A service that gives no answer which could be used."""


@router.get("/v1/me/cases", summary="My cases, the newest promise first", dependencies=PAGE_QUERY)
async def list_my_cases(
    _: Resident, request: Request, response: Response, running: Running, page: Paging
) -> MyCases:
    """All of a resident's cases, but for those of services that are down, which `unavailable` names."""
    cases, unavailable = await _gathered(running, request.headers["authorization"])
    shown, following = _cut(cases, page)
    mine = MyCases(items=shown, next=following, unavailable=unavailable)
    link_next(request, response, mine)
    return mine


async def _gathered(running: Resources, authorization: str) -> tuple[Iterable[MyCase], list[str]]:
    """The caller's cases, and the names of services that did not give theirs; all are asked at once."""
    owners = running.settings.directory.owner_rows
    parts = await asyncio.gather(
        *(_part(running.upstreams.get(row.name), row, authorization) for row in owners)
    )
    silent = [row.name for row, part in zip(owners, parts, strict=True) if part is None]
    return [case for part in parts for case in part or ()], silent


async def _part(service: ASGIApp | None, row: ServiceRow, authorization: str) -> list[MyCase] | None:
    """The caller's cases that one service owns; None where it does not answer in time."""
    try:
        async with asyncio.timeout(SECONDS):
            paths = row.collections.values()
            lists = [await listed(service, row.name, path, authorization) for path in paths]
    except (Silent, TimeoutError, ValidationError) as failure:
        log.warning("cases are left out", extra={"upstream": row.name, "error": type(failure).__name__})
        return None
    return [case for found in lists for case in found]


async def listed(
    service: ASGIApp | None, name: str, path: str, authorization: str, **filters: str
) -> list[MyCase]:
    """The caller's own in one list, of every page; none of a list that is not for residents.

    Raises Silent, and ValidationError for an answer that is no page of cases.
    """
    cases: list[MyCase] = []
    query = {"mine": "true", "limit": str(MOST), **filters}
    while True:
        answer = await ask(
            service,
            "GET",
            path,
            seconds=SECONDS,
            headers=asking_headers(authorization),
            params=query,
        )
        if answer is None or answer.status_code not in (httpx.codes.OK, httpx.codes.FORBIDDEN):
            raise Silent
        if answer.status_code == httpx.codes.FORBIDDEN:
            return []
        page = Answered.model_validate_json(answer.content)
        cases += [MyCase.model_validate({**item, "service": name}) for item in page.items]
        if page.next is None:
            return cases
        query["cursor"] = page.next


def _cut(cases: Iterable[MyCase], page: PageRequest) -> tuple[list[MyCase], str | None]:
    """One keyset page of the cases, and the cursor of the next; raises Invalid."""
    ordered = sorted(cases, key=lambda case: case.place, reverse=True)
    if (after := page.after(2)) is not None:
        last = datetime.fromisoformat(after[0]), after[1]
        ordered = [case for case in ordered if case.place < last]
    shown, following = page.cut(ordered, lambda case: (case.place[0].isoformat(), case.reference))
    return list(shown), following


def asking_headers(authorization: str) -> dict[str, str]:
    """The headers of a question in a caller's name."""
    return {"authorization": authorization, "x-request-id": request_id.get()}
