"""Rate limits: so many requests a minute for each caller, counted over a sliding window.

The counts are in this process's memory, or in Redis where replicas are to share them.
"""

from ipaddress import IPv6Address
from pkgutil import resolve_name
from time import time
from typing import NamedTuple

from starlette.types import Scope

from gateway.windows import Allowance, CountsAway, SharedWindows, SlidingWindows
from shared.caller import Caller
from shared.errors import TooManyRequests
from shared.settings import Settings
from shared.telemetry import get_logger

log = get_logger(__name__)

IN_REDIS = "gateway.redis_windows:RedisWindows"
"""Loaded with its libraries where there is a Redis."""

MACHINE_ROLES = frozenset({"contractor", "frontend", "officer", "service", "ops"})
"""They act for many people, or import in bulk."""


class Rate(NamedTuple):
    """A limit of so many requests in so many seconds."""

    quota: int
    seconds: int


class RateLimits:
    """Rates of requests, of people and of machines that act for many of them; and of claims."""

    def __init__(self, settings: Settings) -> None:
        self._people = Rate(settings.rate_limit_per_minute, 60)
        self._machines = Rate(settings.rate_limit_machines_per_minute, 60)
        self._claims = Rate(settings.claims_per_hour, 3600)
        self._own = SlidingWindows()
        self._shared: SharedWindows | None = (
            resolve_name(IN_REDIS)(settings.redis_url) if settings.redis_url else None
        )

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

    async def _take(self, rate: Rate, key: str) -> Allowance:
        if self._shared is not None:
            try:
                return await self._shared.take(*rate, key)
            except CountsAway as away:
                log.warning("rate limits are counted by each replica", extra={"error": str(away)})
        return self._own.take(*rate, key, time())


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
