"""Receipts of GOV.UK Notify: twice, late and out of order; and letters that nobody knows to have left."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, update

from services.notifications.events import Outcome
from services.notifications.models import LetterAttempt, Notice
from services.notifications.notices import asking, receipts
from services.notifications.notices.channels import Form
from services.notifications.notices.channels.notify import Notify
from services.notifications.policy import RETRY_SECONDS, Attempt, AttemptState, Delivery, Failure
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.messaging import outbox
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.notifications.by_notify import LATER, LATEST, RECEIPTS, SENT_AT, Told, deliver_by
from tests.services.notifications.letters import of_kind, outcomes
from tests.services.notifications.notify_server import KEY, TEMPLATES, NotifyServer
from tests.services.notifications.posting import a_reported_repair, mail, make_due
from tests.services.repairs.reporting import REPORT


@pytest.fixture
async def told(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    notifications: httpx.AsyncClient,
    owner: object,
) -> Told:
    reference = await a_reported_repair(resources, repairs, callers)
    return Told(resources, notifications, callers, reference)


async def test_a_letter_is_delivered_by_its_providers_word(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """The receipt that comes twice says nothing new, and one that is older by Notify's clock neither."""
    await deliver_by(resources, server)
    [message] = server.messages
    assert (await told.notice()).delivered_at is None
    assert await told.receipt(message, "delivered")
    assert not await told.receipt(message, "delivered")
    assert not await told.receipt(message, "sending", LATEST)
    assert not await told.receipt(message, "permanent-failure", SENT_AT)
    notice = await told.notice()
    assert (notice.status, f"{notice.delivered_at:%H:%M}") == (Delivery.SENT, "23:40")


async def test_a_letter_that_fails_for_good_leaves_by_post(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Also one that was said to be delivered, if it failed later by Notify's own clock."""
    await deliver_by(resources, server)
    [message] = server.messages
    await told.receipt(message, "delivered")
    assert await told.receipt(message, "permanent-failure", LATEST)
    await deliver_by(resources, server)
    [by_post] = mail(resources)
    assert by_post["X-Postal-Address"]
    assert (await told.notice()).failed_forms == ["email"]


@pytest.mark.parametrize("tries_left", [0, 1], ids=["before it left again", "when no form was left"])
async def test_a_letter_that_arrives_after_all_is_told_and_leaves_no_more(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    notifications: httpx.AsyncClient,
    owner: object,
    server: NotifyServer,
    tries_left: int,
) -> None:
    """Notify's later word counts: the notice is as when it left, and its owner hears when it arrived."""
    contact = {**REPORT["contact"], "safe_channels": ["email"]}
    reference = await a_reported_repair(resources, repairs, callers, contact=contact)
    told = Told(resources, notifications, callers, reference)
    await deliver_by(resources, server)
    [message], left = server.messages, await told.notice()
    await told.receipt(message, "permanent-failure")
    for _ in range(tries_left):
        await deliver_by(resources, server)
    assert (await told.notice()).status == (Delivery.FAILED if tries_left else Delivery.PENDING)
    assert await told.receipt(message, "delivered", LATEST)
    notice = await told.notice()
    names = ("status", "reason", "sent_with", "sent_at", "told", "told_dates", "channel", "receipt")
    assert [getattr(notice, name) for name in names] == [getattr(left, name) for name in names]
    assert left.told_dates
    assert f"{notice.delivered_at:%H:%M}" == "23:50"
    async with unit_of_work(resources) as work:
        [[_, came_back, *_, arrived]] = (await outbox.history(work.session, [str(notice.id)])).values()
    assert (came_back.facts["outcome"], f"{came_back.occurred_at:%H:%M}") == (Outcome.CAME_BACK, "23:40")
    assert (arrived.facts["outcome"], f"{arrived.occurred_at:%H:%M}") == (Outcome.ARRIVED, "23:50")
    await deliver_by(resources, server)
    assert (len(server.messages), mail(resources)) == (1, [])


async def test_a_letter_whose_receipt_was_lost_leaves_by_post_too(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Nobody called back: Notify is asked after some hours, and what it says is as good as a receipt."""
    await deliver_by(resources, server)
    server.messages[0] |= {"status": "permanent-failure", "completed_at": LATER}
    async with transaction(resources.database) as session:
        await session.execute(update(LetterAttempt).values(asked_at=func.now() - timedelta(hours=5)))
    notify = Notify(KEY, server.url, {Form.EMAIL: TEMPLATES["email"]}, threads=1, per_minute=3000)
    assert await asking.ask_for_receipts(resources, notify) == 1
    notify.close()
    await deliver_by(resources, server)
    [by_post] = mail(resources)
    assert by_post["X-Postal-Address"]
    assert (await told.notice()).failed_forms == ["email"]


async def test_a_fault_of_theirs_has_it_leave_again_in_the_same_form(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """No address is to blame."""
    await deliver_by(resources, server)
    assert await told.receipt(server.messages[0], "technical-failure")
    await make_due(resources)
    await deliver_by(resources, server)
    first, again = server.messages
    assert first["email_address"] == again["email_address"]
    assert first["reference"] != again["reference"]
    assert (await told.notice()).status == Delivery.SENT


async def test_their_faults_are_waited_out_and_end_in_another_form(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """As when they refuse a letter for now: each pause is longer, and after a day it leaves by post."""
    await deliver_by(resources, server)
    async with unit_of_work(resources) as work:
        await work.session.execute(update(Notice).values(attempts=len(RETRY_SECONDS)))
        failed = AttemptState(Attempt.FAILED, work.now)
        receipt = server.messages[0]["id"]
        assert await receipts.hear(
            work, receipt, None, failed, Failure.TEMPORARY, "technical-failure", lambda: 1.0
        )
        earliest = work.now + timedelta(seconds=RETRY_SECONDS[-1])
    assert (await told.notice()).next_attempt_at >= earliest
    await make_due(resources)
    await deliver_by(resources, server)
    assert await told.receipt(server.messages[-1], "technical-failure")
    await deliver_by(resources, server)
    assert len(server.messages) == 2
    [by_post] = mail(resources)
    assert by_post["X-Postal-Address"]


async def test_a_receipt_may_come_before_the_letter_is_noted(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Their answer was lost: the receipt names the letter, and it is not sent again."""
    server.answers_nothing = True
    await deliver_by(resources, server)
    server.answers_nothing = False
    [message] = server.messages
    assert await told.receipt(message, "delivered")
    await make_due(resources)
    await deliver_by(resources, server)
    assert len(server.messages) == 1
    assert (await told.notice()).status == Delivery.SENT
    assert (await told.notice()).delivered_at is not None


async def test_a_letter_in_doubt_is_looked_for_and_not_sent_twice(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """It was taken when the line broke; Notify would take it again under the same reference."""
    server.answers_nothing = True
    await deliver_by(resources, server)
    server.answers_nothing = False
    assert (await told.notice()).status == Delivery.PENDING
    await make_due(resources)
    await deliver_by(resources, server)
    assert len(server.messages) == 1
    notice = await told.notice()
    assert (notice.status, notice.receipt) == (Delivery.SENT, server.messages[0]["id"])


@pytest.mark.usefixtures("owner")
async def test_what_one_of_the_staff_has_after_all_they_were_told(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    notifications: httpx.AsyncClient,
    server: NotifyServer,
) -> None:
    """Nobody was left to tell of an emergency; then Notify says later that its manager has it."""
    reference = await a_reported_repair(resources, repairs, callers, fault="loss-of-gas")
    told = Told(resources, notifications, callers, reference)
    async with unit_of_work(resources) as work:
        last = update(Notice).where(Notice.kind == "emergency")
        await work.session.execute(last.values(failed_forms=["department"]))
    await deliver_by(resources, server)
    [message] = [one for one in server.messages if "manager" in one["email_address"]]
    [left] = await of_kind(resources, reference, "emergency")
    await told.receipt(message, "permanent-failure")
    assert await outcomes(resources, reference, "emergency") == [(Delivery.FAILED, "the letter came back")]
    assert await told.receipt(message, "delivered", LATEST)
    [notice] = await of_kind(resources, reference, "emergency")
    names = ("status", "reason", "sent_with", "sent_at", "told", "channel", "receipt")
    assert [getattr(notice, name) for name in names] == [getattr(left, name) for name in names]
    assert f"{notice.delivered_at:%H:%M}" == "23:50"
    assert not await told.receipt(message, "permanent-failure", LATER)


async def test_a_receipt_of_nothing_of_ours_is_taken_and_changes_nothing(told: Told) -> None:
    """Another system of the council may use the same service at Notify."""
    message = {"id": str(uuid4()), "email_address": "x", "template_id": str(uuid4())}
    for reference in ("their own", None, str(uuid4())):
        assert not await told.receipt({**message, "reference": reference}, "delivered")


async def test_only_notify_calls_back(notifications: httpx.AsyncClient, callers: Callers) -> None:
    """By the secret that was agreed with it; no token of a person will do."""
    statuses = [
        (await notifications.post(RECEIPTS, json={}, headers=headers)).status_code
        for headers in ({}, {"Authorization": "Bearer a secret"}, callers.resident(), callers.notify())
    ]
    assert statuses == [401, 401, 403, 422]
