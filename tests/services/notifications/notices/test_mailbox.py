"""The channel that needs nothing but a folder."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from services.notifications.notices.channels import Letter, Recipient
from services.notifications.notices.channels.mailbox import Mailbox
from services.notifications.notices.printing import for_the_post

SENDER = "housing@council.example"
LETTER = Letter("We have your report: REP-7K3M-Q9TX", "Thank you for telling us.\n\nZoë’s team — 10 °C")


async def delivered(folder: Path, to: Recipient) -> EmailMessage:
    """The one file that the letter became, read as a mail server reads it."""
    receipt = await Mailbox(folder, SENDER).deliver(uuid4(), [to], LETTER)
    assert [path.name for path in folder.iterdir()] == [receipt]
    message = message_from_bytes((folder / receipt).read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


async def test_a_letter_becomes_a_whole_email(tmp_path: Path) -> None:
    """Sender, addressee, subject, date and text, such that any mail program opens it."""
    email = await delivered(tmp_path / "mail", Recipient("Sam Jones", "sam@example.org"))
    assert (email["From"], email["To"]) == (SENDER, "Sam Jones <sam@example.org>")
    assert email["Subject"] == LETTER.subject
    assert email["Date"].datetime is not None
    assert email["Auto-Submitted"] == "auto-generated"  # or an out-of-office reply would come to us
    assert email.get_content().splitlines() == LETTER.text.splitlines()


async def test_the_same_letter_twice_is_one_file(tmp_path: Path) -> None:
    """A worker that died after delivering does it again: the file's name is the letter's id."""
    mailbox, letter = Mailbox(tmp_path, SENDER), uuid4()
    for _ in range(2):
        await mailbox.deliver(letter, [Recipient("Sam Jones", "sam@example.org")], LETTER)
    assert [path.name for path in tmp_path.iterdir()] == [f"{letter}.eml"]


async def test_the_post_room_reads_how_else_to_reach_somebody(tmp_path: Path) -> None:
    """Without an email address the letter still says who it is for, and where they are."""
    to = Recipient("Sam Jones", None, "01708 434343", "1 High Street\nRomford")
    email = await delivered(tmp_path, to)
    assert email["To"].addresses == ()
    assert email["To"].groups[0].display_name == "Sam Jones"
    assert (email["X-Phone"], email["X-Postal-Address"]) == ("01708 434343", "1 High Street Romford")


async def test_a_nameless_resident_is_the_resident(tmp_path: Path) -> None:
    """A contact may be no more than a telephone number."""
    email = await delivered(tmp_path, Recipient(None, None, "01708 434343"))
    assert email["To"].groups[0].display_name == "Resident"


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Zoë Müller", "zoe@example.org"),
        ('O"Neill, Sam; (tenant)', "sam@example.org"),
        ("Sam\r\nBcc: everybody@example.org", "sam@example.org"),
        ("Zoë", "zoë@example.org"),
    ],
)
async def test_no_name_breaks_the_letter(tmp_path: Path, name: str, address: str) -> None:
    """Whatever somebody is called, there is one addressee, and nothing of their name becomes a header."""
    email = await delivered(tmp_path, Recipient(name, address))
    assert email["Bcc"] is None
    assert len(email["To"].addresses) == 1
    if address.isascii():
        assert email["To"].addresses[0].addr_spec == address
        assert email["To"].addresses[0].display_name == " ".join(name.split())


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """The worker then tries again later; nothing half-written is left for the post room."""
    occupied = tmp_path / "mail"
    occupied.write_text("not a folder")
    with pytest.raises(OSError, match="mail"):
        await Mailbox(occupied, SENDER).deliver(uuid4(), [Recipient("Sam", "sam@example.org")], LETTER)


async def test_what_people_typed_is_no_header_and_no_markup(tmp_path: Path) -> None:
    """A name with a line break begins no header, and one with a link is shown as it was typed."""
    name = "[Pay your rent](http://evil.example)\r\nBcc: everybody@example.org"
    email = await delivered(tmp_path, Recipient(name, "sam@example.org"))
    assert email["Bcc"] is None
    assert email["To"].addresses[0].addr_spec == "sam@example.org"
    assert "[Pay your rent](http://evil.example)" in email["To"].addresses[0].display_name
    assert email.get_content_type() == "text/plain"


@pytest.mark.parametrize(
    ("address", "is_printed"),
    [("1 High Street, Romford RM1 1AA", True), ("14 Harrow Drive, Romford", False), (None, False)],
)
async def test_a_letter_for_the_post_is_printed(
    tmp_path: Path, address: str | None, *, is_printed: bool
) -> None:
    """Where it can be posted; its words are there for the post room too."""
    mailbox = Mailbox(tmp_path, SENDER, partial(for_the_post, council="Havering Council"))
    receipt = await mailbox.deliver(uuid4(), [Recipient("Sam Jones", address=address)], LETTER)
    email = message_from_bytes((tmp_path / receipt).read_bytes(), policy=default)
    assert isinstance(email, EmailMessage)
    body = email.get_body()
    assert body is not None
    assert body.get_content().splitlines() == LETTER.text.splitlines()
    printed = [part.get_content() for part in email.iter_attachments()]
    assert [content[:5] for content in printed] == ([b"%PDF-"] if is_printed else [])
