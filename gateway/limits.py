"""Rate limits: so many requests a minute for each caller, counted over a sliding window.

The counts are in this process's memory, or in Redis where replicas are to share them.
"""

from dataclasses import dataclass
from ipaddress import IPv6Address
from math import ceil
from time import time

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.strategies import RateLimiter, SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string
from starlette.types import Scope

from shared.caller import Caller
from shared.errors import TooManyRequests
from shared.settings import Settings
from shared.telemetry import get_logger

log = get_logger(__name__)

WINDOW_SECONDS = 60
REDIS_SECONDS = 0.2
"""The wait for Redis, at most: a request is worth more than its count."""

MACHINE_ROLES = frozenset({"contractor", "frontend", "officer", "service", "ops"})
"""They act for many people, or import in bulk."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """The allowance of a caller: `remaining` requests of `quota` now, more in `reset` seconds."""

    quota: int
    remaining: int
    reset: int
    is_exceeded: bool

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The IETF draft's RateLimit header fields."""
        return [
            (b"ratelimit-policy", b'"default";q=%d;w=%d' % (self.quota, WINDOW_SECONDS)),
            (b"ratelimit", b'"default";r=%d;t=%d' % (self.remaining, self.reset)),
        ]

    def check(self) -> None:
        """Raise TooManyRequests if this request was one too many."""
        if self.is_exceeded:
            raise TooManyRequests(f"{self.quota} requests a minute are allowed.", max(1, self.reset))


class RateLimits:
    """Rates of requests, of people and of machines that act for many of them; and of claims."""

    def __init__(self, settings: Settings) -> None:
        self._people = RateLimitItemPerMinute(settings.rate_limit_per_minute)
        self._machines = RateLimitItemPerMinute(settings.rate_limit_machines_per_minute)
        self._claims = RateLimitItemPerHour(settings.claims_per_hour)
        self._own = SlidingWindowCounterRateLimiter(storage_from_string("async+memory://"))
        self._shared = _in_redis(settings.redis_url) if settings.redis_url else self._own

    async def take(self, caller: Caller | None, scope: Scope) -> Allowance:
        """Count one request of this caller; one who is not known is counted by the address it comes from.

        While Redis is away each replica counts for itself.
        """
        is_machine = caller is not None and bool(caller.roles & MACHINE_ROLES)
        rate = self._machines if is_machine else self._people
        key = f"caller {caller.identity}" if caller is not None else f"address {_address(scope)}"
        return await self._take(rate, key)

    async def take_claim(self, caller: Caller, reference: str | None) -> None:
        """Count a claim of the caller's, and one of that case by whomever; raises TooManyRequests.

        Whoever holds a letter of the case may guess at the rest from many accounts.
        """
        for counted in (f"by {caller.identity}", f"of {reference}" if reference else None):
            if counted is None:
                continue
            allowance = await self._take(self._claims, f"claims {counted}")
            if allowance.is_exceeded:
                raise TooManyRequests(
                    f"{allowance.quota} claims an hour are allowed.", max(1, allowance.reset)
                )

    async def _take(self, rate: RateLimitItem, key: str) -> Allowance:
        try:
            return await _take(self._shared, rate, key)
        except StorageError as away:
            log.warning("rate limits are counted by each replica", extra={"error": type(away).__name__})
            return await _take(self._own, rate, key)


def _in_redis(url: str) -> RateLimiter:
    options = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    storage = storage_from_string(f"async+{url}", implementation="redispy", wrap_exceptions=True, **options)
    return SlidingWindowCounterRateLimiter(storage)


async def _take(limiter: RateLimiter, rate: RateLimitItem, key: str) -> Allowance:
    is_allowed = await limiter.hit(rate, key)
    stats = await limiter.get_window_stats(rate, key)
    reset = max(0, ceil(stats.reset_time - time()))
    return Allowance(rate.amount, stats.remaining, reset, is_exceeded=not is_allowed)


def _address(scope: Scope) -> str:
    """The client's IP address; of IPv6 the first 64 bits, since one household or server has all the rest."""
    host: str = scope["client"][0] if scope.get("client") else "unknown"
    if ":" not in host:
        return host
    try:
        address = IPv6Address(host)
    except ValueError:
        return host
    return str(address.ipv4_mapped or int(address) >> 64)
