"""An OpenID provider of its own process, made with Authlib: `python -m tests.support.provider PORT`.

It signs in whoever is named on its page, with a session as real ones have, and says of them what a test has
told it: what Microsoft Entra, Keycloak or GOV.UK One Login would. Keys are rotated and withdrawn on demand.
"""

import argparse
import asyncio
import json
import os
import secrets
import time
from typing import Any, cast

import uvicorn
from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    OAuth2Error,
)
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from deploy.serve import listen_on
from tests.support.provider_models import Client, Form, Given, Person

API = "api://housing"
"""The audience of access tokens; that of an ID token is the client."""

AUTH_METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt"]

FORM = '<form method="post"><label>Name <input name="person"></label><button>Sign in</button></form>'


class CodeGrant(AuthorizationCodeGrant):
    """The authorization code flow; a code is good once."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked = request.payload.data
        person, auth_time = request.user
        self.server.given[code] = Given(
            request.client.client_id,
            person,
            request.payload.scope,
            request.payload.redirect_uri,
            asked.get("nonce", ""),
            asked.get("code_challenge", ""),
            asked.get("code_challenge_method", ""),
            auth_time,
        )

    def query_authorization_code(self, code: str, client: Any) -> Given | None:
        found = self.server.given.get(code)
        return found if found and found.check_client(client) else None

    def delete_authorization_code(self, authorization_code: Given) -> None:
        self.server.forget(authorization_code)

    def authenticate_user(self, authorization_code: Given) -> Person:
        return authorization_code.person


class RotatingRefreshGrant(RefreshTokenGrant):
    """Refresh tokens of which each is good once."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Any:
        return self.server.given.get(refresh_token)

    def authenticate_user(self, refresh_token: Any) -> Any:
        return self.server.people.get(refresh_token.person.name)

    def revoke_old_credential(self, refresh_token: Any) -> None:
        self.server.forget(refresh_token)


class IdTokens(OpenIDCode):
    """The ID token that comes with an access token."""

    def __init__(self, server: "Provider") -> None:
        super().__init__(require_nonce=True)
        self.server = server

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return any(given.nonce == nonce for given in self.server.given.values())

    def resolve_client_private_key(self, client: Any) -> RSAKey:
        return self.server.signer

    def get_encode_header(self, client: Any) -> dict[str, str]:
        return {"alg": "RS256", "kid": str(self.server.signer.kid)}

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        return {"iss": self.server.issuer, "aud": [client.client_id]}

    def generate_user_info(self, user: Person, scope: str) -> UserInfo:
        return UserInfo({"sub": user.name, "name": user.name.title(), **user.id_claims})


class KeyAssertion(JWTBearerClientAssertion):
    """The client assertion of RFC 7523, by which GOV.UK One Login knows its clients."""

    def __init__(self, server: "Provider") -> None:
        super().__init__()
        self.token_endpoint = f"{server.issuer}/token"
        self.used: set[str] = set()

    def authenticate_client(self, client: Any) -> Any:
        return client

    def get_audiences(self) -> list[str]:
        return [self.token_endpoint]

    def validate_jti(self, claims: Any, jti: str) -> bool:
        is_new = jti not in self.used
        self.used.add(jti)
        return is_new

    def resolve_client_public_key(self, client: Any, headers: Any = None) -> Any:
        return RSAKey.import_key(client.jwk)


class Provider(AuthorizationServer):
    """The provider: people, clients, keys, and what was given out."""

    def __init__(self, issuer: str) -> None:
        super().__init__()
        self.issuer = issuer
        self.people: dict[str, Person] = {}
        self.clients: dict[str, Client] = {}
        self.given: dict[str, Given] = {}
        self.sessions: dict[str, tuple[Person, int]] = {}
        self.keys: list[RSAKey] = []
        self.rotate()
        self.register_token_generator("default", cast(Any, self.tokens))
        self.register_client_auth_method("private_key_jwt", KeyAssertion(self))
        self.register_grant(CodeGrant, [CodeChallenge(required=True), IdTokens(self)])
        self.register_grant(RotatingRefreshGrant)

    @property
    def signer(self) -> RSAKey:
        return self.keys[-1]

    def rotate(self, *, withdraws: bool = False) -> None:
        """Sign with a new key from now on; the older ones are shown until they are withdrawn."""
        key = RSAKey.generate_key(2048, {"use": "sig", "kid": secrets.token_hex(4)}, auto_kid=False)
        self.keys = [key] if withdraws else [*self.keys, key]

    def query_client(self, client_id: str) -> Any:
        return self.clients.get(client_id)

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        if refresh := token.get("refresh_token"):
            before = request.authorization_code or request.refresh_token
            self.given[refresh] = Given(request.client.client_id, before.person, before.scope)

    def forget(self, used: Given) -> None:
        self.given = {name: given for name, given in self.given.items() if given is not used}

    def create_oauth2_request(self, request: Form) -> Form:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        text = json.dumps(body) if isinstance(body, dict) else body
        return Response(text, status, dict(headers))

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        return None

    def tokens(
        self, grant_type: str, client: Any, user: Any = None, scope: str | None = None, **_: Any
    ) -> dict[str, str | int]:
        """An access token that says what a test wants it to, and the means to have another."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": API, "sub": user.name, "iat": now, "exp": now + user.seconds}
        said = {name: value for name, value in (claims | user.claims).items() if value is not None}
        header = {"alg": "RS256", "typ": "JWT", "kid": self.signer.kid}
        signed = jwt.encode(header, said, self.signer)
        given = {"token_type": "Bearer", "access_token": signed, "expires_in": user.seconds}
        asked = str(scope).split()
        refresh = {"refresh_token": secrets.token_urlsafe()} if "offline_access" in asked else {}
        return {**given, "scope": str(scope), **refresh}


def application(provider: Provider) -> Starlette:
    """The provider's pages; `/people`, `/clients` and `/keys` are for tests."""

    async def configuration(request: Request) -> Response:
        at = provider.issuer
        return JSONResponse(
            {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "jwks_uri": f"{at}/jwks",
                "end_session_endpoint": f"{at}/end-session",
                "token_endpoint_auth_methods_supported": AUTH_METHODS,
            }
        )

    async def jwks(request: Request) -> Response:
        return JSONResponse(KeySet([*provider.keys]).as_dict(private=False))

    async def authorize(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        asked = request.query_params
        signed_in = provider.sessions.get(request.cookies.get("provider", ""))
        if asked.get("prompt") == "login" or asked.get("max_age") == "0":
            signed_in = None
        if request.method == "POST" and form["person"] in provider.people:
            signed_in = provider.people[form["person"]], int(time.time())
        if signed_in is None:
            return HTMLResponse(FORM)
        wanted = Form(request, {})
        try:
            grant = provider.get_authorization_grant(wanted)
        except OAuth2Error as wrong:
            return HTMLResponse(f"<p>{wrong.error}</p>", 400)
        answer = cast(Response, provider.create_authorization_response(wanted, signed_in, grant))
        session = secrets.token_urlsafe()
        provider.sessions[session] = signed_in
        answer.set_cookie("provider", session, httponly=True)
        return answer

    async def token(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        return cast(Response, provider.create_token_response(cast(Any, Form(request, form))))

    async def end_session(request: Request) -> Response:
        provider.sessions.pop(request.cookies.get("provider", ""), None)
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 302)

    async def person(request: Request) -> Response:
        name = request.path_params["name"]
        provider.people[name] = Person(name, **await request.json())
        return Response(status_code=204)

    async def client(request: Request) -> Response:
        name = request.path_params["name"]
        provider.clients[name] = Client(name, **await request.json())
        return Response(status_code=204)

    async def keys(request: Request) -> Response:
        provider.rotate(**await request.json())
        return Response(status_code=204)

    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", configuration),
            Route("/jwks", jwks),
            Route("/authorize", authorize, methods=["GET", "POST"]),
            Route("/token", token, methods=["POST"]),
            Route("/end-session", end_session),
            Route("/people/{name}", person, methods=["PUT"]),
            Route("/clients/{name}", client, methods=["PUT"]),
            Route("/keys", keys, methods=["POST"]),
        ]
    )


async def serve(port: int) -> None:
    """Serve until the process is ended."""
    provider = Provider(f"http://127.0.0.1:{port}")
    listening = listen_on(port)
    config = uvicorn.Config(application(provider), log_level="warning")
    print(f"{provider.issuer} is up", flush=True)
    await uvicorn.Server(config).serve(sockets=[listening])


if __name__ == "__main__":
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # it is on this machine alone
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    asyncio.run(serve(parser.parse_args().port))
