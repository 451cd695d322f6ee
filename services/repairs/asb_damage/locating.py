"""Asks asb where the damaged homes are: after the repair was raised, so that its clock waits for nobody."""

import asyncio

import httpx

from services.repairs.asb_damage import queries, service
from services.repairs.asb_damage.asking import ASB, ask_about
from services.repairs.asb_damage.models import AsbDamage
from shared.db import transaction
from shared.resources import Resources
from shared.telemetry import get_logger

log = get_logger(__name__)

POLL_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0


async def run(resources: Resources) -> None:
    """Ask until cancelled; less and less often while asb does not answer."""
    wait = POLL_SECONDS
    while True:
        wait = POLL_SECONDS if await locate_all(resources) else min(2 * wait, LONGEST_WAIT_SECONDS)
        await asyncio.sleep(wait)


async def locate_all(resources: Resources) -> bool:
    """Ask about every home not known yet; whether all were answered."""
    async with transaction(resources.database) as session:
        waiting = await queries.not_located(session)
    return all([await _locate(resources, damage) for damage in waiting])


async def _locate(resources: Resources, damage: AsbDamage) -> bool:
    try:
        home = await ask_about(resources, damage)
    except (httpx.HTTPError, ValueError) as unanswered:  # away, unknown there, or in words we cannot read
        about = {"reference": damage.repair, "upstream": ASB, "error": type(unanswered).__name__}
        log.warning("where a damaged home is could not be asked", extra=about)
        return False
    async with transaction(resources.database) as session:
        await service.locate(session, damage, home, resources.clock())
    return True
