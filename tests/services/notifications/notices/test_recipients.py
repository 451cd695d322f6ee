"""The recipients file of a council: the readers of letters to staff, refused with the row and the reason."""

from datetime import time
from pathlib import Path

import pytest

from services.notifications.notices.recipients import BadRecipients, Recipients, recipients_of
from shared.directory import DIRECTORY
from shared.standards.periods import OfficeHours

RUNGS = frozenset({"reminder", "breach", "escalation"})
FILE = """
[[department]]
name = "repairs"
email = "repairs@council.example"
duty_email = "duty@council.example"
duty_phone = "07700 900123"
emergencies_by = ["email", "text"]
opening = 08:00:00
closing = 18:00:00

[[recipient]]
department = "repairs"
role = "manager"
rungs = ["escalation"]
email = "head@council.example"

[[recipient]]
department = "repairs"
role = "manager"
email = "managers@council.example"

[[handler]]
subject = "officer-7"
email = "pat.smith@council.example"
"""


def loaded(folder: Path, text: str = FILE) -> Recipients:
    (folder / "recipients.toml").write_text(text)
    recipients = Recipients(folder / "recipients.toml")
    recipients.check(DIRECTORY.departments, RUNGS)
    return recipients


def test_a_department_says_where_it_reads_and_when(tmp_path: Path) -> None:
    """Its digests, of emergencies by email and text, and the hours of its office."""
    repairs = loaded(tmp_path).department("repairs")
    assert (repairs.email, repairs.duty_email) == ("repairs@council.example", "duty@council.example")
    assert (repairs.duty_phone, repairs.emergencies_by) == ("+447700900123", ("email", "text"))
    assert repairs.hours == OfficeHours(time(8), time(18))


@pytest.mark.parametrize(
    ("department", "role", "rungs", "addresses"),
    [
        ("repairs", "department", ["breach"], ["repairs@council.example"]),
        ("repairs", "manager", ["escalation"], ["head@council.example", "managers@council.example"]),
        ("repairs", "manager", ["breach"], ["managers@council.example"]),
        ("repairs", "handler", ["breach"], []),
        ("complaints", "department", ["breach"], []),
        ("complaints", "manager", ["escalation"], []),
    ],
)
def test_a_role_reads_of_its_rungs(
    tmp_path: Path, department: str, role: str, rungs: list[str], addresses: list[str]
) -> None:
    """Of all where its row names none; who has no row is addressed as DEPARTMENT_EMAIL says."""
    assert loaded(tmp_path).addresses(department, role, rungs) == addresses


def test_a_handler_has_an_address_of_their_own(tmp_path: Path) -> None:
    """By the subject of their token: names change, and are shared."""
    assert loaded(tmp_path).handlers == {"officer-7": "pat.smith@council.example"}


def test_a_team_may_have_another_name_than_its_department(tmp_path: Path) -> None:
    """Where the department's own would tell what somebody reported; also beside a council's own row."""
    own = loaded(tmp_path, '[[department]]\nname = "asb"\nemail = "asb@council.example"\n')
    assert own.team("asb") == recipients_of(None).team("asb") == "community"
    assert own.team("repairs") == "repairs"


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        (
            '"07700 900123"',
            '"01708 434000"',
            "department 1: duty_phone: Value error, this is no mobile number",
        ),
        ('duty_phone = "07700 900123"\n', "", "department repairs: emergencies_by has text"),
        ('["email", "text"]', "[]", "department repairs: emergencies_by names no channel"),
        (
            '["email", "text"]',
            '["pigeon"]',
            "department 1: emergencies_by: Input should be 'email' or 'text'",
        ),
        ("18:00:00", "07:00:00", "department repairs: its closing is not after its opening"),
        (
            'name = "repairs"',
            'name = "repair"',
            'department repair: there is no department "repair"; there are asb,',
        ),
        ('["escalation"]', '["escalated"]', 'recipient 1: there is no rung "escalated"; there are breach,'),
        (
            'role = "manager"\nrungs',
            'role = "boss"\nrungs',
            "recipient 1: role: Input should be 'department'",
        ),
        ('"head@council.example"', '"head"', "recipient 1: email: Value error, this is no email address"),
        ('subject = "officer-7"\n', "", "handler 1: subject: Field required"),
        ("[[handler]]", "[[handlers]]", "handlers: Unexpected keyword argument"),
        ("[[handler]]", "[[handler]", "the whole file: is no TOML file"),
        (
            "[[handler]]",
            '[[department]]\nname = "repairs"\n[[handler]]',
            "department repairs: there is a row of that",
        ),
    ],
)
def test_a_file_that_would_tell_nobody_is_refused(
    tmp_path: Path, right: str, wrong: str, reason: str
) -> None:
    """When the service starts, with the file, the row and the reason, before anybody waits for a letter."""
    assert right in FILE
    with pytest.raises(BadRecipients) as refused:
        loaded(tmp_path, FILE.replace(right, wrong))
    assert str(refused.value).startswith(f"recipients.toml: {reason}")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Rather than have the defaults in its place."""
    with pytest.raises(BadRecipients, match=r"nowhere\.toml: the whole file: cannot be read"):
        Recipients(tmp_path / "nowhere.toml")
