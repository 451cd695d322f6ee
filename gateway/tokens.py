"""`POST /v1/token`: OAuth 2.0 client credentials (RFC 6749 section 4.4), and token exchange."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote_plus
from uuid import uuid4

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse

from gateway import exchange
from gateway.clients import Client, ClientRegistry
from gateway.keys import KeyRing
from gateway.resources import Resources
from shared.clock import system_clock
from shared.errors import Unauthenticated, UnsupportedMediaType
from shared.http.bodies import check_not_encoded
from shared.http.problems import problems
from shared.settings import Settings

TOKEN_OPERATION: dict[str, Any] = {
    "responses": {
        **problems(UnsupportedMediaType),
        200: {"description": "`{access_token, token_type, expires_in, scope}`"},
        400: {"description": "`{error, error_description}`, as in RFC 6749 section 5.2"},
        401: {"description": "`invalid_client`: the client is unknown, or its secret is another"},
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "required": ["grant_type"],
                        "properties": {
                            "grant_type": {"enum": ["client_credentials", exchange.GRANT]},
                            "subject_token": {"type": "string", "description": "To exchange: an ID token"},
                            "subject_token_type": {"const": exchange.ID_TOKEN},
                            "client_id": {"type": "string", "description": "Or by HTTP Basic"},
                            "client_secret": {"type": "string", "format": "password"},
                            "scope": {"type": "string", "description": "Fewer scopes than the client has"},
                        },
                    }
                }
            },
        }
    },
}

NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class TokenRefused(Exception):
    """A request for a token that is refused; `error` is one of RFC 6749 section 5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A well-formed request for a token; without `scopes` the client wants all it has.

    `id_token` is a person's, to be exchanged for a token of theirs.
    """

    client_id: str
    secret: str
    scopes: frozenset[str]
    id_token: str = ""


def read_request(content_type: str, authorization: str | None, body: bytes) -> TokenRequest:
    """Read a request for a token; raises TokenRefused."""
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise TokenRefused("invalid_request", "The body must be application/x-www-form-urlencoded.")
    form = _form(body)
    grant_type = form.get("grant_type")
    if grant_type is None:
        raise TokenRefused("invalid_request", "grant_type is missing.")
    if grant_type not in ("client_credentials", exchange.GRANT):
        raise TokenRefused("unsupported_grant_type", "Offered are client_credentials and token-exchange.")
    id_token = _id_token(form) if grant_type == exchange.GRANT else ""
    client_id, secret = _credentials(form, authorization)
    return TokenRequest(client_id, secret, frozenset(form.get("scope", "").split()), id_token)


def _id_token(form: Mapping[str, str]) -> str:
    if form.get("subject_token_type") != exchange.ID_TOKEN or not form.get("subject_token"):
        raise TokenRefused("invalid_request", f"The subject_token is one of the type {exchange.ID_TOKEN}.")
    return form["subject_token"]


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("ascii"), errors="strict", max_num_fields=20)
    except ValueError:
        raise TokenRefused("invalid_request", "The body is not a readable form.") from None
    form = dict(pairs)
    if len(form) < len(pairs):
        raise TokenRefused("invalid_request", "A parameter is given twice.")
    return form


def _credentials(form: Mapping[str, str], authorization: str | None) -> tuple[str, str]:
    if authorization is None:
        if "client_id" not in form or "client_secret" not in form:
            raise TokenRefused("invalid_client", "client_id and client_secret are needed.", 401)
        return form["client_id"], form["client_secret"]
    if "client_secret" in form:
        raise TokenRefused("invalid_request", "Give the secret in the header or in the body, not in both.")
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise TokenRefused(
            "invalid_client", "Only HTTP Basic is understood in the Authorization header.", 401
        )
    try:
        name, colon, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise TokenRefused("invalid_client", "The Authorization header cannot be read.", 401) from None
    if not colon:
        raise TokenRefused("invalid_client", "The Authorization header cannot be read.", 401)
    return unquote_plus(name), unquote_plus(secret)


def granted_scopes(client: Client, asked: frozenset[str]) -> frozenset[str]:
    """The scopes a token gets: those asked for narrow what the client has; raises TokenRefused for more."""
    if asked - client.scopes:
        raise TokenRefused("invalid_scope", "The client does not have every scope it asks for.")
    return asked or client.scopes


def sign(client: Client, scopes: frozenset[str], keys: KeyRing, settings: Settings, now: datetime) -> str:
    """An access token (RFC 9068) for a client."""
    key = keys.signer(now)
    issued_at = int(now.timestamp())
    claims = {
        "iss": settings.issuer,
        "aud": settings.audience,
        "sub": client.id,
        "client_id": client.id,
        "iat": issued_at,
        "exp": issued_at + settings.token_seconds,
        "jti": uuid4().hex,
        "roles": sorted(client.roles),
        "scope": " ".join(sorted(scopes)),
        "departments": sorted(client.departments),
    }
    if client.firm is not None:
        claims["firm"] = client.firm
    return jwt.encode(claims, key.private, algorithm="ES256", headers={"kid": key.kid, "typ": "at+jwt"})


async def give_token(request: Request) -> JSONResponse:
    """Exchange a client's id and secret for an access token; raises EncodedBody."""
    check_not_encoded(request)
    resources: Resources = request.app.state.resources
    headers = request.headers
    try:
        asked = read_request(
            headers.get("content-type", ""), headers.get("authorization"), await request.body()
        )
        client = await _authenticated(asked, resources.clients)
        answer = await (_exchanged if asked.id_token else _granted)(client, asked, resources)
    except TokenRefused as refused:
        return _refusal(refused)
    return JSONResponse({**answer, "token_type": "Bearer"}, headers=NOT_STORED)


async def _authenticated(asked: TokenRequest, clients: ClientRegistry) -> Client:
    client = await clients.authenticate(asked.client_id, asked.secret)
    if client is None:
        raise TokenRefused("invalid_client", "The client is unknown, or its secret is another.", 401)
    return client


async def _granted(client: Client, asked: TokenRequest, resources: Resources) -> dict[str, object]:
    scopes = granted_scopes(client, asked.scopes)
    token = sign(client, scopes, resources.keys, resources.settings, system_clock())
    seconds = resources.settings.token_seconds
    return {"access_token": token, "expires_in": seconds, "scope": " ".join(sorted(scopes))}


async def _exchanged(client: Client, asked: TokenRequest, resources: Resources) -> dict[str, object]:
    """A token of the person whose ID token a trusted client brings."""
    if exchange.SCOPE not in client.scopes:
        raise TokenRefused("unauthorized_client", f"The client lacks the scope {exchange.SCOPE}.")
    try:
        person = await resources.verifier.identify(asked.id_token)
    except Unauthenticated as refused:
        raise TokenRefused("invalid_grant", refused.detail) from None
    token = exchange.sign_for(person, client.id, resources.keys, resources.settings, system_clock())
    return {
        "access_token": token,
        "issued_token_type": exchange.ACCESS_TOKEN,
        "expires_in": resources.settings.exchanged_token_seconds,
        "scope": " ".join(sorted(person.scopes)),
    }


def _refusal(refused: TokenRefused) -> JSONResponse:
    asks = {"WWW-Authenticate": 'Basic realm="token", charset="UTF-8"'} if refused.status == 401 else {}
    document = {"error": refused.error, "error_description": refused.description}
    return JSONResponse(document, refused.status, NOT_STORED | asks)
