"""Token exchange (RFC 8693): an ID token of the council's own sign-in, for an access token of ours.

Some providers, such as GOV.UK One Login, give access tokens that are good at themselves alone. A front end
that is trusted to have checked the sign-in, by its scope, brings the ID token instead.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

import jwt

from gateway.keys import KeyRing
from shared.caller import Caller
from shared.settings import Settings

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
SCOPE = "exchange"
"""The scope of a client that may exchange tokens; the tokens that it gets have those of the person."""


def sign_for(person: Caller, client_id: str, keys: KeyRing, settings: Settings, now: datetime) -> str:
    """An access token for a person whom the council's sign-in knows, with the name of that sign-in."""
    key = keys.signer(now)
    issued_at = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": settings.issuer,
        "aud": settings.audience,
        "sub": person.subject,
        "idp": person.issuer,
        "client_id": client_id,
        "iat": issued_at,
        "exp": issued_at + settings.exchanged_token_seconds,
        "jti": uuid4().hex,
        "roles": sorted(person.roles),
        "scope": " ".join(sorted(person.scopes)),
        "departments": sorted(person.departments),
    }
    if person.firm is not None:
        claims["firm"] = person.firm
    return jwt.encode(claims, key.private, algorithm="ES256", headers={"kid": key.kid, "typ": "at+jwt"})
