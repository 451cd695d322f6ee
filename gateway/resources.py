"""State of the gateway while it serves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.types import ASGIApp

from gateway.clients import ClientRegistry
from gateway.hosts import AllowedHosts
from gateway.keys import KeyRing
from gateway.limits import RateLimits
from gateway.openapi import MergedDocument
from gateway.routes import RoutingTable
from shared.clients.tokens import TokenVerifier
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Resources:
    """Made when the gateway starts; `upstreams` has all that is served, as ASGI apps here or far away."""

    settings: Settings
    hosts: AllowedHosts
    routes: RoutingTable
    upstreams: Mapping[str, ASGIApp]
    keys: KeyRing
    clients: ClientRegistry
    verifier: TokenVerifier
    limits: RateLimits
    documents: MergedDocument
    cursor_key: bytes

    @property
    def services(self) -> Mapping[str, ASGIApp]:
        """The upstreams that are services, with cases, events and interfaces."""
        return {name: app for name, app in self.upstreams.items() if name not in self._front_end_names}

    @property
    def front_ends(self) -> Mapping[str, ASGIApp]:
        """The upstreams that are front ends."""
        return {name: app for name, app in self.upstreams.items() if name in self._front_end_names}

    @property
    def _front_end_names(self) -> frozenset[str]:
        return frozenset(row.name for row in self.settings.directory.front_ends)


def _resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


Running = Annotated[Resources, Depends(_resources)]
"""The state, as the gateway's own routes take it."""
