"""The gateway as an ASGI application: admits requests, and hands each to the service of its path."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.bodies import EmptyBody, announced_length, call_with_limited_body, thrown_away
from gateway.clients import Client, ClientRegistry
from gateway.cors import CrossOrigin, answer_to_preflight, is_preflight
from gateway.headers import FORWARDED, TO_FRONT_ENDS, Headers, request_headers
from gateway.hosts import AllowedHosts
from gateway.keys import KeyRing
from gateway.limits import RateLimits
from gateway.openapi import MergedDocument
from gateway.pages import create_pages
from gateway.resources import Resources
from gateway.routes import Route, RoutingTable, body_limit
from shared.app_state import cursor_key
from shared.caller import Caller
from shared.clients.claims import BadClaimsMap, sign_in_of
from shared.clients.jwks import KeySource, provider_keys
from shared.clients.tls import tls
from shared.clients.tokens import TokenVerifier
from shared.clock import system_clock
from shared.errors import Refusal
from shared.http.auth import identify, never_stored
from shared.http.bodies import REFUSED_BODY
from shared.http.middleware import RequestContext
from shared.http.problems import respond
from shared.settings import Settings
from shared.startup import configured_settings
from shared.telemetry import get_logger

log = get_logger(__name__)

# without the keys no service could believe anybody
NOT_LIMITED = frozenset({"/health/live", "/health/ready", "/.well-known/jwks.json"})


OpenUpstreams = Callable[[Settings], AbstractAsyncContextManager[Mapping[str, ASGIApp]]]
"""Opens the way to each service, by its name."""


def in_this_process(upstreams: Mapping[str, ASGIApp]) -> OpenUpstreams:
    """The way to services that are applications in this same process; each may come to the mapping later."""

    @asynccontextmanager
    async def at_hand(_: Settings) -> AsyncIterator[Mapping[str, ASGIApp]]:
        yield upstreams

    return at_hand


class Gateway:
    """Counts the caller's requests, limits the body, and hands on to a service or to its own pages.

    Without `settings` it reads the environment when it starts. `clients` may ask for tokens besides those in
    the clients file.
    """

    def __init__(
        self, settings: Settings | None, open_upstreams: OpenUpstreams, clients: Iterable[Client] = ()
    ) -> None:
        self._settings = settings
        self._open_upstreams = open_upstreams
        self._clients = list(clients)
        self._pages = create_pages(self.running)
        self._entrance = CrossOrigin(RequestContext(self._admit, "gateway"), self._origins)
        self._resources: Resources

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        entrance = self._entrance if scope["type"] == "http" else self._pages
        await entrance(scope, receive, send)

    @asynccontextmanager
    async def running(self, _: Any = None) -> AsyncIterator[None]:
        """Everything that the gateway needs, as long as it serves; a server's lifespan comes here too."""
        settings = self._settings or configured_settings()
        async with AsyncExitStack() as stack:
            try:
                self._resources = await self._open(settings, stack)
            except BadClaimsMap as wrong:  # of an exception the log shows no words
                log.error("cannot start: %s", wrong)
                raise
            self._pages.state.resources = self._resources
            yield

    async def _open(self, settings: Settings, stack: AsyncExitStack) -> Resources:
        keys = KeyRing(settings.signing_keys_folder())
        keys.ensure(system_clock())
        client = await stack.enter_async_context(httpx.AsyncClient(verify=tls()))
        issuers = {settings.issuer: KeySource(keys.jwks), **provider_keys(settings, lambda: client)}
        routes = RoutingTable(settings.directory)
        return Resources(
            settings=settings,
            hosts=AllowedHosts(settings),
            routes=routes,
            upstreams=await stack.enter_async_context(self._open_upstreams(settings)),
            keys=keys,
            clients=ClientRegistry(settings.clients_path(), self._clients, settings.directory),
            verifier=TokenVerifier(
                issuers,
                settings.audience,
                sign_in=sign_in_of(settings),
                notify_token=settings.notify_callback_token,
            ),
            limits=RateLimits(settings),
            documents=MergedDocument(routes),
            cursor_key=cursor_key(settings),
        )

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; an unexpected error is answered by RequestContext, around this."""
        answer = Answer(send)
        try:
            self._resources.hosts.check(scope)
            if is_preflight(scope):
                await answer_to_preflight(scope, self._origins())(scope, receive, answer)
            elif scope["path"] in NOT_LIMITED:
                await self._pages(scope, receive, answer)
            else:
                await self._admit_limited(scope, receive, answer)
        except Refusal as refusal:
            if answer.begun:
                raise
            await respond(refusal)(scope, receive, answer)
        except Exception:
            if not answer.complete:  # Starlette raises again what it has answered already
                raise

    async def _admit_limited(self, scope: Scope, receive: Receive, answer: "Answer") -> None:
        caller, refused = await self._caller(scope)
        allowance = await self._resources.limits.take(caller, scope)
        answer.headers = allowance.headers()
        allowance.check()
        length = announced_length(scope)
        route = self._resources.routes.route_of(scope["path"])
        limit = body_limit(route, scope["path"], self._resources.settings.body_limit)
        app, passed = self._way_on(route, scope, caller, refused)
        send = answer if caller is None else never_stored(answer)
        if length is not None and length > limit and _is_sent_by_a_person(route, scope):
            await thrown_away(receive)
            await app(refused_body(passed), EmptyBody(receive).receive, send)
            return
        await call_with_limited_body(app, limit, length, passed, receive, send)

    def _way_on(
        self, route: Route | None, scope: Scope, caller: Caller | None, refused: Refusal | None
    ) -> tuple[ASGIApp, Scope]:
        """The application that answers, and the scope that it gets."""
        if route is None:
            scope["state"] = {"caller": caller, "refused": refused}
            return self._pages, scope
        forwarded = TO_FRONT_ENDS if route.is_front_end else FORWARDED
        passed = {**scope, "headers": request_headers(scope["headers"], forwarded), "state": {}}
        scope["route"] = route
        return self._resources.upstreams[route.service], passed

    def _origins(self) -> Collection[str]:
        return self._resources.settings.cors_origins

    async def _caller(self, scope: Scope) -> tuple[Caller | None, Refusal | None]:
        """Read the caller from a token, for limits and our own pages; a service judges a token for itself."""
        try:
            return await identify(scope, self._resources.verifier), None
        except Refusal as refused:
            return None, refused


def _is_sent_by_a_person(route: Route | None, scope: Scope) -> bool:
    """Tell what a browser shows the answer of: a script of a front end reads a problem, as all clients do."""
    by_script = any(name == b"hx-request" for name, _ in scope["headers"])
    return route is not None and route.is_front_end and not by_script


def refused_body(scope: Scope) -> Scope:
    """The request without its body, which was too large: a front end says so in a page of its own."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
    return {**scope, "headers": [*headers, (b"content-length", b"0"), (REFUSED_BODY.encode(), b"1")]}


class Answer:
    """Passes an answer on with some headers more, and knows how far it has got."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.headers: Headers = []
        self.begun = False
        self.complete = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            message = {**message, "headers": [*message.get("headers", ()), *self.headers]}
        elif message["type"] == "http.response.body" and not message.get("more_body"):
            self.complete = True
        await self._send(message)
