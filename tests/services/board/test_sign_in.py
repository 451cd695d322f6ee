"""Signing in at the board: at a real provider and as a demo person; what a browser keeps; the way out."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from gateway.clients import new_client
from tests.services.board.signing_in import (
    BACK,
    CLIENT,
    browser,
    browsers,
    signed_in,
    who,
)
from tests.support.programs import free_port
from tests.support.sign_in import OpenIDProvider


async def test_an_officer_signs_in_at_the_provider_and_comes_back(
    here: httpx.AsyncClient, provider: OpenIDProvider
) -> None:
    """To the page that they wanted, with what the API says of their token."""
    await provider.know("ola", id_claims={"name": "Ola Reyes"}, roles=["officer.repairs"])
    back = await signed_in(here, provider, "ola")
    assert (back.status_code, back.headers["location"]) == (303, "/board/who")
    told = await who(here)
    assert (told["name"], told["roles"], told["departments"]) == ("Ola Reyes", ["officer"], ["repairs"])


async def test_no_script_and_no_other_site_has_the_session(
    here: httpx.AsyncClient, provider: OpenIDProvider
) -> None:
    """Cookies of this host alone, sealed, each of a size that browsers keep, however large the tokens are."""
    noise = "".join(f"{number:x}" for number in range(10_000, 11_500))
    await provider.know("ola", roles=["officer.repairs"], noise=noise)
    back = await signed_in(here, provider, "ola")
    cookies = [cookie for cookie in back.headers.get_list("set-cookie") if "session" in cookie]
    assert len(cookies) > 1
    for cookie in cookies:
        assert re.match(r"__Host-board-session-\d=", cookie)
        assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert len(cookie.partition(";")[0]) <= 4096
        assert "Domain" not in cookie
    assert (await who(here))["roles"] == ["officer"]


async def test_tokens_that_no_browser_can_keep_are_refused(
    here: httpx.AsyncClient, provider: OpenIDProvider
) -> None:
    """Such as of somebody in very many groups; without a word every page would lead to the sign-in again."""
    noise = "".join(f"{number * 7919 % 65521:x}" for number in range(6_000))
    await provider.know("max", roles=["officer.repairs"], noise=noise)
    answer = await signed_in(here, provider, "max")
    assert (answer.status_code, "than a browser can keep" in answer.text) == (400, True)


async def test_only_the_browser_that_began_a_sign_in_ends_it(
    here: httpx.AsyncClient, way: httpx.ASGITransport, provider: OpenIDProvider
) -> None:
    """Whoever sends somebody else such an address would have them work under another name."""
    await provider.know("eve", roles=["officer.repairs"])
    to = (await here.get("/board/sign-in")).headers["location"]
    address = await provider.choose(to, "eve")
    async with browser(way) as other:
        assert (await other.get(address)).status_code == 400
        assert "name" not in await who(other)
    assert (await here.get(address)).status_code == 303
    again = await here.get(address)
    assert again.status_code == 400
    assert "used twice" in again.text


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=x", "?error=access_denied"])
async def test_whoever_was_not_sent_by_us_is_not_signed_in(here: httpx.AsyncClient, query: str) -> None:
    """A page of ours says so, and how to try again."""
    answer = await here.get(f"/board/sign-in/return{query}")
    assert answer.status_code == 400
    assert 'href="/board/sign-in?then=' in answer.text


@pytest.mark.parametrize(
    "id_claims",
    [
        {"aud": "another application"},
        {"nonce": "of another try"},
        {"iss": "https://id.elsewhere.example"},
        {"exp": 1},
    ],
)
async def test_an_id_token_for_somebody_else_is_refused(
    here: httpx.AsyncClient, provider: OpenIDProvider, id_claims: dict[str, Any]
) -> None:
    """Audience, nonce, issuer and end are checked, though it came from the provider itself."""
    await provider.know("ola", id_claims=id_claims, roles=["officer.repairs"])
    answer = await signed_in(here, provider, "ola")
    assert (answer.status_code, "name" in await who(here)) == (400, False)


async def test_whoever_is_in_too_many_groups_is_told_so(
    here: httpx.AsyncClient, provider: OpenIDProvider
) -> None:
    """In the words of the API, with what to ask for."""
    await provider.know("max", _claim_names={"groups": "src1"})
    answer = await signed_in(here, provider, "max")
    assert answer.status_code == 400
    assert "in too many of them" in unescape(answer.text)


async def test_a_fresh_sign_in_asks_again_and_is_checked(
    here: httpx.AsyncClient, provider: OpenIDProvider
) -> None:
    """Somebody who is signed in at the provider proves once more who they are; it must say when."""
    await provider.know("ola", roles=["officer.repairs"])
    await signed_in(here, provider, "ola")
    to = (await here.get("/board/sign-in?again=1")).headers["location"]
    assert "max_age=0" in to
    assert (await provider.http.get(to)).status_code == 200  # its form, and no way back
    assert (await signed_in(here, provider, "ola", "/board/sign-in?again=1")).status_code == 303
    await provider.know("ola", id_claims={"auth_time": 1_700_000_000}, roles=["officer.repairs"])
    refused = await signed_in(here, provider, "ola", "/board/sign-in?again=1")
    assert (refused.status_code, "once more" in refused.text) == (400, True)


@pytest.mark.parametrize(
    "then",
    [
        "https://elsewhere.example/board",
        "//elsewhere.example/board",
        "/boards",
        "/v1/me",
        "/board\\x",
        "",
        "http://[x",
    ],
)
async def test_a_sign_in_leads_to_pages_of_ours_alone(
    here: httpx.AsyncClient, provider: OpenIDProvider, then: str
) -> None:
    """Whatever an address says."""
    await provider.know("ola", roles=["officer.repairs"])
    to = (await here.get("/board/sign-in", params={"then": then})).headers["location"]
    back = await here.get(await provider.choose(to, "ola"))
    assert back.headers["location"] == "/board"


async def test_a_board_known_by_a_key_signs_people_in(
    provider: OpenIDProvider,
    tmp_path: Path,
    sign_in: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By a client assertion (RFC 7523), which is all that GOV.UK One Login takes from some."""
    key = rsa.generate_private_key(65537, 2048)
    (tmp_path / "board.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    monkeypatch.setenv("BOARD_CLIENT_ID", "board-with-key")
    monkeypatch.setenv("BOARD_CLIENT_KEY", str(tmp_path / "board.pem"))
    jwk = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    await provider.register("board-with-key", BACK, jwk={name: jwk[name] for name in ("kty", "n", "e")})
    await provider.know("ola", roles=["officer.repairs"])
    async with browsers(tmp_path, **sign_in) as way, browser(way) as client:
        assert (await signed_in(client, provider, "ola")).status_code == 303
        assert (await who(client))["roles"] == ["officer"]


async def test_a_resident_of_one_login_has_a_token_of_ours_instead(
    provider: OpenIDProvider,
    tmp_path: Path,
    sign_in: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its access tokens are good at itself alone: the ID token, soon over, is exchanged (RFC 8693)."""
    trusted, secret = new_client("board", ["frontend"], ["exchange"])
    monkeypatch.setenv("BOARD_EXCHANGE_CLIENT", "board")
    monkeypatch.setenv("BOARD_EXCHANGE_SECRET", secret)
    await provider.register("board", BACK, secret=CLIENT["client_secret"])
    await provider.know("sam", aud="https://one-login.example/userinfo", id_claims={"vot": "Cl.Cm"})
    one_login = {"oidc_audience": "board", "oidc_claims_file": Path("deploy/sign_in/one_login.toml")}
    settings = sign_in | one_login
    async with browsers(tmp_path, clients=[trusted], **settings) as way, browser(way) as client:
        assert (await signed_in(client, provider, "sam")).status_code == 303
        told = await who(client)
    assert (told["roles"], told["person"]) == (["resident"], f"{provider.issuer} sam")


async def test_a_provider_that_gives_no_answer_is_named_with_the_time(
    tmp_path: Path, sign_in: dict[str, Any]
) -> None:
    """The page is for those who run it, too."""
    away = {**sign_in, "oidc_issuer": f"http://127.0.0.1:{free_port()}"}
    async with browsers(tmp_path, **away) as way, browser(way) as client:
        answers = [
            await client.get("/board/sign-in", params={"then": then}) for then in ("/board", "http://[x")
        ]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert all("No answer since" in answer.text for answer in answers)


async def test_where_there_are_demo_persons_one_is_chosen(tmp_path: Path) -> None:
    """By a form, on plain http too; a token that is nearly over is had anew."""
    persons = ("demo-officer", "demo-contractor")
    async with browsers(tmp_path, persons, token_seconds=30) as way, browser(way) as client:
        page = (await client.get("/board/sign-in?then=/board/who")).text
        csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
        form = {"csrf": csrf, "person": "demo-contractor", "then": "/board/who"}
        assert all(f'value="{person}"' in page for person in persons)
        assert (await client.post("/board/sign-in", data={**form, "csrf": ""})).status_code == 403
        assert (await client.post("/board/sign-in", data=form)).headers["location"] == "/board/who"
        told = await who(client)
        assert (told["name"], told["firm"]) == ("Demo contractor", "demo-contractor")
        form |= {"csrf": told["csrf"], "person": "demo-ops"}
        assert (await client.post("/board/sign-in", data=form)).status_code == 400


async def test_without_a_sign_in_a_page_says_what_is_missing(tmp_path: Path) -> None:
    """Elsewhere than in `make run` there is nobody to try it out with."""
    async with browsers(tmp_path) as way, browser(way) as client:
        answer = await client.get("/board/sign-in")
    assert (answer.status_code, "OIDC_ISSUER" in answer.text) == (400, True)
