"""Who is calling, and what each route asks of its caller.

The gateway is not believed by anybody: it forwards the token, and each service verifies it again.
"""

from collections.abc import Callable
from typing import cast

from fastapi import Request
from fastapi.openapi.models import HTTPBearer as BearerScheme
from fastapi.security.base import SecurityBase
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.caller import Caller
from shared.clients.tokens import TokenVerifier
from shared.errors import Forbidden, Refusal, Unauthenticated
from shared.http.problems import respond


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
    """The verifier that `create_app` has put among its resources before serving."""
    return cast(TokenVerifier, scope["app"].state.resources.verifier)


class Authentication:
    """Puts the caller, or None, at `scope["state"]["caller"]`; a bad token is always answered 401."""

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
        await self._app(scope, receive, send)


class Requires(SecurityBase):
    """What a route asks of its caller; `roles` and `scope` let a test that walks all routes see it.

    Being a SecurityBase, it also shows in the OpenAPI document that the route wants a bearer token.
    """

    scheme_name = "accessToken"
    model = BearerScheme(
        bearerFormat="JWT", description="From `POST /v1/token`, or the council's own sign-in."
    )

    def __init__(self, roles: frozenset[str], scope: str | None) -> None:
        self.roles = roles
        self.scope = scope

    async def __call__(self, request: Request) -> Caller:
        caller: Caller | None = request.scope["state"]["caller"]
        if caller is None:
            raise Unauthenticated("This needs an access token.")
        if self.roles and not self.roles & caller.roles:
            raise Forbidden("The access token has none of the roles that may do this.")
        if self.scope is not None and self.scope not in caller.scopes:
            raise Forbidden(f"The access token lacks the scope {self.scope}.")
        return caller


def requires(*roles: str, scope: str | None = None) -> Requires:
    """A dependency that gives the Caller, if they have one of the roles, and the scope when one is named.

    Without roles any good token will do. Raises Unauthenticated without a token, else Forbidden.
    """
    return Requires(frozenset(roles), scope)
