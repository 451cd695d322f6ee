"""Asks asb where the damaged homes are: after the repair was raised, so that its clock waits for nobody."""

import asyncio

import httpx

from services.repairs.asb_damage import service
from services.repairs.asb_damage.asking import ASB, ask_about
from services.repairs.asb_damage.models import AsbDamage
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.telemetry import get_logger

log = get_logger(__name__)

POLL_SECONDS = 1.0


async def run(resources: AppState) -> None:
    """Ask until cancelled; about each home less and less often while asb cannot tell us of it."""
    while True:
        await locate_due(resources)
        await asyncio.sleep(POLL_SECONDS)


async def locate_due(resources: AppState) -> int:
    """Ask about the homes whose turn it is; how many of them are known now."""
    async with transaction(resources.database) as session:
        damages = await service.take_turns(session, resources.clock())
    return sum([await _locate(resources, damage) for damage in damages])


async def _locate(resources: AppState, damage: AsbDamage) -> bool:
    try:
        home = await ask_about(resources, damage)
    except (httpx.HTTPError, ValueError) as unanswered:  # away, unknown there, or in words we cannot read
        about = {"reference": damage.repair, "upstream": ASB, "error": type(unanswered).__name__}
        log.warning("where a damaged home is could not be asked", extra=about)
        return False
    async with transaction(resources.database) as session:
        await service.locate(session, damage.repair, home, resources.clock())
    return True
