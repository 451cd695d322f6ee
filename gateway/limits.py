"""Rate limits: so many requests a minute for each caller.

The counts are in this process's memory; replicas behind a balancer each allow the full rate.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address
from math import ceil
from time import monotonic

from starlette.types import Scope

from shared.caller import Caller
from shared.errors import TooManyRequests
from shared.settings import Settings

WINDOW_SECONDS = 60.0

CALLERS_REMEMBERED = 50_000
"""Beyond that the one longest unseen is forgotten, which in practice is one with nothing used up."""

MACHINE_ROLES = frozenset({"contractor", "frontend", "officer", "service", "ops"})
"""They act for many people, or import in bulk."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """The allowance of a caller: `remaining` requests now, all of `quota` again in `reset` seconds."""

    quota: int
    remaining: int
    reset: int
    retry_after: int | None

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The IETF draft's RateLimit header fields."""
        return [
            (b"ratelimit-policy", b'"default";q=%d;w=%d' % (self.quota, WINDOW_SECONDS)),
            (b"ratelimit", b'"default";r=%d;t=%d' % (self.remaining, self.reset)),
        ]

    def check(self) -> None:
        """Raise TooManyRequests if this request was one too many."""
        if self.retry_after is not None:
            raise TooManyRequests(f"{self.quota} requests a minute are allowed.", self.retry_after)


class RateLimiter:
    """A leaky bucket for each key (GCRA): all that is kept is the instant at which its bucket is empty."""

    def __init__(self, quota: int, now: Callable[[], float] = monotonic) -> None:
        self._quota = quota
        self._interval = WINDOW_SECONDS / quota
        self._now = now
        self._empty_at: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str) -> Allowance:
        """Count one request; one that is refused is not counted, so that waiting helps."""
        now = self._now()
        empty_at = max(self._empty_at.get(key, now), now) + self._interval
        over = empty_at - now - WINDOW_SECONDS
        if over > 1e-9:
            return Allowance(self._quota, 0, ceil(empty_at - self._interval - now), max(1, ceil(over)))
        self._empty_at[key] = empty_at
        self._empty_at.move_to_end(key)
        if len(self._empty_at) > CALLERS_REMEMBERED:
            self._empty_at.popitem(last=False)
        remaining = int((WINDOW_SECONDS - (empty_at - now)) / self._interval + 1e-6)
        return Allowance(self._quota, remaining, ceil(empty_at - now), None)


class RateLimits:
    """Two rates: people, and machines that act for many of them."""

    def __init__(self, settings: Settings) -> None:
        self._people = RateLimiter(settings.rate_limit_per_minute)
        self._machines = RateLimiter(settings.rate_limit_machines_per_minute)

    def take(self, caller: Caller | None, scope: Scope) -> Allowance:
        """Count one request of this caller; one who is not known is counted by the address it comes from."""
        if caller is None:
            return self._people.take(_address(scope))
        limiter = self._machines if caller.roles & MACHINE_ROLES else self._people
        return limiter.take(f"caller {caller.identity}")


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
