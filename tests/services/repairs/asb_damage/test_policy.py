"""The backoff of questions to asb about a home, and access to its cases."""

from datetime import timedelta

import pytest

from services.repairs.asb_damage.policy import may_see_asb_case, pause_after


@pytest.mark.parametrize(
    ("times_asked", "pause"),
    [
        (1, timedelta(seconds=1)),
        (2, timedelta(seconds=5)),
        (3, timedelta(seconds=15)),
        (4, timedelta(minutes=1)),
        (5, timedelta(minutes=5)),
        (6, timedelta(minutes=5)),
        (100_000, timedelta(minutes=5)),
    ],
)
def test_the_pause_grows_to_five_minutes(times_asked: int, pause: timedelta) -> None:
    """No longer: a firm is to have the address soon after asb has one."""
    assert pause_after(times_asked) == pause


@pytest.mark.parametrize(
    ("roles", "scopes", "may"),
    [
        ({"officer"}, {"asb"}, True),
        ({"officer"}, {"asb", "import"}, True),
        ({"officer"}, {"import"}, False),
        ({"officer"}, set(), False),
        ({"frontend"}, {"asb"}, False),
        ({"resident"}, {"asb"}, False),
    ],
)
def test_the_asb_case_is_for_officers_with_the_scope(roles: set[str], scopes: set[str], may: bool) -> None:
    """Neither the role alone nor the scope alone will do."""
    assert may_see_asb_case(roles, scopes) is may
