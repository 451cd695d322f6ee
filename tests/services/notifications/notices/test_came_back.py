"""Letters that were delivered are told to other services, once, and so is one that came back."""

from uuid import uuid4

import httpx
import pytest

from services.notifications.events import Outcome
from services.notifications.policy import Delivery
from shared.app_state import AppState
from shared.events import NOTICE_BOUNCED, NOTICE_DELIVERED, Event
from shared.messaging import outbox
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.notifications.consuming import consume, consume_history, notices
from tests.services.notifications.posting import deliver_all, mail
from tests.services.repairs.reporting import REPORT
from tests.support.clock import house_clock


@pytest.mark.usefixtures("owner")
async def test_a_delivered_letter_is_told_and_one_that_came_back_leaves_in_another_form(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The events name the case and the letter, and nobody; the email is not sent again."""
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
    [again] = [one for one in await notices(resources, reference) if one.kind == "acknowledgement"]
    assert (again.status, again.failed_forms) == (Delivery.PENDING, ["email"])
    await deliver_all(resources)
    [by_post] = [letter for letter in mail(resources) if letter["X-Postal-Address"]]
    assert by_post["To"].addresses == ()
    async with unit_of_work(resources) as work:
        [history] = (await outbox.history(work.session, [str(sent.id)])).values()
    assert [event.facts.get("outcome") for event in history] == [None, Outcome.CAME_BACK, Outcome.ARRIVED]
    assert not await deliver_all(resources)
