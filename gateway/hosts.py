"""The hosts under which the gateway may be called: a forged Host makes false links and cache entries."""

import re
from urllib.parse import urlsplit

from starlette.types import Scope

from shared.errors import Refusal
from shared.settings import Settings

AUTHORITY = re.compile(r"(?P<host>[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.IGNORECASE)

CALLED_BY_ANY_HOST = ("/health/live", "/health/ready")
"""A load balancer asks these by whatever address it knows."""


class UnknownHost(Refusal):
    """A request without one Host header that names a host of ours."""

    status = 400
    slug = "unknown-host"
    title = "This host is not served here"


class AllowedHosts:
    """The hosts of `ALLOWED_HOSTS`, and the one at which our own services call."""

    def __init__(self, settings: Settings) -> None:
        own = AUTHORITY.fullmatch(urlsplit(settings.gateway_url).netloc)
        ours = {own["host"]} if own else set()
        self._hosts = frozenset(host.lower() for host in ours.union(settings.allowed_hosts))

    def check(self, scope: Scope) -> None:
        """Raise UnknownHost unless a request has one Host, and one of these (RFC 9112 section 3.2)."""
        if scope["path"] in CALLED_BY_ANY_HOST:
            return
        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) != 1:
            raise UnknownHost("A request has one Host header.")
        authority = AUTHORITY.fullmatch(given[0].decode("latin-1"))
        if authority is None or authority["host"].lower() not in self._hosts:
            raise UnknownHost("The Host header names no host that is served here.")
