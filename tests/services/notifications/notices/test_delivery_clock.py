"""A clock is put forward and back: no letter waits for as long as it was ahead."""

import httpx
import pytest
from sqlalchemy import func, update

from services.notifications.models import Notice
from services.notifications.policy import Delivery
from shared.app_state import AppState
from shared.db.transaction import transaction
from tests.services.callers import Callers
from tests.services.notifications.consuming import notices
from tests.services.notifications.posting import a_reported_repair, claimed, deliver_all, make_due


async def step_back(resources: AppState, hours: int) -> None:
    """Let what was written so far have been written by a clock so far ahead, which was put right since."""
    async with transaction(resources.database) as session:
        ahead = func.make_interval(0, 0, 0, 0, hours)
        await session.execute(update(Notice).values(next_attempt_at=Notice.next_attempt_at + ahead))


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("is_claimed", [False, True], ids=["not tried yet", "in a dead worker's hands"])
async def test_an_emergencys_letter_does_not_wait_for_a_clock_that_was_put_back(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, is_claimed: bool
) -> None:
    """Owed or claimed while the clock was two hours ahead, it leaves at once."""
    reference = await a_reported_repair(resources, repairs, callers, fault="loss-of-gas")
    if is_claimed:
        await claimed(resources)
    await step_back(resources, hours=2)
    assert await deliver_all(resources) == len(await notices(resources, reference))
    assert {notice.status for notice in await notices(resources, reference)} == {Delivery.SENT}


@pytest.mark.usefixtures("owner")
async def test_no_pause_between_tries_is_cut_short(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """After eight tries a notice rests for two hours; a longer rest than its own is a clock's fault."""
    await a_reported_repair(resources, repairs, callers)
    await make_due(resources, attempts=8)
    await step_back(resources, hours=2)
    assert await claimed(resources) == []
    await step_back(resources, hours=1)
    assert len(await claimed(resources)) == 1
