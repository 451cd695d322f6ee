"""Letters that a case's owner writes: fetched as they leave, sent exactly so, alone, with a digest kept."""

from email.message import EmailMessage
from hashlib import sha256
from typing import Any

import pytest

from services.notifications.models import Notice
from services.notifications.policy import Kind
from shared.app_state import AppState
from tests.services.complaints.complaining import ANSWER, UNDERSTOOD, Team
from tests.services.lines import Line
from tests.services.notifications.consuming import consume_history, notices
from tests.services.notifications.posting import deliver_all, mail, make_due

CONTACT = {"name": "Sam Jones", "email": "sam@example.org"}


def body(letter: EmailMessage, form: str) -> str:
    part = letter.get_body((form,))
    assert part is not None
    content: str = part.get_content()
    return content.replace("\r\n", "\n").rstrip("\n")


async def settle(resources: AppState, reference: str) -> list[EmailMessage]:
    """Take in what happened, deliver all that it owes, and return the letters in the mailbox."""
    await consume_history(resources, reference, "complaints")
    while await deliver_all(resources):
        pass
    return mail(resources)


async def of_kind(resources: AppState, reference: str, kind: str) -> Notice:
    [notice] = [one for one in await notices(resources, reference) if one.kind == kind]
    return notice


@pytest.mark.usefixtures("owner")
async def test_a_letter_leaves_as_its_owner_keeps_it(resources: AppState, team: Team) -> None:
    """The extension's letter tells its new date: no other letter tells it once more."""
    reference = await team.complain(team.resident)
    [received] = await settle(resources, reference)
    assert received["Subject"] == f"We have your complaint: {reference}"
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    await team.act("extension", reference, reason="Many issues.", working_days=5)
    sent = [
        letter for letter in await settle(resources, reference) if letter["Subject"] != received["Subject"]
    ]
    assert len(sent) == 2
    for kind, about in (("acknowledgement", "acknowledged"), ("extension", "extended")):
        written = await team.letter(reference, kind)
        [letter] = [one for one in sent if one["Subject"] == written["subject"]]
        assert body(letter, "plain") == written["text"]
        assert body(letter, "html") == written["html"].rstrip("\n")
        notice = await of_kind(resources, reference, about)
        assert notice.digest == written["digest"] == sha256(written["text"].encode()).hexdigest()
        assert notice.sent_with == notice.id
    assert (await of_kind(resources, reference, Kind.NEW_DATES)).reason == "StaleNotice"


@pytest.mark.usefixtures("owner")
async def test_it_is_not_written_to_whom_it_is_not_safe_to_write(resources: AppState, team: Team) -> None:
    """The department has it instead, word for word."""
    reference = await team.complain(team.resident, contact={**CONTACT, "safe_to_contact": False})
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    letters = await settle(resources, reference)
    assert {letter["To"].addresses[0].addr_spec for letter in letters} == {
        "complaints-department@council.example"
    }
    assert any("> Nobody came to mend your roof." in body(letter, "plain") for letter in letters)


@pytest.mark.usefixtures("owner")
async def test_whoever_may_only_be_texted_is_not_rung(resources: AppState, team: Team) -> None:
    """A letter that is kept is no text: the department finds a way that they have agreed to."""
    texted = {"phone": "07700 900123", "preferred_channel": "mobile", "safe_channels": ["mobile"]}
    reference = await team.complain(team.resident, contact={"name": "Sam Jones", **texted})
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    letters = await settle(resources, reference)
    told = [letter["Subject"] for letter in letters if not letter["X-Phone"]]
    assert told == [f"Do not write to the resident: {reference}"]


@pytest.mark.usefixtures("owner")
async def test_a_silent_owner_is_asked_again(
    resources: AppState, team: Team, inside: dict[str, Line]
) -> None:
    """Nothing is sent in the letter's place."""
    reference = await team.complain(team.resident)
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    await team.act("response", reference, **ANSWER)
    await consume_history(resources, reference, "complaints")
    way: Any = inside[resources.settings.service_url("complaints")]
    way.is_cut = True
    assert await deliver_all(resources) == 2
    assert mail(resources) == []
    way.is_cut = False
    await make_due(resources)
    assert len(await settle(resources, reference)) == 3
