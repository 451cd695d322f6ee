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
    undecryptable_values: int | None = None
    calendar_version: int | None = None
    calendar_version_due: int | None = None

    def is_well(self) -> bool:
        """Tell if the service has all it needs, reads all it keeps, and owes nothing for too long."""
        return (
            self.database == self.broker == "ok"
            and not self.undecryptable_values
            and (self.oldest_unpublished_seconds or 0) <= OLDEST_UNPUBLISHED_SECONDS
            and (self.oldest_owed_notice_seconds or 0) <= OLDEST_OWED_NOTICE_SECONDS
        )


class ServiceStatus(BaseModel):
    """One service: down if it does not answer within a second, degraded if it misses something it needs.

    It is degraded too when it has owed an event or a notice for too long, could not decrypt what it keeps, or
    lags behind the calendar.
    """

    state: State
    reported: Reported | None


class Status(BaseModel):
    """All services and front ends, and the whole: down only when every one is.

    `behind_calendar` names those that count with a calendar replaced a minute ago or earlier.
    """

    state: State
    behind_calendar: list[str]
    services: dict[str, ServiceStatus]
    front_ends: dict[str, State]


NONE: Mapping[str, ASGIApp] = {}


async def status_of(services: Mapping[str, ASGIApp], front_ends: Mapping[str, ASGIApp] = NONE) -> Status:
    """Ask every service and front end at once."""
    answers, shown = await asyncio.gather(
        asyncio.gather(*(_ask(service) for service in services.values())),
        asyncio.gather(*(_ask_readiness(front_end) for front_end in front_ends.values())),
    )
    by_name = dict(zip(services, answers, strict=True))
    behind = behind_calendar({name: answer.reported for name, answer in by_name.items()})
    for name in behind:
        by_name[name].state = "degraded"
    return Status(
        state=overall([*(answer.state for answer in answers), *shown]),
        behind_calendar=behind,
        services=by_name,
        front_ends=dict(zip(front_ends, shown, strict=True)),
    )


def behind_calendar(reported: Mapping[str, Reported | None]) -> list[str]:
    """The services whose calendar is older than the one that every service should have by now.

    Notifications, which announces the calendar, says which that is.
    """
    told = {name: figures for name, figures in reported.items() if figures is not None}
    due = max((figures.calendar_version_due or 0 for figures in told.values()), default=0)
    return [
        name
        for name, figures in told.items()
        if figures.calendar_version is not None and figures.calendar_version < due
    ]


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


async def _ask_readiness(front_end: ASGIApp) -> State:
    """A front end owes nothing to anybody: it is there, or it is not."""
    return "down" if await get_json(front_end, "/health/ready") is None else "ok"
