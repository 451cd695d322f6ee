"""Worker that asks asb where damaged homes are, once the repair is raised, so that its clock never waits."""

import asyncio

import httpx

from services.repairs.asb_damage import service
from services.repairs.asb_damage.asking import ASB, ask_about, ask_access
from services.repairs.asb_damage.models import AsbDamage
from shared.app_state import AppState
from shared.cases.households import household_at
from shared.telemetry import get_logger
from shared.work import unit_of_work

log = get_logger(__name__)

POLL_SECONDS = 1.0


async def run(state: AppState) -> None:
    """Ask until cancelled; about each home less and less often while asb cannot tell us of it."""
    while True:
        await locate_due(state)
        await asyncio.sleep(POLL_SECONDS)


async def locate_due(state: AppState) -> int:
    """Ask about the homes that are due, and return how many of them are known now."""
    async with unit_of_work(state) as work:
        damages = await service.lease_damages(work)
    return sum([await _locate(state, damage) for damage in damages])


async def _locate(state: AppState, damage: AsbDamage) -> bool:
    """Ask who may learn of the case, too: its events may have come before the repair was there."""
    try:
        access = await ask_access(state, damage)
        async with unit_of_work(state) as work:
            await service.learn_access(work, damage, access)
        if damage.located_at is not None:
            return True
        home = await ask_about(state, damage)
    except (httpx.HTTPError, ValueError) as unanswered:  # away, unknown there, or in words we cannot read
        about = {"reference": damage.repair, "upstream": ASB, "error": type(unanswered).__name__}
        log.warning("where a damaged home is could not be asked", extra=about)
        return False
    household = await household_at(state, home.property, "a home is damaged")
    async with unit_of_work(state) as work:
        await service.locate(work, damage.repair, home, household)
    return True
