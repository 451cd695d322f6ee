"""Worker that asks complaints what was asked for, and whom to tell, once the enquiry is open."""

import asyncio

from pydantic import ConfigDict

from services.enquiries.models import Enquiry, TakenUp
from services.enquiries.queries import enquiry as queries
from shared.app_state import AppState
from shared.cases.asking import POLL_SECONDS, ask_due
from shared.cases.contact import Contact, unless_corrected
from shared.cases.queries import get_for_update
from shared.cases.schemas import RequestModel
from shared.cases.words import Words
from shared.work import unit_of_work

COMPLAINTS = "complaints"


class Referred(RequestModel):
    """The answer of complaints; anything more that it may say is left unread."""

    model_config = ConfigDict(extra="ignore")

    description: Words
    contact: Contact


async def run(state: AppState) -> None:
    """Ask until cancelled."""
    while True:
        await ask_due(state, TakenUp, ask_about)
        await asyncio.sleep(POLL_SECONDS)


async def ask_about(state: AppState, asked: TakenUp) -> None:
    """Ask complaints about one of its referrals, and keep the answer with the enquiry.

    Raises httpx.HTTPError when complaints is away or refuses, ValueError for an answer that cannot be read.
    """
    answer = await state.services.get(COMPLAINTS, f"/internal/referrals/{asked.complaint}")
    told = Referred.model_validate_json(answer.raise_for_status().content)
    async with unit_of_work(state) as work:
        enquiry = await get_for_update(work, Enquiry, asked.reference)
        enquiry.message = told.description
        enquiry.contact = unless_corrected(enquiry.contact, told.contact, at_first={})
        (await queries.taken_up_row(work, asked.complaint)).answered_at = work.now
