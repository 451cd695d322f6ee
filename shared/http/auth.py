"""Authentication of each request, and what a route asks of its caller.

The gateway is not believed by anybody: it forwards the token, and each service verifies it again.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, cast

from fastapi import Depends, Request
from fastapi.openapi.models import HTTPBearer as BearerScheme
from fastapi.security.base import SecurityBase
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.caller import ANYONE, Caller
from shared.clients.tokens import TokenVerifier
from shared.errors import Forbidden, Refusal, Unauthenticated
from shared.http.problems import respond
from shared.lifecycle import Lifecycle

CACHE_CONTROL = b"cache-control"


async def identify(scope: Scope, verifier: TokenVerifier) -> Caller | None:
    """The caller of a request, or None if it carries no Authorization; raises as `TokenVerifier.verify`."""
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    if not given:
        return None
    scheme, _, token = given[0].decode("latin-1").partition(" ")
    if len(given) > 1 or scheme.lower() != "bearer":
        raise Unauthenticated("One Authorization header with a bearer token is expected.")
    return await verifier.verify(token.strip())


def verifier_of_app(scope: Scope) -> TokenVerifier:
    """The verifier that `create_app` has put into the application's state before serving."""
    return cast(TokenVerifier, scope["app"].state.resources.verifier)


class Authentication:
    """Puts the caller, or None, at `scope["state"]["caller"]`; a bad token is always answered 401.

    What is answered to a caller is for them alone: no cache keeps it, of a browser or on the way, unless the
    route says otherwise.
    """

    def __init__(self, app: ASGIApp, verifier: Callable[[Scope], TokenVerifier] = verifier_of_app) -> None:
        self._app = app
        self._verifier = verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            caller = await identify(scope, self._verifier(scope))
        except Refusal as refusal:
            await respond(refusal)(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send if caller is None else never_stored(send))


def never_stored(send: Send) -> Send:
    """Forbid every cache to keep an answer that does not say otherwise itself."""

    async def send_uncached(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = message.get("headers", ())
            if not any(name == CACHE_CONTROL for name, _ in headers):
                message = {**message, "headers": [*headers, (CACHE_CONTROL, b"no-store")]}
        await send(message)

    return send_uncached


class Requires(SecurityBase):
    """A marker in a route's signature: the roles and scopes of which the caller needs one.

    CaseRoute reads it when the route is built and gives the endpoint a unit of work in its place. `action` is
    the act on a case that the route does, as its lifecycle names it. Being a SecurityBase, it shows in the
    OpenAPI document that the route wants a token.
    """

    scheme_name = "accessToken"
    model = BearerScheme(
        bearerFormat="JWT", description="From `POST /v1/token`, or the council's own sign-in."
    )

    def __init__(self, roles: frozenset[str], scope: str | None, action: StrEnum | None = None) -> None:
        self.roles, self.scope, self.action = roles, scope, action

    def admit(self, caller: Caller | None) -> Caller:
        """The caller, if they may use the route at all; raises Unauthenticated, Forbidden."""
        if caller is None:
            raise Unauthenticated("This needs an access token.")
        if self.roles and not self.roles & caller.roles:
            raise Forbidden("The access token has none of the roles that may do this.")
        if self.scope is not None and self.scope not in caller.scopes:
            raise Forbidden(f"The access token lacks the scope {self.scope}.")
        return caller

    async def __call__(self, request: Request) -> Caller:
        """The caller, for a plain route of FastAPI's own, such as the gateway's pages.

        A token that was refused before is refused here, with the reason.
        """
        state = request.scope["state"]
        if (refused := state.get("refused")) is not None:
            raise refused
        return self.admit(state["caller"])


def requires(roles: frozenset[str] = ANYONE, *, scope: str | None = None) -> Any:
    """Ask a role of the caller, and a scope if one is named; without roles any good token will do."""
    return Depends(Requires(roles, scope))


def may(lifecycle: Lifecycle[Any], action: StrEnum, *, scope: str | None = None) -> Any:
    """Ask of the caller what the lifecycle asks of whoever does this act."""
    return Depends(Requires(lifecycle.who(action), scope, action))
