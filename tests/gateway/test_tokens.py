"""`POST /v1/token`, as OAuth 2.0 client libraries expect it."""

from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from gateway.clients import demo_clients, new_client
from shared.caller import Caller
from shared.clients.jwks import KeySource, jwks_at
from shared.clients.tokens import TokenVerifier
from shared.settings import Settings
from tests.gateway.serving import calling, new_gateway, token

ODD, ODD_SECRET = new_client("odd", ["service"], ["contacts", "import"])


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway that knows the demo clients and one with two scopes."""
    async with calling(new_gateway(tmp_path, {}, [*demo_clients(), ODD])) as client:
        yield client


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{name}:{secret}".encode()).decode()}


GRANT = {"grant_type": "client_credentials"}
IN_BODY = {"client_id": "odd", "client_secret": ODD_SECRET}


async def test_a_token_says_what_its_client_may_and_every_service_can_verify_it(
    client: httpx.AsyncClient,
) -> None:
    """Signed with a key from the JWKS, for our audience, with the client's roles and firm."""
    given = await token(client, "demo-contractor")
    settings = Settings()
    keys = KeySource(jwks_at("/.well-known/jwks.json", client))
    verifier = TokenVerifier({settings.issuer: keys}, settings.audience)
    assert await verifier.verify(given) == Caller(
        "demo-contractor", frozenset({"contractor"}), frozenset(), frozenset(), "demo-contractor"
    )
    assert jwt.get_unverified_header(given)["typ"] == "at+jwt"


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        pytest.param(GRANT | IN_BODY, {}, id="in the body"),
        pytest.param(GRANT, basic("odd", ODD_SECRET), id="by HTTP Basic"),
        pytest.param(GRANT, basic("%6fdd", ODD_SECRET), id="by HTTP Basic, form-encoded"),
        pytest.param(GRANT | {"client_id": "odd"}, basic("odd", ODD_SECRET), id="with the id in both"),
    ],
)
async def test_a_client_may_give_its_secret_either_way(
    client: httpx.AsyncClient, form: dict[str, str], headers: dict[str, str]
) -> None:
    """RFC 6749 section 2.3.1; the answer is never stored by a cache."""
    answer = await client.post("/v1/token", data=form, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    document = answer.json()
    assert (document["token_type"], document["expires_in"]) == ("Bearer", 900)
    assert document["scope"] == "contacts import"


async def test_a_scope_that_is_asked_for_narrows_the_token(client: httpx.AsyncClient) -> None:
    """Whoever needs less may carry less."""
    given = await token(client, "odd", ODD_SECRET, scope="import")
    assert jwt.decode(given, options={"verify_signature": False})["scope"] == "import"


@pytest.mark.parametrize(
    ("form", "headers", "status", "error"),
    [
        (GRANT | IN_BODY | {"scope": "import asb"}, {}, 400, "invalid_scope"),
        (GRANT | IN_BODY | {"client_secret": "wrong"}, {}, 401, "invalid_client"),
        (GRANT | IN_BODY | {"client_id": "nobody"}, {}, 401, "invalid_client"),
        (GRANT, basic("odd", "wrong"), 401, "invalid_client"),
        (GRANT, {"Authorization": "Basic nonsense"}, 401, "invalid_client"),
        (GRANT, {"Authorization": "Bearer x"}, 401, "invalid_client"),
        (GRANT, {}, 401, "invalid_client"),
        (GRANT | IN_BODY, basic("odd", ODD_SECRET), 400, "invalid_request"),
        (IN_BODY, {}, 400, "invalid_request"),
        (IN_BODY | {"grant_type": "password"}, {}, 400, "unsupported_grant_type"),
        ({"grant_type": ["client_credentials"] * 2, **IN_BODY}, {}, 400, "invalid_request"),
        (GRANT | {str(number): "x" for number in range(30)}, {}, 400, "invalid_request"),
    ],
)
async def test_what_is_not_granted_is_refused_in_oauths_words(
    client: httpx.AsyncClient, form: dict[str, Any], headers: dict[str, str], status: int, error: str
) -> None:
    """RFC 6749 section 5.2, since client libraries read these and no problem documents."""
    answer = await client.post("/v1/token", data=form, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert ("www-authenticate" in answer.headers) is (status == 401)
    assert ODD_SECRET not in answer.text


async def test_json_is_no_form(client: httpx.AsyncClient) -> None:
    """The standard knows one content type."""
    answer = await client.post("/v1/token", json=GRANT | IN_BODY)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_a_compressed_form_is_not_opened(client: httpx.AsyncClient) -> None:
    """As no body is, anywhere: nobody could say how large it becomes."""
    gzip = {"Content-Encoding": "gzip"}
    refused = await client.post("/v1/token", data=GRANT | IN_BODY, headers=gzip)
    assert (refused.status_code, refused.headers["Accept-Encoding"]) == (415, "identity")
    assert refused.headers["Content-Type"] == "application/problem+json"


async def test_without_the_demo_clients_demo_is_nobody(tmp_path: Path) -> None:
    """Only the one-process default hands them over."""
    async with calling(new_gateway(tmp_path, {})) as client:
        answer = await client.post("/v1/token", data=GRANT, headers=basic("demo-officer", "demo"))
    assert answer.status_code == 401
