"""An issuer of tokens whose keys, availability and clock a test decides on."""

from collections.abc import Mapping
from time import time
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

ISSUER = "urn:test-issuer"
AUDIENCE = "housing"
KEY = ec.generate_private_key(ec.SECP256R1())
ANOTHER_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(key: ec.EllipticCurvePrivateKey, kid: str) -> dict[str, Any]:
    return {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": "ES256"}


RSA_JWK = {**RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True), "kid": "rsa", "alg": "RS256"}


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time())
    standard = {"iss": ISSUER, "aud": AUDIENCE, "sub": "officer-7", "iat": now, "exp": now + 3600}
    return {name: value for name, value in (standard | changes).items() if value is not None}


def token(
    key: Any = KEY,
    kid: str | None = "one",
    algorithm: str = "ES256",
    typ: str | None = "at+jwt",
    **changes: Any,
) -> str:
    """An access token; `typ` None leaves the type out of its header."""
    headers = {"typ": typ, "kid": kid} if kid else {"typ": typ}
    return jwt.encode(claims(**changes), key, algorithm, headers=headers)


class Issuer:
    """An issuer whose keys can be changed, that can be away, and that counts how often it is asked."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.keys = list(keys)
        self.is_away = False
        self.asked = 0

    async def __call__(self) -> Mapping[str, Any]:
        self.asked += 1
        if self.is_away:
            raise httpx.ConnectError("away")
        return {"keys": self.keys}


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now
