"""Sessions after a sign-in: renewed, resting while the provider is away, good for one person, and ended."""

import asyncio
import re
from html import unescape
from typing import Any

import httpx
import pytest

from services.board.client import Api, Unanswered
from tests.services.board.signing_in import (
    HERE,
    browser,
    signed_in,
    who,
)
from tests.support.sign_in import OpenIDProvider


async def test_a_token_is_renewed_once_for_all_who_need_it(
    here: httpx.AsyncClient, provider: OpenIDProvider
) -> None:
    """Refresh tokens are good once; what the person may is asked anew, and a leaver is out."""
    await provider.know("ola", roles=["officer.repairs"], seconds=30)
    await signed_in(here, provider, "ola")
    await provider.know("ola", roles=["acme"], seconds=30)
    cookies = dict(here.cookies)
    told = [(await here.get("/board/who", headers=cookie_header(cookies))).json() for _ in range(3)]
    assert [each["firm"] for each in told] == ["Acme Repairs"] * 3


def cookie_header(cookies: dict[str, str]) -> dict[str, str]:
    """The cookies of before, as a page has them that was asked for at the same time."""
    return {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


async def test_signing_out_ends_the_session_here_and_leads_to_its_end_there(
    here: httpx.AsyncClient, provider: OpenIDProvider
) -> None:
    """A form answers with a page of ours, for a form may not lead to another site; that page has the link."""
    await provider.know("ola", roles=["officer.repairs"])
    await signed_in(here, provider, "ola")
    form = re.search(r'name="csrf" value="([^"]+)"', (await here.get("/board/sign-out")).text)
    assert form is not None
    answer = await here.post("/board/sign-out", data={"csrf": form[1]})
    assert (answer.status_code, answer.headers["location"]) == (303, "/board/signed-out")
    assert (await here.get("/board/session")).status_code == 401
    page = unescape((await here.get("/board/signed-out")).text)
    [link] = re.findall(rf'href="({re.escape(provider.issuer)}[^"]+)"', page)
    assert "id_token_hint=" in link
    assert (await provider.http.get(link)).headers["location"] == f"{HERE}/board"


async def test_a_link_from_elsewhere_signs_nobody_out(
    here: httpx.AsyncClient, provider: OpenIDProvider
) -> None:
    """Without the form's token nothing happens."""
    await provider.know("ola", roles=["officer.repairs"])
    await signed_in(here, provider, "ola")
    assert (await here.post("/board/sign-out")).status_code == 403
    assert (await here.get("/board/session")).status_code == 204


async def test_a_form_is_good_for_the_person_who_was_shown_it(
    here: httpx.AsyncClient, way: httpx.ASGITransport, provider: OpenIDProvider
) -> None:
    """Again after they have signed in once more, so that nothing typed is lost; for nobody else."""
    for name in ("ola", "eve"):
        await provider.know(name, roles=["officer.repairs"])
    await signed_in(here, provider, "ola")
    form = {"csrf": (await who(here))["csrf"], "what": "typed for an hour"}
    await signed_in(here, provider, "ola")
    assert (await here.post("/board/act", data=form)).json() == "typed for an hour"
    await signed_in(here, provider, "eve")
    assert (await here.post("/board/act", data=form)).status_code == 403
    async with browser(way) as other:
        await signed_in(other, provider, "ola")
        statuses = [
            (await other.post("/board/act", data=each)).status_code
            for each in (form, {"what": "x"}, {**form, "csrf": "x"})
        ]
    assert statuses == [403, 403, 403]


async def test_a_session_rests_while_the_provider_is_away(
    here: httpx.AsyncClient, provider: OpenIDProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page says that the sign-in gives no answer, and the next goes on as if nothing had been."""
    await provider.know("ola", id_claims={"name": "Ola"}, roles=["officer.repairs"], seconds=1)
    await signed_in(here, provider, "ola")
    await asyncio.sleep(1.1)

    post = httpx.AsyncClient.post

    async def cut_off(client: httpx.AsyncClient, url: str, **sent: Any) -> httpx.Response:
        if url.startswith(provider.issuer):
            raise httpx.ConnectError("cut off")
        return await post(client, url, **sent)

    with monkeypatch.context() as broken:
        broken.setattr(httpx.AsyncClient, "post", cut_off)
        page = await here.get("/board/calendar")
        script = await here.get("/board/session")
    assert (page.status_code, "No answer since" in page.text) == (503, True)
    assert 'href="/board/calendar"' in page.text
    assert script.status_code == 503
    assert (await who(here))["name"] == "Ola"


async def test_a_session_outlives_an_api_that_is_silent_while_its_token_is_renewed(
    here: httpx.AsyncClient, provider: OpenIDProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider has given its one new refresh token by then: lost with the page, the session would end."""
    await provider.know("ola", id_claims={"name": "Ola"}, roles=["officer.repairs"], seconds=1)
    await signed_in(here, provider, "ola")
    await asyncio.sleep(1.1)

    async def silent(*_: Any, **__: Any) -> Any:
        raise Unanswered("cut off")

    with monkeypatch.context() as broken:
        broken.setattr(Api, "get", silent)
        page = await here.get("/board/calendar")
    assert (page.status_code, "gives no answer" in page.text) == (503, True)
    assert (await who(here))["name"] == "Ola"


async def test_a_kept_page_is_for_whoever_it_was_shown_to(
    here: httpx.AsyncClient, provider: OpenIDProvider
) -> None:
    """A script asks once Back has brought it up: after another has signed in it is loaded anew."""
    for name in ("ola", "eve"):
        await provider.know(name, roles=["officer.repairs"])
    await signed_in(here, provider, "ola")
    asked = re.findall(r'<body[^>]* data-session="([^"]+)"', (await here.get("/board/sign-out")).text)[0]
    assert (await here.get(asked)).status_code == 204
    await signed_in(here, provider, "eve")
    assert (await here.get(asked)).status_code == 401
