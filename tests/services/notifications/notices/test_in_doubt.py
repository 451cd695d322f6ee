"""Letters of which nobody knows whether they left: they keep their names, and hold up nothing urgent."""

from datetime import datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import case, func, update

from services.notifications.models import Notice, WatchedDeadline
from services.notifications.notices.rows import bundled
from services.notifications.policy import RETRY_SECONDS, Delivery, Urgency
from shared.app_state import AppState
from shared.db.transaction import transaction
from tests.services.callers import Callers
from tests.services.lines import Line
from tests.services.notifications.by_notify import LATER, Told, attempts, deliver_by
from tests.services.notifications.consuming import ago, deadlines, notices, swept
from tests.services.notifications.letters import of_kind, updated
from tests.services.notifications.notify_server import INTERNAL_ERROR, NotifyServer
from tests.services.notifications.posting import a_reported_repair, claimed, mail, make_due
from tests.services.repairs.reporting import zulu

RESIDENT = "sam@example.org"
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@pytest.fixture
async def doubtful(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, owner: object, server: NotifyServer
) -> str:
    """A repair whose acknowledgement Notify took, though its answer was lost."""
    reference = await a_reported_repair(resources, repairs, callers)
    server.answers_nothing = True
    await deliver_by(resources, server)
    server.answers_nothing = False
    return reference


async def assert_was_found(resources: AppState, server: NotifyServer, reference: str) -> None:
    """The letter left once, and its notice knows it."""
    await make_due(resources)
    await deliver_by(resources, server)
    [notice] = await notices(resources, reference)
    [message] = server.messages
    assert (notice.status, notice.receipt) == (Delivery.SENT, message["id"])
    assert message["reference"] == str(notice.sent_with)


async def test_a_letter_in_doubt_is_looked_for_though_its_owner_was_away_meanwhile(
    resources: AppState, server: NotifyServer, doubtful: str, owner: Line
) -> None:
    """A failure to compose it says nothing of whether it left."""
    owner.is_cut = True
    await make_due(resources)
    await deliver_by(resources, server)
    owner.is_cut = False
    await assert_was_found(resources, server, doubtful)


async def test_a_letter_in_doubt_is_looked_for_though_the_hour_was_not_safe_meanwhile(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, server: NotifyServer, doubtful: str
) -> None:
    """It waits for a safe hour, and then is the same letter."""
    another_day = WEEK[(resources.clock().weekday() + 3) % 7]
    for days, until in (([another_day], "00:01"), (WEEK, "23:59")):
        body = {"safe_times": [{"days": days, "from": "00:00", "to": until}]}
        path = f"/v1/repairs/{doubtful}/contact"
        assert (await repairs.post(path, json=body, headers=callers.officer())).status_code == 201
        await make_due(resources)
        await deliver_by(resources, server)
    await assert_was_found(resources, server, doubtful)


@pytest.mark.parametrize(
    ("is_cut", "status", "reason"),
    [(True, Delivery.FAILED, "ConnectError"), (False, Delivery.PENDING, None)],
    ids=["given up on", "about to leave in another form"],
)
async def test_a_letter_in_doubt_keeps_its_name_for_a_late_receipt(
    resources: AppState,
    callers: Callers,
    notifications: httpx.AsyncClient,
    server: NotifyServer,
    doubtful: str,
    owner: Line,
    is_cut: bool,
    status: Delivery,
    reason: str | None,
) -> None:
    """After a day in which nobody could be asked: its reader has it, and nothing more leaves."""
    [tried] = await notices(resources, doubtful)
    owner.is_cut, server.refuses = is_cut, [] if is_cut else [INTERNAL_ERROR]
    await make_due(resources, attempts=len(RETRY_SECONDS))
    await deliver_by(resources, server)
    owner.is_cut = False
    [ended] = await notices(resources, doubtful)
    assert (ended.status, ended.reason) == (status, reason)

    [message] = server.messages
    assert await Told(resources, notifications, callers, doubtful).receipt(message, "delivered")
    [told] = await notices(resources, doubtful)
    assert (told.status, told.reason, told.sent_with) == (Delivery.SENT, None, tried.sent_with)
    assert (told.receipt, f"{told.delivered_at:%H:%M}") == (message["id"], "23:40")
    assert told.sent_at is not None
    await make_due(resources)
    await deliver_by(resources, server)
    assert (len(server.messages), mail(resources)) == (1, [])


@pytest.mark.usefixtures("owner")
async def test_whoever_was_told_of_a_breach_by_a_letter_in_doubt_hears_that_it_was_none(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    notifications: httpx.AsyncClient,
    server: NotifyServer,
) -> None:
    """It was made safe in time, as is heard while nobody knows if the letter left; then a receipt comes."""
    long_ago = zulu(ago(hours=5))
    reference = await a_reported_repair(
        resources, repairs, callers, fault="loss-of-gas", received_at=long_ago
    )
    await deliver_by(resources, server)
    before = len(server.messages)
    await swept(resources)
    server.answers_nothing = True
    await deliver_by(resources, server)
    server.answers_nothing = False
    made_safe = {"type": "made_safe", "occurred_at": zulu(ago(hours=2))}
    await updated(resources, repairs, callers, reference, made_safe)
    told = Told(resources, notifications, callers, reference)
    for message in server.messages[before:]:
        await told.receipt(message, "delivered")
    rung = await of_kind(resources, reference, "breach", "escalation")
    undone = [one for one in rung if one.status == Delivery.WITHDRAWN]
    owed = {one.audience for one in await of_kind(resources, reference, "withdrawal")}
    assert owed == {one.reader for one in undone if one.sent_at}
    assert owed


@pytest.mark.usefixtures("owner")
async def test_all_that_a_letter_in_doubt_tells_is_tried_again_together(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, server: NotifyServer
) -> None:
    """Each of its notices has a pause of its own; one that it left without would pass for told by it."""
    reference = await a_reported_repair(
        resources, repairs, callers, fault="loss-of-gas", received_at=zulu(ago(days=5))
    )
    await swept(resources)
    server.refuses_for[RESIDENT] = INTERNAL_ERROR
    await deliver_by(resources, server)
    server.refuses_for.clear()
    theirs = [one for one in await notices(resources, reference) if one.is_for_resident]
    [letter] = {one.sent_with for one in theirs}
    async with transaction(resources.database) as session:
        waits = update(Notice).where(Notice.sent_with == letter)
        due_at = func.now() + case((Notice.id == theirs[0].id, timedelta(0)), else_=timedelta(seconds=30))
        await session.execute(waits.values(next_attempt_at=due_at))
    await deliver_by(resources, server)
    [message] = server.sent_to(RESIDENT)
    told = [one for one in await notices(resources, reference) if one.is_for_resident]
    assert [one.status for one in told] == [Delivery.SENT] * len(told)
    body = message["personalisation"]["body"]
    assert ("Thank you for telling us" in body, "the right to repair" in body) == (True, True)


@pytest.mark.parametrize("is_there", [True, False], ids=["it had left", "it had not"])
async def test_the_words_that_are_kept_are_those_that_left(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    notifications: httpx.AsyncClient,
    server: NotifyServer,
    doubtful: str,
    is_there: bool,
) -> None:
    """Who deals with the case has changed between the two tries."""
    first = dict(server.messages[0])
    handler = {"name": "Zed Newhandler", "department": "repairs"}
    body = {"contractor": "demo-contractor", "handler": handler}
    path = f"/v1/repairs/{doubtful}/assignment"
    assert (await repairs.post(path, json=body, headers=callers.officer())).status_code == 201
    if not is_there:
        server.messages.clear()
    await make_due(resources)
    await deliver_by(resources, server)
    [notice], [message] = await notices(resources, doubtful), server.messages
    path = f"/v1/notices/{notice.id}/words"
    kept = (await notifications.get(path, headers=callers.officer())).json()["text"]
    left = message["personalisation"]["body"]
    assert ("Zed" in kept, "Zed" in left) == (not is_there, not is_there)
    assert (left == first["personalisation"]["body"]) is is_there


@pytest.mark.parametrize("is_there", [True, False], ids=["it had left", "it had not"])
async def test_what_was_told_is_what_left(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    server: NotifyServer,
    doubtful: str,
    is_there: bool,
) -> None:
    """The date has moved and the resident's language is known better between the two tries."""
    [first] = await notices(resources, doubtful)
    assert first.told_dates is None, "nobody knows yet that it was told"
    path = f"/v1/repairs/{doubtful}/contact"
    changed = await repairs.post(path, json={"language": "Polish"}, headers=callers.officer())
    assert changed.status_code == 201, changed.text
    later = WatchedDeadline.due_at + timedelta(days=1)
    async with transaction(resources.database) as session:
        await session.execute(update(WatchedDeadline).values(due_at=later))
    if not is_there:
        server.messages.clear()
    await make_due(resources)
    await deliver_by(resources, server)
    [notice], [message] = await notices(resources, doubtful), server.messages
    due = {row.standard: row.due_at for row in (await deadlines(resources, doubtful)).values()}
    told = {one["standard"]: datetime.fromisoformat(one["due_at"]) for one in notice.told_dates or ()}
    moved = timedelta(days=1) if is_there else timedelta(0)
    assert told
    assert {due[standard] - at for standard, at in told.items()} == {moved}
    acknowledgement = bundled().by_id[notice.message or ""]
    language = "en" if is_there else "pl"
    assert notice.message_version == bundled().said(acknowledgement, language).version
    assert ("Pomożemy" in message["personalisation"]["body"]) is not is_there
    assert first.leaving is not None
    assert (notice.digest == first.leaving["digest"]) is is_there


BY_POST = {"preferred_channel": "letter"}


async def by_post_from_now_on(repairs: httpx.AsyncClient, callers: Callers, reference: str) -> None:
    """Correct how a resident wants to be written to."""
    path = f"/v1/repairs/{reference}/contact"
    assert (await repairs.post(path, json=BY_POST, headers=callers.officer())).status_code == 201


async def test_a_letter_in_doubt_is_looked_for_where_it_went(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, server: NotifyServer, doubtful: str
) -> None:
    """The next try would leave by post, of which the post room knows nothing."""
    await by_post_from_now_on(repairs, callers, doubtful)
    await assert_was_found(resources, server, doubtful)
    [notice] = await notices(resources, doubtful)
    assert (notice.channel, mail(resources)) == ("notify", [])
    assert await attempts(resources) == [("notify", "email", "sent", None)]


async def test_a_letter_in_doubt_that_failed_where_it_went_does_not_leave_in_that_form(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, server: NotifyServer, doubtful: str
) -> None:
    """Nothing is known of the form in which the next try would have left."""
    await by_post_from_now_on(repairs, callers, doubtful)
    server.messages[0] |= {"status": "permanent-failure", "completed_at": LATER}
    for _ in range(2):
        await make_due(resources)
        await deliver_by(resources, server)
    [notice], [letter] = await notices(resources, doubtful), mail(resources)
    assert letter["X-Postal-Address"]
    assert (notice.status, notice.failed_forms) == (Delivery.SENT, ["email"])


async def test_a_letter_in_doubt_that_came_back_meanwhile_leaves_in_the_next_form(
    resources: AppState,
    callers: Callers,
    notifications: httpx.AsyncClient,
    server: NotifyServer,
    doubtful: str,
) -> None:
    """Its receipt came before it was known to have left; nobody sends it to that address again."""
    told = Told(resources, notifications, callers, doubtful)
    assert await told.receipt(server.messages[0], "permanent-failure")
    for _ in range(2):
        await make_due(resources)
        await deliver_by(resources, server)
    notice, [letter] = await told.notice(), mail(resources)
    assert letter["X-Postal-Address"]
    assert (notice.status, notice.failed_forms, len(server.messages)) == (Delivery.SENT, ["email"], 1)


async def test_a_letter_that_had_not_left_is_tried_anew_by_the_next_channel(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, server: NotifyServer, doubtful: str
) -> None:
    """Each attempt says which way it went."""
    await by_post_from_now_on(repairs, callers, doubtful)
    server.messages.clear()
    await make_due(resources)
    await deliver_by(resources, server)
    [notice], [letter] = await notices(resources, doubtful), mail(resources)
    assert (notice.channel, server.messages) == ("mailbox", [])
    assert letter["Message-ID"] == f"<{notice.sent_with}@housing>"
    assert await attempts(resources) == [
        ("notify", "email", "failed", "not-found"),
        ("mailbox", "letter", "sent", None),
    ]


@pytest.mark.parametrize(("tries", "leaves"), [(1, False), (2, True), (8, True)])
@pytest.mark.usefixtures("owner")
async def test_an_emergency_waits_for_the_first_try_alone_of_a_letter_in_doubt(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, tries: int, leaves: bool
) -> None:
    """One about the same case that is tried again may be looked for hours later."""
    reference = await a_reported_repair(resources, repairs, callers, fault="loss-of-gas")
    waiting = await notices(resources, reference)
    in_doubt = next(one for one in waiting if one.is_for_staff)
    emergency = {"kind": "emergency", "urgency": Urgency.AT_ONCE, "rung": "again"}
    copied = {column.name: getattr(in_doubt, column.name) for column in Notice.__table__.columns}
    async with transaction(resources.database) as session:
        session.add(Notice(**{**copied, **emergency, "id": uuid4()}))
        held = update(Notice).where(Notice.id == in_doubt.id)
        later = func.clock_timestamp() + timedelta(seconds=30)
        await session.execute(held.values(attempts=tries, sent_with=uuid4(), next_attempt_at=later))
    assert ("again" in [notice.rung for notice in await claimed(resources)]) is leaves
