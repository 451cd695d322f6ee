"""Rollout of a calendar: committed first, and then seen to arrive at every service."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import httpx

from shared import calendar_sync
from shared.app_state import AppState
from shared.calendar_sync import StoredCalendar
from shared.work import UnitOfWork, unit_of_work

POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Rollout:
    """A calendar that was announced, and by service whether it counts with it already."""

    calendar: StoredCalendar
    services: dict[str, bool]


async def rolled_out(work: UnitOfWork, change: Callable[[UnitOfWork], Awaitable[StoredCalendar]]) -> Rollout:
    """Change the calendar, and wait until every service counts with it.

    That is `calendar_rollout_seconds` at most. The change is committed in a unit of work of its own, for what
    is not committed reaches no service.
    """
    async with unit_of_work(work.state, work.caller, now=work.now) as own:
        calendar = await change(own)
    return Rollout(calendar, await _arrivals(work.state, calendar.version))


async def _arrivals(state: AppState, version: int) -> dict[str, bool]:
    await calendar_sync.bring_up_to_date(state)
    arrived = dict.fromkeys(state.settings.directory.names, False)
    arrived[state.service] = state.calendar_version >= version
    others = [name for name in arrived if name != state.service]
    # The answer names those that are still behind then, and `/status` does after a minute.
    with suppress(TimeoutError):
        async with asyncio.timeout(state.settings.calendar_rollout_seconds):
            await asyncio.gather(*(_await_arrival(state, name, version, arrived) for name in others))
    return arrived


async def _await_arrival(state: AppState, name: str, version: int, arrived: dict[str, bool]) -> None:
    while True:
        arrived[name] = await _version_at(state, name) >= version
        if arrived[name]:
            return
        await asyncio.sleep(POLL_SECONDS)


async def _version_at(state: AppState, name: str) -> int:
    """The version that a service counts with; 0 for one that does not say."""
    try:
        answer = await state.services.get(name, "/internal/status")
        told = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        return 0
    version = told.get("calendar_version") if isinstance(told, dict) else None
    return version if isinstance(version, int) else 0
