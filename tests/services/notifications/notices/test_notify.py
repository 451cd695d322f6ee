"""GOV.UK Notify, by its official client and against a stand-in that is held to its documentation."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.notifications.notices.channels import (
    Form,
    Letter,
    PermanentFailure,
    Recipient,
    TemporaryFailure,
)
from services.notifications.notices.channels.markdown import as_written
from services.notifications.notices.channels.notify import Notify
from services.notifications.policy import Attempt
from tests.services.notifications.notify_server import (
    DAILY_LIMIT,
    INTERNAL_ERROR,
    KEY,
    RATE_LIMIT,
    TEMPLATES,
    TRIAL,
    NotifyServer,
)

LETTER = Letter("We have your report", "Thank you – we’ll come.")
EMAIL, TEXT = Recipient("Sam Jones", email="sam@example.org"), Recipient("Sam Jones", phone="07700 900123")
POST = Recipient("Sam Jones", address="1 Mercury Gardens, Romford, RM1 3SL")
NOW = datetime.now(UTC)


@pytest.fixture
def notify(server: NotifyServer) -> Iterator[Notify]:
    templates = {Form(form): template for form, template in TEMPLATES.items()}
    channel = Notify(KEY, server.url, templates, threads=2, per_minute=3000)
    yield channel
    channel.close()


async def test_each_form_leaves_by_its_own_template(server: NotifyServer, notify: Notify) -> None:
    """A text in the characters that its price is for, a letter in lines that end in its postcode."""
    ids = [uuid4() for _ in range(3)]
    receipts = [
        await notify.deliver(id, [to], LETTER) for id, to in zip(ids, (EMAIL, TEXT, POST), strict=True)
    ]
    email, text, post = server.messages
    assert [message["id"] for message in server.messages] == receipts
    assert [message["reference"] for message in server.messages] == [str(id) for id in ids]
    assert [message["template_id"] for message in server.messages] == list(TEMPLATES.values())
    assert email["personalisation"] == {"subject": LETTER.subject, "body": as_written(LETTER.text)}
    assert text["personalisation"] == {"body": "Thank you - we'll come."}
    assert post["personalisation"]["body"] == as_written(LETTER.text)
    lines = [post["personalisation"][f"address_line_{number}"] for number in range(1, 5)]
    assert lines == ["Sam Jones", "1 Mercury Gardens", "Romford", "RM1 3SL"]


async def test_threads_are_bounded_and_each_has_a_client(server: NotifyServer, notify: Notify) -> None:
    """Twenty at once, by two threads: each leaves once."""
    await asyncio.gather(*(notify.deliver(uuid4(), [EMAIL], LETTER) for _ in range(20)))
    assert len({message["id"] for message in server.messages}) == 20


@pytest.mark.parametrize(
    ("answer", "reason", "retry_after", "in_doubt"),
    [
        (RATE_LIMIT, "notify-429-RateLimitError", 60.0, False),
        (DAILY_LIMIT, "notify-429-TooManyRequestsError", 3600.0, False),
        (TRIAL, "notify-400-BadRequestError", 0.0, False),
        (INTERNAL_ERROR, "notify-500-Exception", 0.0, True),
    ],
)
async def test_what_is_no_fault_of_the_address_is_tried_again(
    server: NotifyServer,
    notify: Notify,
    answer: tuple[int, str, str],
    reason: str,
    retry_after: float,
    in_doubt: bool,
) -> None:
    """A limit once it is over; after an error of theirs nobody knows if they have it."""
    server.refuses.append(answer)
    with pytest.raises(TemporaryFailure) as failed:
        await notify.deliver(uuid4(), [EMAIL], LETTER)
    assert (failed.value.reason, failed.value.retry_after) == (reason, retry_after)
    assert failed.value.in_doubt is in_doubt


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        (Recipient("Sam", email="nobody"), "notify-400-ValidationError"),
        (Recipient("Sam", phone="no phone"), "notify-400-ValidationError"),
        (Recipient("Sam", address="1 High Street"), "no-postal-address"),
    ],
)
async def test_an_address_that_is_none_fails_for_good(notify: Notify, to: Recipient, reason: str) -> None:
    """Its letter leaves in another form."""
    with pytest.raises(PermanentFailure) as failed:
        await notify.deliver(uuid4(), [to], LETTER)
    assert failed.value.reason == reason


async def test_a_wrong_key_is_nobodys_address(server: NotifyServer) -> None:
    """Letters wait until it is put right."""
    channel = Notify(KEY[:-1] + "9", server.url, {Form.EMAIL: "x"}, threads=1, per_minute=3000)
    with pytest.raises(TemporaryFailure, match="notify-403-AuthError"):
        await channel.deliver(uuid4(), [EMAIL], LETTER)
    channel.close()


async def test_what_may_have_left_is_found_by_its_reference(server: NotifyServer, notify: Notify) -> None:
    """It was taken, and the answer was lost; a reference keeps nobody from sending it twice."""
    id = uuid4()
    server.answers_nothing = True
    with pytest.raises(TemporaryFailure):
        await notify.deliver(id, [EMAIL], LETTER)
    found = await notify.find(id, NOW)
    assert found is not None
    assert (found.receipt, found.state.status) == (server.messages[0]["id"], Attempt.SENT)
    assert await notify.find(uuid4(), NOW) is None
    server.messages[0] |= {"status": "permanent-failure", "completed_at": "2026-11-26T10:00:00.000000Z"}
    found = await notify.find(id, NOW)
    assert found is not None
    assert (found.state.status, found.failure) == (Attempt.FAILED, "permanent")


async def test_a_provider_that_is_away_leaves_a_letter_in_doubt() -> None:
    """It may have been taken before the line broke."""
    channel = Notify(KEY, "http://127.0.0.1:1", {Form.EMAIL: "x"}, threads=1, per_minute=3000)
    with pytest.raises(TemporaryFailure) as failed:
        await channel.deliver(uuid4(), [EMAIL], LETTER)
    assert failed.value.in_doubt
    channel.close()
