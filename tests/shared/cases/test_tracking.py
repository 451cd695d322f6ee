"""Tracking: surname and postcode must both be right, and some cases nobody follows."""

from typing import Any

import pytest

from shared.cases.tracking import is_followed_by
from tests.shared.cases.rows import a_case

HOME = {"address": "1 Mercury Gardens", "postcode": "RM1 3SL"}
ADA = {"name": "Ada Brontë-O’Neill"}


@pytest.mark.parametrize(
    ("surname", "postcode", "followed"),
    [
        ("Brontë-O'Neill", "RM1 3SL", True),
        ("bronte\u0308 o’neill", "rm13sl", True),
        ("O'Neill", "RM1\u00a03SL", True),
        ("Ada", "RM1 3SL", False),
        ("O'Neill", "RM1 3SM", False),
        ("O'Neill", "unknown", False),
        ("O'Neill", None, False),
        (None, "RM1 3SL", False),
        ("", "", False),
    ],
    ids=ascii,
)
def test_both_must_be_right(surname: str | None, postcode: str | None, followed: bool) -> None:
    """However they are typed; one alone opens nothing."""
    assert is_followed_by(a_case(contact=ADA), HOME, surname, postcode) is followed


@pytest.mark.parametrize(
    ("case", "postcode"),
    [
        ({"contact": {**ADA, "safe_to_contact": False}}, "RM1 3SL"),
        ({"contact": ADA, "imported": True}, "RM1 3SL"),
        ({"contact": {"email": "ada@example.org"}}, "RM1 3SL"),
        ({"contact": ADA}, "unknown"),
        ({"contact": ADA}, None),
    ],
    ids=["unsafe", "imported", "without a name", "with no real postcode", "without a postcode"],
)
def test_some_cases_nobody_follows(case: dict[str, Any], postcode: str | None) -> None:
    """A victim's, an old system's, and one whose resident or home is not known."""
    for said in {postcode, "unknown"}:
        assert not is_followed_by(a_case(**case), {**HOME, "postcode": postcode}, "O'Neill", said)
