"""Email by SMTP, to a real server: encrypted, signed in, and refused, put off or broken off now and then."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.notifications.notices.channels import (
    Letter,
    PermanentFailure,
    Recipient,
    TemporaryFailure,
)
from services.notifications.notices.channels.smtp import BadServer, Smtp
from tests.services.notifications.mail_server import (
    COME_AGAIN,
    HOST,
    NO_SUCH_MAILBOX,
    MailServer,
    mail_server,
)
from tests.support.eventually import eventually

SENDER = "housing@council.example"
LETTER = Letter(
    "We have your report: REP-7K3M-Q9TX", "Thank you for telling us.\n\nZoë’s team", "<p>Thanks</p>"
)
SAM, OLA = Recipient("Sam Jones", "sam@example.org"), Recipient("Ola Reyes", "ola@example.org")
ID = UUID("7b0a5a6e-3f0c-4d5a-9f39-0f7a1c9d2e11")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[MailServer]:
    async with mail_server(tmp_path) as running:
        yield running


def channel(server: MailServer, **changes: str) -> Smtp:
    return Smtp(server.url(**changes), SENDER, ca=server.certificate)


@pytest.mark.parametrize("implicit_tls", [False, True], ids=["STARTTLS", "TLS from the start"])
async def test_a_letter_is_taken_over_tls(tmp_path: Path, implicit_tls: bool) -> None:
    """Whole, in both forms, under a Message-ID by which a mailbox knows it when it comes twice."""
    async with mail_server(tmp_path, implicit_tls=implicit_tls) as server:
        smtp = channel(server, scheme="smtps" if implicit_tls else "smtp")
        receipts = {await smtp.deliver(ID, [SAM], LETTER) for _ in range(2)}
    assert receipts == {f"<{ID}@housing>"}
    assert [letter["Message-ID"] for letter in server.letters] == [f"<{ID}@housing>"] * 2
    taken = server.letters[0]
    assert (taken["To"], taken["Subject"]) == ("Sam Jones <sam@example.org>", LETTER.subject)
    plain, html = taken.iter_parts()
    assert plain.get_content().splitlines() == LETTER.text.splitlines()
    assert html.get_content().strip() == LETTER.html


async def test_a_mailbox_that_does_not_exist_is_a_failure_for_good(server: MailServer) -> None:
    """The reason is the code alone: the server's words repeat the address."""
    server.refuses[SAM.email or ""] = NO_SUCH_MAILBOX
    with pytest.raises(PermanentFailure) as refused:
        await channel(server).deliver(uuid4(), [SAM], LETTER)
    assert refused.value.reason == "smtp-550"


async def test_a_server_that_greylists_takes_it_the_next_time(server: MailServer) -> None:
    """It refuses whom it does not know yet, for now."""
    server.refuses[SAM.email or ""] = COME_AGAIN
    with pytest.raises(TemporaryFailure) as refused:
        await channel(server).deliver(ID, [SAM], LETTER)
    assert (refused.value.reason, refused.value.in_doubt) == ("smtp-451", False)
    server.refuses.clear()
    await channel(server).deliver(ID, [SAM], LETTER)
    assert len(server.letters) == 1


async def test_a_letter_that_waits_for_a_connection_is_not_in_doubt(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow server has what was sent to it, and none of those that had no turn: they come later, once."""
    monkeypatch.setattr("services.notifications.notices.channels.smtp.TURN_SECONDS", 0.2)
    server.takes_seconds = 1.0
    smtp = Smtp(server.url(), SENDER, ca=server.certificate, connections=1)
    first = asyncio.create_task(smtp.deliver(ID, [SAM], LETTER))
    await eventually(lambda: server.letters)
    with pytest.raises(TemporaryFailure) as late:
        await smtp.deliver(uuid4(), [OLA], LETTER)
    assert (late.value.reason, late.value.in_doubt) == ("every-connection-is-taken", False)
    await first
    server.takes_seconds = 0.0
    await smtp.deliver(uuid4(), [OLA], LETTER)
    assert [letter["To"].addresses[0].addr_spec for letter in server.letters] == [SAM.email, OLA.email]


@pytest.mark.parametrize(
    ("answer", "failure"),
    [("554 5.7.1 We do not like it", PermanentFailure), ("452 4.3.1 The disk is full", TemporaryFailure)],
)
async def test_a_letter_may_be_refused_once_it_was_read(
    server: MailServer, answer: str, failure: type[Exception]
) -> None:
    """For its size or its words, or as there is no room for it now."""
    server.after_data = answer
    with pytest.raises(failure, match=answer[:3]):
        await channel(server).deliver(uuid4(), [SAM], LETTER)


async def test_a_server_that_breaks_off_leaves_it_in_doubt(server: MailServer) -> None:
    """It may have the letter, and cannot be asked."""
    server.breaks_off = True
    smtp = channel(server)
    with pytest.raises(TemporaryFailure) as broken:
        await smtp.deliver(ID, [SAM], LETTER)
    assert broken.value.in_doubt
    assert await smtp.find(ID, datetime.now(UTC)) is None


async def test_a_wrong_password_is_nobodys_address(server: MailServer) -> None:
    """Letters wait until it is put right; no resident's address is to blame."""
    with pytest.raises(TemporaryFailure) as refused:
        await channel(server, password="wrong").deliver(uuid4(), [SAM], LETTER)
    assert (refused.value.reason, refused.value.in_doubt) == ("smtp-535", False)
    assert server.letters == []


async def test_a_server_that_is_away_or_unknown_is_tried_again(server: MailServer) -> None:
    """Nobody listens, or somebody whose certificate nobody vouches for: to them no letter is given."""
    away = Smtp(f"smtp://{HOST}:1", SENDER)
    stranger = Smtp(server.url(), SENDER)
    for smtp in (away, stranger):
        with pytest.raises(TemporaryFailure) as failed:
            await smtp.deliver(uuid4(), [SAM], LETTER)
        assert not failed.value.in_doubt
    assert server.letters == []


async def test_one_of_several_readers_who_is_refused_keeps_no_other_from_reading(
    server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not sent again, or the others would get it twice; an alarm says that somebody lacks it."""
    server.refuses[SAM.email or ""] = NO_SUCH_MAILBOX
    await channel(server).deliver(uuid4(), [SAM, OLA], LETTER)
    assert len(server.letters) == 1
    assert "refused for one of its readers" in caplog.text


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_an_address_that_says_too_little_is_refused_and_not_repeated(url: str) -> None:
    """It may hold a password."""
    with pytest.raises(BadServer) as wrong:
        Smtp(url, SENDER)
    assert url not in str(wrong.value).split()
