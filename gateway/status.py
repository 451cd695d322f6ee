"""`/status`: how every service is doing, for those who watch; nothing of any case."""

import asyncio
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ValidationError
from starlette.types import ASGIApp

from gateway.asking import get_json

State = Literal["ok", "degraded", "down"]


class Reported(BaseModel):
    """What a service says of itself at `/internal/status`; whatever else it says is not shown."""

    database: str
    broker: str
    oldest_unpublished_seconds: float | None = None
    consumer_backlog: int | None = None
    deadlines_due_next_hour: int | None = None
    disputed_cases: int | None = None


class ServiceStatus(BaseModel):
    """One service: down if it does not answer within a second, degraded if it misses something it needs."""

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
    well = reported.database == "ok" and reported.broker == "ok"
    return ServiceStatus(state="ok" if well else "degraded", reported=reported)
