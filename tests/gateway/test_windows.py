"""Sliding windows in memory count as the library does with which Redis counts."""

from dataclasses import dataclass
from random import Random

import pytest
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from gateway.windows import Allowance, SlidingWindows

A_QUARTER = 1_800_000_000.0
"""A time at which a minute begins."""


@dataclass
class Time:
    """The time that the library is told."""

    now: float = A_QUARTER

    def time(self) -> float:
        return self.now


def test_the_headers_say_what_is_left() -> None:
    """The IETF draft's fields: a quota in a window, what remains of it, and when there is more."""
    assert Allowance(4, 60, 3, 15, is_exceeded=False).headers() == [
        (b"ratelimit-policy", b'"default";q=4;w=60'),
        (b"ratelimit", b'"default";r=3;t=15'),
    ]


@pytest.mark.parametrize("pause", [0.5, 3.0, 7.0, 25.0, 70.0])
async def test_every_request_is_judged_as_the_library_judges_it(
    pause: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Allowed or not, and what remains, for three hundred requests of two callers at uneven times."""
    time = Time()
    for module in ("limits.aio.storage.memory.time", "limits.aio.strategies.time"):
        monkeypatch.setattr(module, time)
    library, ours = SlidingWindowCounterRateLimiter(MemoryStorage()), SlidingWindows()
    rate = RateLimitItemPerMinute(8)
    uneven = Random(pause)
    for _ in range(300):
        time.now += uneven.uniform(0, 2 * pause)
        caller = uneven.choice(["ada", "ben"])
        allowed = await library.hit(rate, caller)
        stats = await library.get_window_stats(rate, caller)
        judged = ours.take(8, 60, caller, time.now)
        assert (not judged.is_exceeded, judged.remaining) == (allowed, stats.remaining)
        assert 0 <= judged.reset - (stats.reset_time - time.now) <= 1 or not stats.remaining


def test_callers_who_stay_away_are_forgotten() -> None:
    """A window counts in the next one, and no longer."""
    windows = SlidingWindows()
    for number in range(3):
        windows.take(5, 60, f"caller {number}", A_QUARTER)
    windows.take(5, 60, "another", A_QUARTER + 60)
    assert windows.callers() == 4
    windows.take(5, 60, "another", A_QUARTER + 120)
    assert windows.callers() == 1


def test_a_clock_that_is_put_back_holds_nobody_up() -> None:
    """A window that has not come yet counts for nothing."""
    windows = SlidingWindows()
    assert windows.take(1, 60, "ada", A_QUARTER + 3600).remaining == 0
    assert not windows.take(1, 60, "ada", A_QUARTER).is_exceeded
