"""People who sign in at an OpenID provider, and front ends that have them do so."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from tests.support.child import child
from tests.support.programs import free_port

CLIENT, SECRET = "a-front-end", "the secret of a front end"
BACK_AT = "https://front-end.example/signed-in"


@dataclass(frozen=True, slots=True)
class OpenIDProvider:
    """A running provider, to which tests tell whom it knows."""

    issuer: str
    http: httpx.AsyncClient

    async def know(
        self, name: str, *, id_claims: dict[str, Any] | None = None, seconds: int = 300, **claims: Any
    ) -> None:
        """Somebody whose access tokens have these claims; None takes one away that every token has."""
        person = {"claims": claims, "id_claims": id_claims or {}, "seconds": seconds}
        (await self.http.put(f"/people/{name}", json=person)).raise_for_status()

    async def register(self, client_id: str, *redirect_uris: str, **known_by: Any) -> None:
        """An application, known by its `secret` or by its `jwk`."""
        client = {"redirect_uris": redirect_uris, **known_by}
        (await self.http.put(f"/clients/{client_id}", json=client)).raise_for_status()

    async def rotate(self, *, withdraws: bool = False) -> None:
        """Sign with a new key; a withdrawal takes the older ones away."""
        (await self.http.post("/keys", json={"withdraws": withdraws})).raise_for_status()

    async def choose(self, address: str, name: str) -> str:
        """The address to which somebody is sent back who signs in on the page at this one."""
        answer = await self.http.post(address, data={"person": name})
        assert answer.is_redirect, answer.text
        return answer.headers["location"]

    async def access_token(self, name: str, scope: str = "openid") -> str:
        """An access token of somebody."""
        return (await self._signed_in(name, scope))["access_token"]

    async def id_token(self, name: str) -> str:
        """An ID token of somebody."""
        return (await self._signed_in(name, "openid"))["id_token"]

    async def _signed_in(self, name: str, scope: str) -> dict[str, str]:
        """All that a front end gets by the authorization code flow with PKCE (RFC 7636)."""
        verifier = token_urlsafe(48)
        asked = {
            **{"response_type": "code", "client_id": CLIENT, "redirect_uri": BACK_AT, "scope": scope},
            **{"nonce": token_urlsafe(), "state": token_urlsafe()},
            **{"code_challenge": challenge_of(verifier), "code_challenge_method": "S256"},
        }
        back = dict(parse_qsl(urlsplit(await self.choose(f"/authorize?{urlencode(asked)}", name)).query))
        assert back["state"] == asked["state"]
        form = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": BACK_AT}
        granted = await self.http.post(
            "/token", data={**form, "code_verifier": verifier}, auth=(CLIENT, SECRET)
        )
        tokens: dict[str, str] = granted.raise_for_status().json()
        return tokens


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a code verifier (RFC 7636 section 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@asynccontextmanager
async def openid_provider(folder: Path) -> AsyncIterator[OpenIDProvider]:
    """A provider in a process of its own, with one front end registered at it."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    async with (
        child(folder, "tests.support.provider", str(port)) as process,
        httpx.AsyncClient(base_url=issuer, trust_env=False) as http,
    ):
        await process.until_said("is up")
        running = OpenIDProvider(issuer, http)
        await running.register(CLIENT, BACK_AT, secret=SECRET)
        yield running
