"""Workers that ask other services where referred work is, once the repair is raised: one for each service."""

import asyncio

from services.repairs.referrals.models import Referral
from services.repairs.referrals.policy import COMPLAINT, PROBLEM
from services.repairs.referrals.queries import made_from
from services.repairs.referrals.service import ask_about
from shared.app_state import AppState
from shared.cases.asking import POLL_SECONDS, ask_due


async def ask_complaints(state: AppState) -> None:
    """Ask until cancelled."""
    await _ask(state, COMPLAINT)


async def ask_estates(state: AppState) -> None:
    """Ask until cancelled."""
    await _ask(state, PROBLEM)


async def _ask(state: AppState, prefix: str) -> None:
    while True:
        await ask_due(state, Referral, ask_about, made_from(prefix))
        await asyncio.sleep(POLL_SECONDS)
