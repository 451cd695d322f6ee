"""A service's own clock, which a test may put forward and back."""

from datetime import datetime, timedelta

from shared.clock import Clock


class SteppedClock:
    """The time of these tests, and a step ahead of it; PostgreSQL's and the tokens' clocks stay right."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return self._clock() + self.ahead
