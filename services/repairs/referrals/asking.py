"""Worker that asks complaints where referred homes are, once the repair is raised."""

import asyncio

from services.repairs.referrals.models import Referral
from services.repairs.referrals.service import ask_about
from shared.app_state import AppState
from shared.cases.asking import POLL_SECONDS, ask_due


async def run(state: AppState) -> None:
    """Ask until cancelled."""
    while True:
        await ask_due(state, Referral, ask_about)
        await asyncio.sleep(POLL_SECONDS)
