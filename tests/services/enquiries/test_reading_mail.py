"""Mail as it comes over the wire: who wrote it, what it says, and which case it quotes."""

import pytest

from services.enquiries.policy.mail import may_be_acknowledged
from shared.cases.mail.mails import Sender, new_text, references_in, sender_of
from shared.cases.mail.reading import read_mail

LETTER = "5f0c9a4e-6f0e-4c53-9e0b-2f6a3f5f9b11"
REFERENCE = "ENQ-7K3M-Q9TR"


def wire(*headers: str, text: str = "Where do the bins go?") -> bytes:
    lines = ["From: Sam Jones <sam@example.org>", "Subject: Bins", *headers, "", text, ""]
    return "\r\n".join(lines).encode()


BOUNCE = "\r\n".join([
    "From: Mail Delivery <MAILER-DAEMON@example.org>", "Return-Path: <>", "Subject: Undelivered",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "", "--b",
    "Content-Type: text/plain", "", "It could not be delivered.", "--b",
    "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example.org", "",
    "Final-Recipient: rfc822; sam@example.org", "Action: {action}", "Status: 5.1.1", "", "--b",
    "Content-Type: text/rfc822-headers", "", f"Message-ID: <{LETTER}@housing>", "Subject: We have it", "",
    "--b--", "",
])  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "sender"),
    [
        (wire(), Sender.PERSON),
        (wire("Auto-Submitted: no"), Sender.PERSON),
        (wire("Auto-Submitted: auto-replied (vacation)"), Sender.MACHINE),
        (wire("Auto-Submitted: auto-replied; owner-email=sam@example.org"), Sender.MACHINE),
        (wire("Precedence: bulk"), Sender.MACHINE),
        (wire("List-Id: <news.example.org>"), Sender.MACHINE),
        (wire("Return-Path: <>"), Sender.MACHINE),
        (wire("Auto-Submitted: auto-generated"), Sender.TICKET_SYSTEM),
        (wire("Auto-Submitted: auto-generated", text="> Where do the bins go?\r\n\r\nOn Monday we wrote:"),
         Sender.MACHINE),
        (BOUNCE.format(action="failed").encode(), Sender.BOUNCE),
        (BOUNCE.format(action="delayed").encode(), Sender.MACHINE),
    ],
)  # fmt: skip
def test_a_machine_is_known_by_its_headers_and_a_person_by_new_words(raw: bytes, sender: Sender) -> None:
    """Headers alone would drop what a person writes in another council's ticket system."""
    assert sender_of(read_mail(raw)) is sender


def test_a_report_names_the_letter_of_ours_that_came_back() -> None:
    """By its Message-ID."""
    assert read_mail(BOUNCE.format(action="failed").encode()).letters == (LETTER,)


@pytest.mark.parametrize(
    ("subject", "text", "found"),
    [
        (f"Re: Our answer: {REFERENCE}", "Thanks", [REFERENCE]),
        ("Hello", "about enq 7k3mq9tr please", [REFERENCE]),
        ("Hello", f"> {REFERENCE}", [REFERENCE]),
        ("Hello", "ENQ-7K3M-Q9TX", []),  # the check character is wrong
        ("Hello", "THE-7K3M-Q9TR", []),  # nobody's prefix
    ],
)
def test_a_reference_is_found_as_people_type_it(subject: str, text: str, found: list[str]) -> None:
    """In the subject first, then in the writer's own words, then in what they quote."""
    raw = f"From: sam@example.org\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()
    assert list(dict.fromkeys(references_in(read_mail(raw), {"ENQ"}))) == found


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (wire("Content-Type: text/html", text="<style>p{}</style><p>Where &amp; when?</p>"), "Where & when?"),
        (wire("Content-Type: text/plain; charset=no-such-set", text="Where?"), "Where?"),
        (wire("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
              text="V2hlcmU/AGJpbnM="), "Where?bins"),
        (b"From: sam@example.org\r\n\r\n", ""),
    ],
)  # fmt: skip
def test_text_is_read_however_it_was_sent(raw: bytes, text: str) -> None:
    """Nothing that a broken mail program does loses the rest, and nothing invisible is kept."""
    assert read_mail(raw).text == text


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"From: <<>>\r\n\r\nHm", b"From: Sam\r\nX"])
def test_no_bytes_are_an_error_of_ours(raw: bytes) -> None:
    """Whatever comes, it is read as far as it goes."""
    assert read_mail(raw).sender is None


def test_no_loop_goes_round_more_than_ten_times() -> None:
    """And a ticket system's goes round once a day."""
    assert [may_be_acknowledged(Sender.PERSON, times) for times in (0, 9, 10)] == [True, True, False]
    assert [may_be_acknowledged(Sender.TICKET_SYSTEM, times) for times in (0, 1)] == [True, False]
    assert not may_be_acknowledged(Sender.MACHINE, 0)
    assert new_text("> yes\n\nNo") == "No"
