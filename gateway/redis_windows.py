"""Counts of requests over a sliding window, in a Redis where replicas count together."""

from math import ceil
from time import time

from limits import RateLimitItemPerSecond
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from gateway.windows import Allowance, CountsAway

SECONDS = 0.2
"""The wait for Redis, at most: a request is worth more than its count."""


class RedisWindows:
    """The sliding window counter of the library `limits`."""

    def __init__(self, url: str) -> None:
        options = {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS}
        self._limiter = SlidingWindowCounterRateLimiter(
            storage_from_string(f"async+{url}", implementation="redispy", wrap_exceptions=True, **options)
        )

    async def take(self, quota: int, seconds: int, key: str) -> Allowance:
        """Count a request, if of this key fewer than `quota` came in so many seconds; raises CountsAway."""
        rate = RateLimitItemPerSecond(quota, seconds)
        try:
            is_allowed = await self._limiter.hit(rate, key)
            stats = await self._limiter.get_window_stats(rate, key)
        except StorageError as away:
            raise CountsAway(type(away).__name__) from away
        reset = max(0, ceil(stats.reset_time - time()))
        return Allowance(quota, seconds, stats.remaining, reset, is_exceeded=not is_allowed)
