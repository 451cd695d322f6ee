"""`GET /v1/me`: a front end asks who its caller is, and is told why a token is refused."""

from pathlib import Path

import pytest

from gateway.clients import demo_clients
from tests.gateway.serving import calling, new_gateway, token


async def test_a_caller_is_told_what_their_token_says(tmp_path: Path) -> None:
    """The answer is the judgement of every service."""
    async with calling(new_gateway(tmp_path, {}, demo_clients())) as client:
        headers = {"Authorization": f"Bearer {await token(client, 'demo-asb-officer')}"}
        answer = await client.get("/v1/me", headers=headers)
    assert answer.json() == {
        "subject": "demo-asb-officer",
        "issuer": "",
        "roles": ["officer"],
        "scopes": ["asb", "manager"],
        "departments": ["asb"],
        "firm": None,
    }
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("authorization", "words"),
    [
        (None, "This needs an access token."),
        ("Bearer nonsense", "The access token is not valid."),
        ("Basic ZGVtbzpkZW1v", "One Authorization header with a bearer token is expected."),
    ],
)
async def test_whoever_is_refused_is_told_why(tmp_path: Path, authorization: str | None, words: str) -> None:
    """The reason is the token's, and not that there is none."""
    headers = {"Authorization": authorization} if authorization else {}
    async with calling(new_gateway(tmp_path, {})) as client:
        answer = await client.get("/v1/me", headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (401, words)
