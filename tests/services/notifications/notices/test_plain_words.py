"""What a resident reads is in plain words: at most a reading grade of 8."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notifications.notices.check import CASE, COMMON, said
from services.notifications.notices.rows import Message, bundled
from services.notifications.notices.wording import Outcome, Promise, lines
from services.notifications.policy import RESIDENT
from shared.directory import DIRECTORY
from shared.standards.catalogue import Catalogue, Standard
from tests.support.reading import reading_grade, syllables

MOST = 8.0
DUE = datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC)
CATALOGUE, MESSAGES = Catalogue.bundled(), bundled()
TO_RESIDENTS = [row for row in MESSAGES.rows if RESIDENT in row.audiences and not row.kept_by_owner]
# of services that there are: those to come bring words of their own
PROMISES = {row.id: row for row in CATALOGUE.standards if row.service in DIRECTORY}


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *(("we", 1), ("date", 1), ("missed", 1), ("changed", 1), ("started", 2), ("little", 2)),
        *(("emergency", 4), ("repair", 2), ("28", 1)),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    """Near enough for a grade: vowels that stand together are one, an e at the end is none."""
    assert syllables(word) == count


def test_officialese_is_found_out() -> None:
    """The words that letters once had would not pass."""
    once = "We will complete a qualifying repair within the statutory period that the regulations set for it."
    assert reading_grade(once) > MOST > reading_grade("We will finish this repair within 1 working day.")


def promises() -> list[Promise]:
    return [
        Promise("a", 1, "We will finish it within 1 working day.", "", DUE + timedelta(days=day), DUE)
        for day in range(2)
    ]


def contexts(row: Message) -> Iterator[dict[str, Any]]:
    """A row's values, short ones in the place of names and dates."""
    about = {"promises": promises(), "lines": lines(promises(), DUE), "reasons": ["we are closed that day"]}
    common = {**COMMON, "case": CASE, "rights": [], "stands_for": [], **about}
    if not row.is_about_a_deadline:
        yield from ({**common, "facts": facts} for facts in said(CATALOGUE.vocabulary.facts_of(row.on)))
        return
    for outcome in Outcome:
        ended = [Promise("a", 1, "We will do it.", "", DUE, None, outcome, DUE)]
        yield {**common, "lines": lines(ended, DUE)}
    yield common


def grades() -> dict[str, float]:
    """The grade of the hardest text of each row, by the row."""
    found: dict[str, float] = {}
    for row in TO_RESIDENTS:
        texts = (MESSAGES.paragraph(row, context) for context in contexts(row))
        found[f"{row} ({row.kind})"] = max(reading_grade(f"{row.subject}\n{text}") for text in texts)
    return found


@pytest.mark.parametrize(("row", "grade"), grades().items())
def test_a_letter_to_a_resident_is_easy_to_read(row: str, grade: float) -> None:
    """Every row, with each value that its facts may have and each way in which a promise may end."""
    assert grade <= MOST, row


@pytest.mark.parametrize("standard", [*MESSAGES.rights])
def test_a_right_is_easy_to_read(standard: str) -> None:
    """A right that nobody understands is no right."""
    assert reading_grade(MESSAGES.right(standard) or "") <= MOST


@pytest.mark.parametrize("row", PROMISES.values(), ids=PROMISES)
def test_a_promise_is_easy_to_read(row: Standard) -> None:
    """As a letter says it, with the shortest period that it may give."""
    assert reading_grade(row.duty(row.within.partition(" or ")[0])) <= MOST


def test_the_frame_is_easy_to_read() -> None:
    """But for addresses and the names of bodies, which nobody can choose."""
    reach = CATALOGUE.contact_point("repairs", DUE.date())
    context = {**COMMON, "case": CASE, "reach": reach, "subject": "A date", "paragraphs": "It is done."}
    for frame in ("resident", "text"):
        _, text = MESSAGES.framed(frame, context)
        sentences = [line for line in text.splitlines() if line.endswith((".", "?", "us"))]
        assert sentences
        assert reading_grade("\n".join(sentences)) <= MOST
