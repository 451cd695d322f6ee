"""The backoff of questions to asb about a home."""

from datetime import timedelta

import pytest

from services.repairs.asb_damage.policy import pause_after


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
