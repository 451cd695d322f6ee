"""Token exchange: a trusted front end brings an ID token of the sign-in, and gets a token of ours."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.clients import demo_clients, new_client
from tests.gateway.serving import calling, new_gateway, token
from tests.support.sign_in import CLIENT, OpenIDProvider

TRUSTED, SECRET = new_client("trusted", ["frontend"], ["exchange"])
GRANT = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
}


@pytest.fixture
async def gateway(provider: OpenIDProvider, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway that takes the provider's ID tokens for one front end."""
    settings = {"oidc_issuer": provider.issuer, "oidc_audience": CLIENT}
    async with calling(new_gateway(tmp_path, {}, [*demo_clients(), TRUSTED], **settings)) as client:
        yield client


async def exchanged(
    gateway: httpx.AsyncClient, id_token: str, auth: tuple[str, str] = ("trusted", SECRET)
) -> httpx.Response:
    return await gateway.post("/v1/token", data={**GRANT, "subject_token": id_token}, auth=auth)


async def test_a_person_has_a_token_of_ours_that_names_their_sign_in(
    gateway: httpx.AsyncClient, provider: OpenIDProvider
) -> None:
    """With what their claims grant, and never what the front end may."""
    await provider.know("sam", id_claims={"roles": ["resident", "service"]})
    answer = await exchanged(gateway, await provider.id_token("sam"))
    assert answer.status_code == 200, answer.text
    granted = answer.json()
    assert (granted["expires_in"], granted["issued_token_type"].rpartition(":")[2]) == (3600, "access_token")
    me = await gateway.get("/v1/me", headers={"Authorization": f"Bearer {granted['access_token']}"})
    told = me.json()
    assert (told["subject"], told["issuer"]) == ("sam", provider.issuer)
    assert (told["roles"], told["scopes"]) == (["resident"], [])


async def test_an_id_token_is_no_access_token(gateway: httpx.AsyncClient, provider: OpenIDProvider) -> None:
    """Though its audience is the one that is set."""
    await provider.know("sam", id_claims={"roles": ["resident"]})
    bearer = {"Authorization": f"Bearer {await provider.id_token('sam')}"}
    assert (await gateway.get("/v1/me", headers=bearer)).status_code == 401


@pytest.mark.parametrize(
    ("auth", "error"),
    [(("demo-frontend", "demo"), "unauthorized_client"), (("trusted", "wrong"), "invalid_client")],
)
async def test_only_a_trusted_client_exchanges(
    gateway: httpx.AsyncClient, provider: OpenIDProvider, auth: tuple[str, str], error: str
) -> None:
    """Whoever finds an ID token in a log could call with it otherwise."""
    await provider.know("sam")
    answer = await exchanged(gateway, await provider.id_token("sam"), auth)
    assert answer.json()["error"] == error


@pytest.mark.parametrize(
    "id_claims",
    [{"aud": "another application"}, {"exp": 1}, {"iss": "https://id.elsewhere.example"}, {"sub": ""}],
)
async def test_a_token_for_somebody_else_is_not_exchanged(
    gateway: httpx.AsyncClient, provider: OpenIDProvider, id_claims: dict[str, Any]
) -> None:
    """In OAuth's words, with the reason."""
    await provider.know("sam", id_claims=id_claims)
    answer = await exchanged(gateway, await provider.id_token("sam"))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_our_own_tokens_are_not_exchanged(gateway: httpx.AsyncClient) -> None:
    """A short token would become a long one."""
    own = await token(gateway, "demo-officer")
    assert (await exchanged(gateway, own)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("changes", [{"subject_token": ""}, {"subject_token_type": "urn:x"}])
async def test_what_is_no_exchange_is_refused(gateway: httpx.AsyncClient, changes: dict[str, str]) -> None:
    """Before any token is looked at."""
    form = {**GRANT, "subject_token": "x", **changes}
    answer = await gateway.post("/v1/token", data=form, auth=("trusted", SECRET))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
