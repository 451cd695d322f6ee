"""Tokens of a real OpenID provider, as its people bring them: verified, and read by a claims map."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from shared.caller import Caller
from shared.clients.jwks import REFETCH_SECONDS, provider_keys
from shared.clients.service_client import ServiceClient
from shared.clients.tokens import TokenVerifier
from shared.errors import Unauthenticated, Unavailable
from shared.settings import Settings
from tests.support.sign_in import CLIENT, OpenIDProvider

API = "api://housing"
MAP = """
claim = "roles"
[[grant]]
value = "officer.repairs"
roles = ["officer"]
departments = ["repairs"]
[[grant]]
claim = "groups"
value = "00000000-0000-0000-0000-000000000001"
departments = ["asb"]
"""


@pytest.fixture
def settings(provider: OpenIDProvider, tmp_path: Path) -> Settings:
    (tmp_path / "map.toml").write_text(MAP)
    return Settings(oidc_issuer=provider.issuer, oidc_audience=API, oidc_claims_file=tmp_path / "map.toml")


@pytest.fixture
async def verifier(settings: Settings) -> AsyncIterator[TokenVerifier]:
    """The verifier of a service that finds the provider's keys by its description."""
    client = ServiceClient("repairs", settings, {})
    yield client.verifier()
    await client.close()


async def test_an_officer_of_another_sign_in_is_one_here(
    provider: OpenIDProvider, verifier: TokenVerifier
) -> None:
    """By a token that the provider gave for the authorization code flow with PKCE."""
    await provider.know("ola", roles=["officer.repairs", "payroll"], scp="access_as_user")
    caller = await verifier.verify(await provider.access_token("ola"))
    assert caller == Caller(
        subject="ola",
        roles=frozenset({"officer"}),
        scopes=frozenset(),
        departments=frozenset({"repairs"}),
        firm=None,
        issuer=provider.issuer,
    )


async def test_whoever_is_in_too_many_groups_is_told_so(
    provider: OpenIDProvider, verifier: TokenVerifier
) -> None:
    """Group overage: the token points at where the groups are, and has none."""
    elsewhere = {"src1": {"endpoint": "https://graph.example/me/getMemberObjects"}}
    await provider.know("max", _claim_names={"groups": "src1"}, _claim_sources=elsewhere)
    with pytest.raises(Unauthenticated, match="too many"):
        await verifier.verify(await provider.access_token("max"))


async def test_keys_are_rotated_and_withdrawn(
    provider: OpenIDProvider, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token of a new key is good at once; one of a key that was taken away ends."""
    now = 1000.0
    async with httpx.AsyncClient(trust_env=False) as http:
        keys = provider_keys(settings, lambda: http)
        monkeypatch.setattr(keys[settings.oidc_issuer], "_now", lambda: now)
        verifier = TokenVerifier({"urn:own": keys[settings.oidc_issuer], **keys}, API)
        await provider.know("ola")
        before = await provider.access_token("ola")
        await verifier.verify(before)
        await provider.rotate()
        now += REFETCH_SECONDS
        await verifier.verify(await provider.access_token("ola"))
        await verifier.verify(before)
        await provider.rotate(withdraws=True)
        now += REFETCH_SECONDS
        await verifier.verify(await provider.access_token("ola"))
        with pytest.raises(Unauthenticated):
            await verifier.verify(before)


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        pytest.param({"aud": CLIENT}, "not valid", id="of another audience"),
        pytest.param({"aud": None}, "not valid", id="of no audience"),
        pytest.param({"iss": "https://id.elsewhere.example"}, "nobody known", id="of another issuer"),
        pytest.param({"exp": int(time.time()) - 60}, "expired", id="expired"),
        pytest.param({"typ": "ID"}, "no access token", id="an ID token of Keycloak"),
        pytest.param({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}, "no access token", id="an ID token"),
    ],
)
async def test_another_token_of_the_provider_is_refused(
    provider: OpenIDProvider, verifier: TokenVerifier, claims: dict[str, Any], words: str
) -> None:
    """Signed by its own key, and not for us."""
    await provider.know("ola", roles=["officer.repairs"], **claims)
    token = await provider.access_token("ola")
    with pytest.raises(Unauthenticated, match=words):
        await verifier.verify(token)


@pytest.mark.parametrize("algorithm", ["RS256", "HS256", "none", "PS256"])
async def test_a_token_that_the_provider_did_not_sign_is_refused(
    provider: OpenIDProvider, verifier: TokenVerifier, algorithm: str
) -> None:
    """By another key under its key's id, by no key, or by an algorithm that is not taken."""
    await provider.know("ola")
    good = await provider.access_token("ola")
    header, claims = jwt.get_unverified_header(good), jwt.decode(good, options={"verify_signature": False})
    key: Any = rsa.generate_private_key(65537, 2048)
    if algorithm in {"HS256", "none"}:
        key = "the public key, which is no secret" if algorithm == "HS256" else ""
    forged = jwt.encode(claims, key, algorithm, headers={"kid": header["kid"], "typ": "JWT"})
    await verifier.verify(good)
    with pytest.raises(Unauthenticated):
        await verifier.verify(forged)


async def test_a_provider_that_says_it_is_another_is_not_believed(
    provider: OpenIDProvider, settings: Settings
) -> None:
    """OpenID Connect Discovery, section 4.3: the issuer is compared, or another could hand in its keys."""
    issuer = f"{provider.issuer}/"
    client = ServiceClient("repairs", settings.model_copy(update={"oidc_issuer": issuer}), {})
    await provider.know("ola", iss=issuer)
    with pytest.raises(Unavailable):
        await client.verifier().verify(await provider.access_token("ola"))
    await client.close()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"oidc_audience": API}, "OIDC_ISSUER is missing"),
        ({"oidc_claims_file": "map.toml"}, "OIDC_ISSUER is missing"),
        ({"oidc_issuer": "urn:housing-service-standards"}, "issuer of our own tokens"),
        ({"oidc_issuer": "http://id.council.example"}, "no https address"),
        ({"oidc_issuer": "http://localhost.example"}, "no https address"),
    ],
)
def test_settings_of_a_sign_in_that_cannot_work_are_found_at_the_start(
    settings: dict[str, Any], words: str
) -> None:
    """And not by the first person who is not let in."""
    with pytest.raises(ValueError, match=words):
        Settings(**settings)
