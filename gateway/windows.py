"""Counts of requests over a sliding window, in this process's memory.

The sliding window counter of the library `limits`, with which Redis counts: the window before counts by the
share of it that is still within a window's length. In memory the library schedules a task for each request
that looks through all callers, and asks twice; this was measured at a quarter of the gateway's work.
"""

from dataclasses import dataclass
from math import ceil, floor
from typing import Protocol

from shared.errors import TooManyRequests


@dataclass(frozen=True, slots=True)
class Allowance:
    """The allowance of a caller: `remaining` requests of `quota` now, more in `reset` seconds.

    The quota is for `window` seconds.
    """

    quota: int
    window: int
    remaining: int
    reset: int
    is_exceeded: bool

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The IETF draft's RateLimit header fields."""
        return [
            (b"ratelimit-policy", b'"default";q=%d;w=%d' % (self.quota, self.window)),
            (b"ratelimit", b'"default";r=%d;t=%d' % (self.remaining, self.reset)),
        ]

    def check(self) -> None:
        """Raise TooManyRequests if this request was one too many."""
        if self.is_exceeded:
            raise TooManyRequests(f"{self.quota} requests a minute are allowed.", max(1, self.reset))


class CountsAway(Exception):
    """The place in which replicas count together cannot be reached; the message says how that failed."""


class SharedWindows(Protocol):
    """Windows in which several replicas count together."""

    async def take(self, quota: int, seconds: int, key: str) -> Allowance:
        """Count a request, if of this key fewer than `quota` came in so many seconds; raises CountsAway."""


@dataclass(slots=True)
class Window:
    """The count of one caller in the window of this number, and in the one before."""

    number: int
    count: int = 0
    before: int = 0

    def move_to(self, number: int) -> None:
        """Count in the window of that number from now on."""
        self.before = self.count if number == self.number + 1 else 0
        self.number, self.count = number, 0


class SlidingWindows:
    """The windows of every caller, for one or more lengths; those of callers who stay away are forgotten."""

    def __init__(self) -> None:
        self._of_length: dict[int, dict[str, Window]] = {}
        self._latest: dict[int, int] = {}

    def take(self, quota: int, seconds: int, key: str, now: float) -> Allowance:
        """Count a request at the time `now`, if of this key fewer than `quota` came in so many seconds."""
        number, passed = divmod(now, seconds)
        window = self._window(seconds, key, int(number))
        left_of_before = seconds - passed
        carried = window.before * left_of_before / seconds
        is_exceeded = floor(carried + window.count) >= quota
        if not is_exceeded:
            window.count += 1
        remaining = max(0, quota - floor(carried + window.count))
        reset = left_of_before % (seconds / window.before) if window.before else left_of_before
        return Allowance(quota, seconds, remaining, ceil(reset), is_exceeded)

    def callers(self) -> int:
        """The number of windows that are kept."""
        return sum(map(len, self._of_length.values()))

    def _window(self, seconds: int, key: str, number: int) -> Window:
        windows = self._of_length.setdefault(seconds, {})
        if self._latest.get(seconds) != number:
            self._latest[seconds] = number
            self._of_length[seconds] = windows = {
                known: window for known, window in windows.items() if window.number == number - 1
            }
        window = windows.get(key)
        if window is None:
            window = windows[key] = Window(number)
        elif window.number != number:
            window.move_to(number)
        return window
