"""`/status`: how every service is doing, for those who watch; nothing of any case."""

import asyncio
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ValidationError
from starlette.types import ASGIApp

from gateway.asking import get_json

State = Literal["ok", "degraded", "down"]

OLDEST_UNPUBLISHED_SECONDS = 60.0
"""An event is published within a second of its case; one that waits for a minute is an alarm."""

OLDEST_OWED_NOTICE_SECONDS = 300.0
"""Longer than the first four tries to deliver a notice take: what is owed after them needs a person."""


class Reported(BaseModel):
    """The figures of a service at `/internal/status`; whatever else it says is not shown."""

    database: str
    broker: str
    oldest_unpublished_seconds: float | None = None
    oldest_owed_notice_seconds: float | None = None
    consumer_backlog: int | None = None
    deadlines_due_next_hour: int | None = None
    cases_without_promises: int | None = None
    disputed_cases: int | None = None

    def is_well(self) -> bool:
        """Tell if the service has all it needs, and owes neither events nor notices for too long."""
        return (
            self.database == self.broker == "ok"
            and (self.oldest_unpublished_seconds or 0) <= OLDEST_UNPUBLISHED_SECONDS
            and (self.oldest_owed_notice_seconds or 0) <= OLDEST_OWED_NOTICE_SECONDS
        )


class ServiceStatus(BaseModel):
    """One service: down if it does not answer within a second, degraded if it misses something it needs.

    It is degraded too when it has owed an event or a notice for too long.
    """

    state: State
    reported: Reported | None


class Status(BaseModel):
    """All services, and the whole: down only when every one is."""

    state: State
    services: dict[str, ServiceStatus]


async def status_of(services: Mapping[str, ASGIApp]) -> Status:
    """Ask every service at once."""
    answers = await asyncio.gather(*(_ask(service) for service in services.values()))
    by_name = dict(zip(services, answers, strict=True))
    return Status(state=overall([answer.state for answer in answers]), services=by_name)


def overall(states: list[State]) -> State:
    """The state of the whole."""
    if all(state == "ok" for state in states):
        return "ok"
    return "down" if all(state == "down" for state in states) else "degraded"


async def _ask(service: ASGIApp) -> ServiceStatus:
    document = await get_json(service, "/internal/status")
    try:
        reported = Reported.model_validate(document)
    except ValidationError:
        return ServiceStatus(state="down", reported=None)
    return ServiceStatus(state="ok" if reported.is_well() else "degraded", reported=reported)
