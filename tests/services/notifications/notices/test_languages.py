"""Messages in other languages: further files, and English where one of them is not there."""

from pathlib import Path

import pytest

from services.notifications.notices.check import COMMON, TWO, check
from services.notifications.notices.languages import code_of
from services.notifications.notices.rows import FOLDER, BadMessage, Messages
from services.notifications.notices.wording import lines
from shared.standards.catalogue import Catalogue

LITHUANIAN = """
[[message]]
id = "reminder.resident"
subject = "Ką pažadėjome"
paragraph = "{% for line in lines %}{{ line.promise }} Terminas: {{ line.due }}.{% endfor %}"
"""
FRAME = "{{ subject }}: {{ reference }}\n\n{{ paragraphs }}\n\nPagarbiai, {{ council }}"
CONTEXT = {**COMMON, "lines": lines(TWO[:1], TWO[0].due_at), "promises": TWO[:1], "subject": "Ką pažadėjome"}


def loaded(folder: Path, lithuanian: str = LITHUANIAN, *, framed: bool = True) -> Messages:
    """The product's messages about deadlines, and one of them in Lithuanian too."""
    (folder / "deadlines.toml").write_text((FOLDER / "deadlines.toml").read_text())
    (folder / "lt" / "frames").mkdir(parents=True)
    (folder / "lt" / "deadlines.toml").write_text(lithuanian)
    if framed:
        (folder / "lt" / "frames" / "resident.txt").write_text(FRAME)
    return Messages([folder / "deadlines.toml"])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (None, "en"),
        ("English", "en"),
        ("en-GB", "en"),
        ("eng", "en"),
        ("Polish", "pl"),
        ("POLISH (spoken)", "pl"),
        ("pl", "pl"),
        ("Cymraeg", "cy"),
        ("Klingon", None),
    ],
)
def test_a_language_is_known_by_its_name_or_code(said: str | None, code: str | None) -> None:
    """As a contact names it; one that is not known is none of ours."""
    assert code_of(said) == code


def test_a_message_is_said_in_another_language(tmp_path: Path) -> None:
    """Its words and its frame, checked like those in English, with a version of their own."""
    messages = loaded(tmp_path)
    check(messages, Catalogue.bundled())
    row = messages.by_id["reminder.resident"]
    assert messages.languages_of(row) == ["en", "lt"]
    assert messages.said(row, "lt").version != messages.said(row).version
    subject, text = messages.framed(
        "resident", {**CONTEXT, "paragraphs": messages.paragraph(row, CONTEXT, "lt")}, "lt"
    )
    assert subject == "Ką pažadėjome: REP-7K3M-Q9TX"
    assert "Terminas: Friday 5 December 2025 at 13:00." in text
    assert text.endswith("Pagarbiai, the council")


def test_what_is_not_translated_is_said_in_english(tmp_path: Path) -> None:
    """A letter is in another language only where all its messages are: nobody reads half of one."""
    messages = loaded(tmp_path, framed=False)
    translated, other = messages.by_id["reminder.resident"], messages.by_id["breach.resident"]
    assert messages.common_language("lt", [translated]) == "lt"
    assert messages.common_language("lt", [translated, other]) == "en"
    assert (
        messages.common_language("cy", [translated]) == messages.common_language(None, [translated]) == "en"
    )
    assert messages.said(other, "lt") == messages.said(other)
    _, text = messages.framed("resident", {**CONTEXT, "paragraphs": "Atlikta."}, "lt")
    assert text.endswith("Yours, the council")


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ("reminder.resident", "reminders.resident", "there is no message reminders.resident"),
        ("line.due", "line.do", "no attribute 'do'"),
        ("{% endfor %}", "", "Unexpected end of template"),
        ("subject =", "title =", "title"),
    ],
)
def test_a_translation_that_cannot_be_said_keeps_the_service_from_starting(
    tmp_path: Path, right: str, wrong: str, reason: str
) -> None:
    """Nobody finds out by a letter that never came."""
    with pytest.raises(BadMessage) as refused:
        check(loaded(tmp_path, LITHUANIAN.replace(right, wrong)), Catalogue.bundled())
    assert reason in str(refused.value)


def test_a_version_is_that_of_all_that_is_said(tmp_path: Path) -> None:
    """The same until a word changes, be it in a file that the paragraph uses."""
    messages = Messages([*sorted(FOLDER.glob("*.toml"))], ["repairs"])
    row = messages.by_id["repairs.repair-reported.acknowledgement.resident"]
    again = Messages([*sorted(FOLDER.glob("*.toml"))], ["repairs"])
    assert messages.said(row).version == again.said(row).version
    changed = loaded(tmp_path, LITHUANIAN.replace("Terminas", "Do"))
    reminder = changed.by_id["reminder.resident"]
    (tmp_path / "lt" / "deadlines.toml").write_text(LITHUANIAN)
    before = Messages([tmp_path / "deadlines.toml"]).said(reminder, "lt").version
    assert changed.said(reminder, "lt").version != before
