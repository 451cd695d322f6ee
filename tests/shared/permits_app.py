"""The permits service in this process, and callers with tokens of an issuer of our own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from jwt.algorithms import ECAlgorithm

from shared.app import create_app
from shared.app_state import AppState, open_app_state
from shared.clients.jwks import KeySource
from shared.clients.tokens import TokenVerifier
from shared.messaging.broker import Broker
from shared.messaging.local import LocalBroker
from shared.settings import Settings
from tests.shared.example.directory import ALONE
from tests.shared.example.main import SERVICE

ISSUER, OTHER_ISSUER, AUDIENCE = "urn:test-issuer", "urn:another-issuer", "housing"
KEY = ec.generate_private_key(ec.SECP256R1())

REQUEST: Mapping[str, Any] = {
    "description": "For the red van.",
    "channel": "online",
    "contact": {"name": "Sam Jones", "email": "sam@example.org"},
}


def jwk() -> dict[str, Any]:
    """The key by which our tokens are verified."""
    return {**ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "one", "use": "sig", "alg": "ES256"}


async def _jwks() -> Mapping[str, Any]:
    return {"keys": [jwk()]}


def headers(
    subject: str = "officer-7", role: str = "officer", scope: str = "", issuer: str = ISSUER
) -> dict[str, str]:
    """The headers of a caller with a token of ours, or of the council's own sign-in."""
    now = int(time())
    claims = {"iss": issuer, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 3600}
    claims |= {"roles": [role], "scope": scope, "departments": ["permits"]}
    token = jwt.encode(claims, KEY, "ES256", headers={"kid": "one", "typ": "at+jwt"})
    return {"Authorization": f"Bearer {token}"}


def permits_state(url: str, broker: Broker, **settings: Any) -> AppState:
    """The application state of the service, with a database at `url`."""
    own = Settings(directory=ALONE, database_urls={"permits": url}, workers=False, **settings)
    resources = open_app_state("permits", own, broker=broker)
    keys = KeySource(_jwks)
    resources.verifier = TokenVerifier({ISSUER: keys, OTHER_ISSUER: keys}, AUDIENCE)
    return resources


@asynccontextmanager
async def permits_app(url: str, broker: Broker | None = None, **settings: Any) -> AsyncIterator[FastAPI]:
    """The running application; without `broker`, events stay owed."""
    with TemporaryDirectory() as folder:
        app = create_app(SERVICE, permits_state(url, broker or LocalBroker(Path(folder)), **settings))
        async with app.router.lifespan_context(app):
            yield app


def calling(app: FastAPI) -> httpx.AsyncClient:
    """A client of the application in this process, as an officer unless a request says otherwise."""
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://permits", headers=headers())


async def requested(
    client: httpx.AsyncClient, by: Mapping[str, str] | None = None, **changes: Any
) -> httpx.Response:
    """The answer to a request that is accepted."""
    answer = await client.post("/v1/permits", json={**REQUEST, **changes}, headers=by)
    assert answer.status_code == 201, answer.text
    return answer
