"""A letter to several readers by GOV.UK Notify: each has a message, an attempt and a receipt of their own."""

import asyncio
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, update

from services.notifications.models import LetterAttempt, Notice, WatchedCase
from services.notifications.notices import receipts, sending
from services.notifications.notices.channels import Form, Letter, Recipient
from services.notifications.notices.channels.notify import Notify
from services.notifications.notices.compose import Composed
from services.notifications.notices.pacing import Pace
from services.notifications.notices.queries.attempts import NewAttempt
from services.notifications.notices.ready import Ready
from services.notifications.policy import (
    AT_ONCE_SECONDS,
    Attempt,
    AttemptState,
    Delivery,
    Failure,
    Urgency,
)
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.notifications.by_notify import LATER, DiesAfterSending, Told, deliver_by
from tests.services.notifications.consuming import ago, notices, swept
from tests.services.notifications.notify_server import (
    INTERNAL_ERROR,
    KEY,
    NO_ADDRESS,
    RATE_LIMIT,
    NotifyServer,
)
from tests.services.notifications.posting import (
    a_reported_repair,
    claimed,
    digests_claimed,
    mail,
    make_due,
    post,
)
from tests.services.repairs.reporting import REPORT, zulu

ONE, TWO, MANAGER = "one@council.example", "two@council.example", "repairs-manager@council.example"
RESIDENT = "sam@example.org"
OFFICE = "".join(
    f"""
[[recipient]]
department = "repairs"
role = "department"
email = "{email}"
"""
    for email in (ONE, TWO)
)
pytestmark = pytest.mark.usefixtures("office", "owner")


@pytest.fixture
def office(resources: AppState, tmp_path: Path) -> None:
    """A department of two addresses."""
    file = tmp_path / "recipients.toml"
    file.write_text(OFFICE)
    resources.settings.recipients_file = file


@pytest.fixture
async def told(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> Told:
    """An emergency of which nobody has been told yet."""
    reference = await a_reported_repair(resources, repairs, callers, fault="loss-of-gas")
    return Told(resources, notifications, callers, reference)


async def emergency(resources: AppState, told: Told) -> Notice:
    """The notice of the emergency to its department."""
    [notice] = [one for one in await notices(resources, told.reference) if one.kind == "emergency"]
    return notice


async def attempts(resources: AppState, letter: Notice) -> list[tuple[str, str | None, str | None]]:
    """The attempts of a notice's letter: what became of each, why, and its receipt."""
    async with transaction(resources.database) as session:
        query = select(LetterAttempt).where(LetterAttempt.part_of == letter.sent_with)
        rows = await session.scalars(query.order_by(LetterAttempt.status))
        return [(row.status, row.reason, row.receipt) for row in rows]


async def again(resources: AppState, server: NotifyServer) -> None:
    """Deliver what waits, as if its pause were over."""
    await make_due(resources)
    await deliver_by(resources, server)


async def test_each_reader_has_a_message_and_an_attempt(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Each by a reference of its own, which Notify is asked for."""
    await deliver_by(resources, server)
    notice, sent = await emergency(resources, told), [*server.sent_to(ONE), *server.sent_to(TWO)]
    assert len({message["reference"] for message in sent} | {str(notice.sent_with)}) == 3
    known = {receipt for _, _, receipt in await attempts(resources, notice)}
    assert known == {message["id"] for message in sent}
    assert (notice.status, notice.receipt) == (Delivery.SENT, sent[0]["id"])


async def test_one_who_could_not_be_written_to_now_is_written_to_again_and_nobody_else(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Under the name of the same letter, which is told once the last of them has it."""
    server.refuses_for[TWO] = RATE_LIMIT
    await deliver_by(resources, server)
    waiting = await emergency(resources, told)
    assert (waiting.status, len(server.sent_to(ONE))) == (Delivery.PENDING, 1)
    server.refuses_for.clear()
    await again(resources, server)
    notice = await emergency(resources, told)
    assert (notice.status, notice.sent_with) == (Delivery.SENT, waiting.sent_with)
    assert [len(server.sent_to(address)) for address in (ONE, TWO)] == [1, 1]


async def test_one_who_can_never_be_written_to_keeps_the_letter_of_nobody_else(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Their attempt says why."""
    server.refuses_for[ONE] = NO_ADDRESS
    await deliver_by(resources, server)
    notice, [message] = await emergency(resources, told), server.sent_to(TWO)
    assert (notice.status, notice.receipt) == (Delivery.SENT, message["id"])
    refused, sent = await attempts(resources, notice)
    assert (refused, sent[0]) == (("failed", "notify-400-ValidationError", None), "sent")


async def test_one_who_is_refused_for_a_day_keeps_the_letter_no_longer(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Who has it is not told again, and nobody in their place."""
    server.refuses_for[TWO] = RATE_LIMIT
    await deliver_by(resources, server)
    await make_due(resources, attempts=len(AT_ONCE_SECONDS))
    await deliver_by(resources, server)
    assert (await emergency(resources, told)).status == Delivery.SENT
    await again(resources, server)
    assert [len(server.sent_to(address)) for address in (ONE, TWO, MANAGER)] == [1, 0, 0]


async def test_the_manager_is_told_once_it_came_back_from_every_reader(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """One who has it is enough, and the first to have it says when it arrived."""
    await deliver_by(resources, server)
    [one], [two] = server.sent_to(ONE), server.sent_to(TWO)
    assert await told.receipt(one, "permanent-failure")
    assert (await emergency(resources, told)).status == Delivery.SENT
    assert await told.receipt(two, "permanent-failure")
    await deliver_by(resources, server)
    assert len(server.sent_to(MANAGER)) == 1
    assert (await emergency(resources, told)).failed_forms == ["department"]


async def test_receipts_of_all_readers_that_come_together_are_judged_one_after_the_other(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Else each would take the other for one who has it, and nobody would be told."""
    await deliver_by(resources, server)
    [one], [two] = server.sent_to(ONE), server.sent_to(TWO)
    async with unit_of_work(resources) as work:
        came_back = AttemptState(Attempt.FAILED, datetime.fromisoformat(LATER))
        about_one = (UUID(one["reference"]), came_back, Failure.PERMANENT, "permanent-failure")
        assert await receipts.hear(work, one["id"], *about_one)
        about_two = asyncio.create_task(told.receipt(two, "permanent-failure"))
        await asyncio.wait([about_two], timeout=0.5)
    assert await about_two
    await deliver_by(resources, server)
    assert len(server.sent_to(MANAGER)) == 1


async def test_one_of_whom_nobody_knows_if_they_have_it_is_none_who_has(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """For a day Notify does not say if it took the letter to one; that to the other comes back."""
    server.refuses_for[TWO] = INTERNAL_ERROR
    await deliver_by(resources, server)
    await make_due(resources, attempts=len(AT_ONCE_SECONDS))
    await deliver_by(resources, server)
    assert (await emergency(resources, told)).status == Delivery.SENT
    [one] = server.sent_to(ONE)
    assert await told.receipt(one, "permanent-failure")
    await deliver_by(resources, server)
    assert len(server.sent_to(MANAGER)) == 1


async def test_it_has_arrived_at_the_first_of_its_readers(
    resources: AppState, server: NotifyServer, told: Told
) -> None:
    """Whatever becomes of the others."""
    await deliver_by(resources, server)
    [one], [two] = server.sent_to(ONE), server.sent_to(TWO)
    assert await told.receipt(two, "delivered")
    assert await told.receipt(one, "permanent-failure")
    notice = await emergency(resources, told)
    assert (notice.status, f"{notice.delivered_at:%H:%M}") == (Delivery.SENT, "23:40")


@pytest.mark.parametrize("lost", [(), (TWO,)], ids=["both had left", "one had left"])
async def test_after_a_crash_each_is_looked_for_by_its_own_reference(
    resources: AppState, server: NotifyServer, told: Told, lost: tuple[str, ...]
) -> None:
    """Between the sending and its note: who has it already is not written to again."""
    with pytest.raises(asyncio.CancelledError):
        await deliver_by(resources, server, channel=DiesAfterSending)
    await asyncio.sleep(0.5)  # until the other threads are through
    server.messages = [one for one in server.messages if one["email_address"] not in lost]
    first = {one["id"] for one in server.messages}
    await again(resources, server)
    assert (await emergency(resources, told)).status == Delivery.SENT
    assert [len(server.sent_to(address)) for address in (ONE, TWO)] == [1, 1]
    assert first <= {one["id"] for one in server.messages}


async def test_the_copy_of_a_letter_that_is_tried_again_is_not_sent_again(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, server: NotifyServer
) -> None:
    """A resident in large print is held up, and their department has been told already."""
    contact = {**REPORT["contact"], "access_needs": "large print"}
    reference = await a_reported_repair(resources, repairs, callers, contact=contact)
    server.refuses_for[RESIDENT] = RATE_LIMIT
    await deliver_by(resources, server)
    server.refuses_for.clear()
    await again(resources, server)
    [notice] = await notices(resources, reference)
    [theirs] = server.sent_to(RESIDENT)
    assert (notice.status, notice.receipt) == (Delivery.SENT, theirs["id"])
    assert [len(server.sent_to(address)) for address in (ONE, TWO)] == [1, 1]


async def test_a_digest_is_tried_again_for_those_alone_who_do_not_have_it(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, server: NotifyServer
) -> None:
    """One message of all cases for each address, and its words are kept for each case."""
    references = [
        await a_reported_repair(resources, repairs, callers, received_at=zulu(ago(days=days)))
        for days in (60, 61)
    ]
    await swept(resources)
    server.refuses_for[TWO] = RATE_LIMIT
    for _ in range(2):
        await make_due(resources)
        await deliver_by(resources, server, take_up=digests_claimed)
        server.refuses_for.clear()
    [one], [two] = server.sent_to(ONE), server.sent_to(TWO)
    assert one["personalisation"] == two["personalisation"]
    assert one["personalisation"]["subject"] == "2 cases: Overdue"
    assert len(server.sent_to(MANAGER)) == 1
    rows = [row for each in references for row in await notices(resources, each) if row.is_for_staff]
    assert {row.status for row in rows} == {Delivery.SENT}


async def test_a_case_that_a_digest_leaves_without_is_told_by_the_next(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, server: NotifyServer
) -> None:
    """One had both cases; as the other is written to again, nobody answers for the second."""
    first, second = [
        await a_reported_repair(resources, repairs, callers, received_at=zulu(ago(days=days)))
        for days in (60, 61)
    ]
    await swept(resources)
    server.refuses_for[TWO] = RATE_LIMIT
    for owner in ("repairs", "nobody", "repairs"):
        await answered_for_by(resources, second, owner)
        await make_due(resources)
        await deliver_by(resources, server, take_up=digests_claimed)
        server.refuses_for.clear()
    told = "\n".join(message["personalisation"]["body"] for message in server.sent_to(TWO))
    assert [readable(each) in told for each in (first, second)] == [True, True]
    rows = [row for each in (first, second) for row in await notices(resources, each) if row.is_for_staff]
    assert {row.status for row in rows} == {Delivery.SENT}


async def answered_for_by(resources: AppState, reference: str, service: str) -> None:
    """Let another service, or none, be asked about a case."""
    async with transaction(resources.database) as session:
        await session.execute(update(WatchedCase).filter_by(reference=reference).values(service=service))


def readable(reference: str) -> str:
    """A reference as Notify is given it."""
    return reference.replace("-", "\\-")


async def test_a_mail_server_takes_one_letter_to_all(resources: AppState, told: Told) -> None:
    """Who read it see each other, and answer all."""
    await post(resources, await claimed(resources))
    [letter] = [one for one in mail(resources) if one["Subject"] == f"Emergency: {told.reference}"]
    assert [one.addr_spec for one in letter["To"].addresses] == [ONE, TWO]
    assert letter["Message-ID"] == f"<{(await emergency(resources, told)).sent_with}@housing>"


def test_each_reader_takes_room_and_each_telephone_is_counted_apart() -> None:
    """A minute's room is counted by messages; the same words may go to another telephone."""
    phones = [Recipient(None, phone=f"+4477009001{number:02}") for number in range(3)]
    notify = Notify(KEY, "http://127.0.0.1:1", {Form.TEXT: "x"}, threads=1, per_minute=3000)
    text = Composed(uuid4(), phones, Letter("", "Come."), Form.TEXT)
    apart = Ready(text.id, [], {}, [text], {}).for_channels({Form.TEXT: notify}).composed
    notify.close()
    assert [one.recipients for one in apart] == [[phone] for phone in phones]
    theirs = [
        NewAttempt(one.id, "REP-7K3M-Q9TX", "notify", one.form, sending.content_of(one)) for one in apart
    ]
    pace = Pace({"notify": 3}, kept_free=0, same_text_per_hour=1)
    assert pace.has_taken(Urgency.AT_ONCE, theirs)
    assert pace.room == {"notify": 0}
