"""A service's own clock, which a test may put forward and back."""

from datetime import datetime, timedelta

from shared.clock import system_clock


class SteppedClock:
    """The machine's time, and how far ahead of it this clock is; PostgreSQL's and the tokens' stay right."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return system_clock() + self.ahead
