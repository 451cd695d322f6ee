"""Messages in Polish: nothing that is said in English is lost, and a text costs no more."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from services.notifications.notices.channels import Form
from services.notifications.notices.compose import Composed
from services.notifications.notices.parts import Part
from services.notifications.notices.rows import FOLDER, bundled
from services.notifications.notices.texts import GSM_7, alphabet_of, is_sendable
from services.notifications.notices.wording import by, spoken, window
from shared.app_state import AppState
from shared.standards.catalogue import Catalogue
from tests.services.notifications.notices.test_every_message import CONTACTS, letters, parts

MESSAGES = bundled()
ROWS = [row for row in MESSAGES.rows if "pl" in MESSAGES.languages_of(row)]
PROMISES = tomllib.loads((FOLDER / "pl" / "repairs" / "promises.toml").read_text())
NUMBERS = re.compile(r"\d+(?:[:.]\d+)*")
ENGLISH_WORDS = re.compile(r"\b(the|we|our|your|you|is|are|and|by|at|on|ring|please)\b", re.IGNORECASE)
FACTS = re.compile(r"Words|words|Siân O’Brien of the repairs team|1 High Street")
"""Words of facts that stay as they are in every language: what a case is, who has it, who comes."""
NOT_OURS = re.compile(r"\(right to repair\)|We will do it\.")
"""The name of a law, and a promise of these tests that is no standard's."""


def both(state: AppState, way: str) -> Iterator[tuple[str, Part, Composed, Composed]]:
    """Each letter with each value that its facts may have, in English and in Polish."""
    for row in ROWS:
        for part in parts(row, "resident"):
            contact = CONTACTS[way]
            [english] = letters(state, part, contact)
            [polish] = letters(state, part, {**contact, "language": "Polish"})
            yield f"{row} ({part.facts})", part, english, polish


@pytest.mark.parametrize("way", ["email", "letter", "text"])
async def test_no_value_is_lost(resources: AppState, way: str) -> None:
    """Each number, date, name and reference of the English letter is in the Polish one, which goes as far."""
    count = 0
    for where, part, english, polish in both(resources, way):
        assert (english.language, polish.language) == ("en", "pl"), where
        assert polish.letter.language == "pl", where
        assert (polish.form, polish.recipients) == (english.form, english.recipients), where
        assert polish.letter.subject != english.letter.subject, where
        for said in (NUMBERS, FACTS, re.compile(re.escape(part.notice.reference))):
            lost = {*said.findall(english.letter.text)} - {*said.findall(polish.letter.text)}
            assert lost == set(), f"{where}: {lost}\n{polish.letter.text}"
        assert "None" not in polish.letter.text, where
        assert "{" not in polish.letter.text, where
        count += 1
    assert count >= 10


async def test_no_word_of_english_is_left(resources: AppState) -> None:
    """But for facts, and what is not ours to say in another language."""
    for where, _, _, polish in both(resources, "email"):
        text = (
            FACTS.sub("", polish.letter.text).replace("(right to repair)", "").replace("We will do it.", "")
        )
        assert ENGLISH_WORDS.findall(text) == [], f"{where}:\n{text}"


async def test_a_text_in_polish_costs_no_more_than_it_must(resources: AppState) -> None:
    """It leaves in the GSM alphabet, as a text without a foreign name in it can."""
    for where, _, _, polish in both(resources, "text"):
        assert polish.form is Form.TEXT, where
        assert alphabet_of(polish.letter.text) is GSM_7, f"{where}:\n{polish.letter.text}"
        assert is_sendable(polish.letter.text), where


def test_all_that_happens_in_a_repair_is_said_in_polish() -> None:
    """An acknowledgement, and what leaves with it: a letter is in a language only where all of it is."""
    told = {row.id for row in MESSAGES.rows if row.on.startswith("repairs.") and "resident" in row.audiences}
    assert "repairs.repair-reported.acknowledgement.resident" in told
    assert told == {row.id for row in ROWS}


def test_every_promise_about_repairs_has_words_without_a_time() -> None:
    """How long is data that a council changes: a translation that said it would be wrong some day."""
    standards = Catalogue.bundled().standards
    ours = {row.id for row in standards if row.service == "repairs" and not row.regime.for_staff}
    assert ours == PROMISES.keys()
    assert [words for words in PROMISES.values() if re.search(r"\d", words)] == []


@pytest.mark.parametrize(
    ("instant", "said", "due"),
    [
        (
            datetime(2025, 12, 5, 16, 55, tzinfo=UTC),
            "piątek 5 grudnia 2025, godz. 16:55",
            "piątek 5 grudnia 2025, godz. 16:55",
        ),
        (
            datetime(2026, 6, 14, 22, 59, 59, tzinfo=UTC),
            "niedziela 14 czerwca 2026, godz. 23:59",
            "niedziela 14 czerwca 2026, do końca dnia",
        ),
        (
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            "niedziela 25 października 2026, godz. 01:30 (przed zmianą czasu)",
            "niedziela 25 października 2026, godz. 01:30 (przed zmianą czasu)",
        ),
    ],
)
def test_a_date_is_said_in_polish(instant: datetime, said: str, due: str) -> None:
    """By London's clocks, as in English."""
    assert (spoken(instant, "pl"), by(instant, "pl")) == (said, due)


def test_a_window_is_said_in_polish() -> None:
    """On one day, and over midnight."""
    starts = datetime(2025, 12, 5, 9, tzinfo=UTC)
    assert (
        window(starts, starts.replace(hour=12), "pl") == "piątek 5 grudnia 2025, między godz. 09:00 a 12:00"
    )
    over = window(starts, starts.replace(day=6, hour=1), "pl")
    assert over == "od: piątek 5 grudnia, godz. 09:00; do: sobota 6 grudnia 2025, godz. 01:00"
