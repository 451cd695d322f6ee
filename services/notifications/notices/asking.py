"""Ask GOV.UK Notify for receipts that never came: a callback may be lost, and of post there is none."""

import asyncio
from datetime import timedelta

from services.notifications.notices import receipts
from services.notifications.notices.channels import AnsweringChannel, DeliveryFailure, Found
from services.notifications.notices.channels.opening import Channels, open_channels
from services.notifications.notices.queries import attempts, duty_texts
from shared.app_state import AppState
from shared.telemetry import get_logger
from shared.work import unit_of_work

log = get_logger(__name__)

POLL_SECONDS = 60.0
MOST = 50
"""Receipts that are asked for in one pass: few beside the messages that Notify takes in a minute."""
QUIET_FOR = timedelta(hours=4)
"""The silence after which a receipt counts as lost; an email or text is delivered, or not, within minutes."""
ANSWERED_WITHIN = timedelta(minutes=10)
"""The time in which a text that alone tells of an emergency arrives, or its department is told by email."""
KEPT_AT_NOTIFY = timedelta(days=7)
"""The time for which Notify keeps messages unless a council has it keep them for longer."""


async def run(state: AppState) -> None:
    """Ask until cancelled, by channels of its own; a deployment without Notify asks nobody."""
    async with open_channels(state.settings) as channels:
        while notify := notify_of(channels):
            await ask_about_emergencies(state, notify)
            await ask_for_receipts(state, notify)
            await asyncio.sleep(POLL_SECONDS)


def notify_of(channels: Channels) -> AnsweringChannel | None:
    """Notify, if it is among the channels."""
    return next((one for one in channels.values() if isinstance(one, AnsweringChannel)), None)


async def ask_for_receipts(state: AppState, notify: AnsweringChannel, most: int = MOST) -> int:
    """Ask what became of those messages that are silent for the longest; returns of how many there is news.

    One that cannot be asked about now is asked about after another silence.
    """
    async with unit_of_work(state) as work:
        silent = await attempts.unheard_of(work, notify.name, QUIET_FOR, KEPT_AT_NOTIFY, most)
    answers = await asyncio.gather(*(_answer(notify, receipt) for receipt in silent))
    news = [await _taken(state, found) for found in answers if found is not None]
    return sum(news)


async def ask_about_emergencies(state: AppState, notify: AnsweringChannel) -> int:
    """Tell departments by email what their duty telephones do not get; returns how many texts were silent.

    One that is switched off is tried by Notify for days. It is asked first: the receipt may be lost.
    """
    async with unit_of_work(state) as work:
        silent = await duty_texts.unheard_of(work, notify.name, ANSWERED_WITHIN)
    for found in await asyncio.gather(*(_answer(notify, receipt) for receipt in silent.values())):
        if found is not None:
            await _taken(state, found)
    if silent:
        async with unit_of_work(state) as work:
            await duty_texts.leave_by_email(work, [*silent])
    return len(silent)


async def _answer(notify: AnsweringChannel, receipt: str) -> Found | None:
    try:
        return await notify.ask(receipt)
    except DeliveryFailure as away:
        log.warning("a receipt could not be asked for", extra={"reason": away.reason})
        return None


async def _taken(state: AppState, found: Found) -> bool:
    async with unit_of_work(state) as work:
        return await receipts.hear(work, found.receipt, None, found.state, found.failure, found.word)
