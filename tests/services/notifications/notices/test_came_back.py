"""Letters that were delivered are told to other services, once; one that came back has failed."""

from uuid import uuid4

import httpx
import pytest

from services.notifications.policy import Delivery
from shared.app_state import AppState
from shared.events import NOTICE_BOUNCED, NOTICE_DELIVERED, Event
from shared.messaging import outbox
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.notifications.consuming import consume, consume_history, notices
from tests.services.notifications.posting import deliver_all
from tests.services.repairs.reporting import REPORT
from tests.support.clock import house_clock


@pytest.mark.usefixtures("owner")
async def test_a_delivered_letter_is_told_and_one_that_came_back_has_failed(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The event names the case and the letter, and nobody; the letter is not sent again."""
    made = await repairs.post("/v1/repairs", json=REPORT, headers=callers.resident())
    reference = made.json()["reference"]
    await consume_history(resources, reference)
    while await deliver_all(resources):
        pass
    [sent] = [one for one in await notices(resources, reference) if one.kind == "acknowledgement"]
    async with unit_of_work(resources) as work:
        [[told]] = (await outbox.history(work.session, [str(sent.id)])).values()
    assert (told.type, told.facts["case"]) == (NOTICE_DELIVERED, reference)
    assert (told.facts["letter"], told.facts["handler_named"]) == (str(sent.sent_with), False)
    now = house_clock()
    returned = Event(
        id=uuid4(),
        type=NOTICE_BOUNCED,
        reference=str(uuid4()),
        sequence=1,
        occurred_at=now,
        recorded_at=now,
        facts={"letter": told.facts["letter"]},
    )
    await consume(resources, returned)
    [failed] = [one for one in await notices(resources, reference) if one.kind == "acknowledgement"]
    assert (failed.status, failed.reason) == (Delivery.FAILED, "the letter came back")
    assert not await deliver_all(resources)
