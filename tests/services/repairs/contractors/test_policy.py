"""The words that refuse a firm that is not registered."""

import pytest

from services.repairs.contractors.policy import not_registered


@pytest.mark.parametrize(
    ("known", "but", "words"),
    [
        ([], None, "an officer of repairs registers it first."),
        (["Fixit"], None, "it can be one of these: Fixit."),
        (["Bodgit", "Fixit"], "FIXIT", "it can be one of these: Bodgit."),
        (["Fixit"], "fixit", "an officer of repairs registers it first."),
    ],
)
def test_a_refusal_names_the_firms_that_it_can_be(known: list[str], but: str | None, words: str) -> None:
    """Not the firm that was late."""
    assert not_registered(known, but) == f"No firm of this name is registered here; {words}"
