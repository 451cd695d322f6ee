"""The reading grade is the formula's: known texts have the grades that others give them."""

import pytest

from tests.support.reading import reading_grade, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("late", 1), ("table", 2), ("complaint", 2), ("missed", 1), ("wanted", 2), ("ombudsman", 3)],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_short_words_in_short_sentences_are_read_by_children() -> None:
    """And an office's own sentences by nobody."""
    assert reading_grade("The cat sat on the mat. It was a sunny day.") < 2
    assert (
        reading_grade("Notwithstanding the aforementioned considerations, eligibility is undetermined.") > 20
    )
