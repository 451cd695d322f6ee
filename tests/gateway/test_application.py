"""The gateway before services in the same process, and its own pages."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request

from gateway.application import Gateway
from gateway.clients import demo_clients
from gateway.keys import KeyRing
from shared.clock import system_clock
from shared.errors import Conflict
from shared.http import problems
from shared.http.middleware import RequestContext
from shared.telemetry import OLDEST_OWED_NOTICE
from tests.gateway.serving import calling, new_gateway, token

LIMIT = 1000


def repairs() -> FastAPI:
    """A service in this process."""
    app = FastAPI()
    problems.install(app)
    app.add_middleware(RequestContext, service="repairs")

    @app.post("/v1/repairs")
    async def report(request: Request, body: dict[str, str]) -> dict[str, object]:
        return {"headers": dict(request.headers), "state": list(request.scope["state"])}

    @app.get("/v1/repairs/conflict")
    async def conflict() -> None:
        raise Conflict("Somebody was first.")

    @app.get("/v1/repairs/defect")
    async def defect() -> None:
        raise RuntimeError("a resident's name")

    return app


def gateway(tmp_path: Path, **settings: int) -> Gateway:
    return new_gateway(tmp_path, {"repairs": repairs()}, demo_clients(), body_limit=LIMIT, **settings)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway with one service, repairs, in this process."""
    async with calling(gateway(tmp_path)) as client:
        yield client


async def test_a_service_in_the_same_process_gets_what_a_distant_one_gets(client: httpx.AsyncClient) -> None:
    """Cleaned headers and a state of its own: it must verify the token itself in either case."""
    given = await token(client, "demo-resident")
    answer = await client.post(
        "/v1/repairs", json={"a": "b"}, headers={"Authorization": f"Bearer {given}", "X-User": "me"}
    )
    seen = answer.json()
    assert seen["headers"]["authorization"] == f"Bearer {given}"
    assert "x-user" not in seen["headers"]
    assert "caller" not in seen["state"]
    assert answer.headers.get_list("x-request-id") == [seen["headers"]["x-request-id"]]


async def test_a_body_in_chunks_is_counted_here_too(client: httpx.AsyncClient) -> None:
    """The service's framework would call a body that breaks off a 400."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(LIMIT):
            yield b"xx"

    answer = await client.post("/v1/repairs", content=chunks())
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


async def test_a_services_refusal_passes_unchanged(client: httpx.AsyncClient) -> None:
    """Its problem is the answer, with our rate limit headers."""
    answer = await client.get("/v1/repairs/conflict")
    assert (answer.status_code, answer.json()["detail"]) == (409, "Somebody was first.")
    assert answer.headers["ratelimit-policy"] == '"default";q=1200;w=60'


async def test_a_services_defect_is_a_500_that_tells_nothing(client: httpx.AsyncClient) -> None:
    """No stack, no name; a trace id to ask about."""
    answer = await client.get("/v1/repairs/defect")
    assert answer.status_code == 500
    assert answer.json()["trace_id"] == answer.headers["x-request-id"]
    assert "resident" not in answer.text


async def test_our_own_defect_is_one_too(client: httpx.AsyncClient, tmp_path: Path) -> None:
    """Somebody has deleted the signing keys: a good client's request for a token is a problem, too."""
    for key in (tmp_path / "keys").glob("*.pem"):
        key.unlink()
    form = {"grant_type": "client_credentials", "client_id": "demo-ops", "client_secret": "demo"}
    answer = await client.post("/v1/token", data=form)
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert str(tmp_path) not in answer.text


async def test_who_comes_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    """A 429 problem with Retry-After; a token is counted apart; health and keys are never refused."""
    async with calling(gateway(tmp_path, rate_limit_per_minute=3)) as client:
        given = await token(client, "demo-resident")
        statuses = [(await client.get("/v1/repairs/conflict")).status_code for _ in range(3)]
        refused = await client.get("/v1/repairs/conflict")
        known = await client.get("/v1/repairs/conflict", headers={"Authorization": f"Bearer {given}"})
        alive = await client.get("/health/live")
        keys = await client.get("/.well-known/jwks.json")
    assert statuses == [409, 409, 429]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit"] == f'"default";r=0;t={refused.headers["retry-after"]}'
    assert refused.headers["content-type"] == "application/problem+json"
    assert (known.status_code, alive.status_code, keys.status_code) == (409, 200, 200)


async def test_a_bad_token_does_not_buy_a_fresh_allowance(tmp_path: Path) -> None:
    """Whoever makes up tokens is counted by address, like everybody who has none."""
    async with calling(gateway(tmp_path, rate_limit_per_minute=2)) as client:
        for number in range(3):
            headers = {"Authorization": f"Bearer made-up-{number}"}
            answer = await client.get("/v1/repairs/conflict", headers=headers)
    assert answer.status_code == 429


async def test_metrics_are_for_ops(client: httpx.AsyncClient) -> None:
    """They are not for the public, nor for officers."""
    statuses = []
    for name in ("demo-ops", "demo-officer"):
        headers = {"Authorization": f"Bearer {await token(client, name)}"}
        statuses.append((await client.get("/metrics", headers=headers)).status_code)
    statuses.append((await client.get("/metrics")).status_code)
    assert statuses == [200, 403, 401]


async def test_metrics_show_services_of_this_process_as_they_are_now(tmp_path: Path) -> None:
    """Nobody scrapes these services themselves, and their figures are measured only when they are asked."""
    service = FastAPI()

    @service.get("/internal/status")
    async def status() -> dict[str, object]:
        OLDEST_OWED_NOTICE.labels("a test").set(7)
        return {"database": "ok", "broker": "ok", "oldest_owed_notice_seconds": 7}

    async with calling(new_gateway(tmp_path, {"notifications": service}, demo_clients())) as client:
        headers = {"Authorization": f"Bearer {await token(client, 'demo-ops')}"}
        text = (await client.get("/metrics", headers=headers)).text
    assert 'oldest_owed_notice_seconds{service="a test"} 7.0' in text


async def test_the_gateway_refuses_a_withdrawn_key_too(client: httpx.AsyncClient, tmp_path: Path) -> None:
    """On its own pages a token that it believed ends with its key, and the next token is believed at once."""
    stolen = {"Authorization": f"Bearer {await token(client, 'demo-ops')}"}
    assert (await client.get("/metrics", headers=stolen)).status_code == 200
    ring = KeyRing(tmp_path / "keys")
    ring.withdraw(ring.signer(system_clock()).kid, system_clock())
    good = {"Authorization": f"Bearer {await token(client, 'demo-ops')}"}
    answers = [await client.get("/metrics", headers=given) for given in (good, stolen)]
    assert [answer.status_code for answer in answers] == [200, 401]


async def test_metrics_name_routes_and_never_cases(client: httpx.AsyncClient) -> None:
    """A path has a reference in it, and there are as many as there are cases."""
    await client.get("/v1/repairs/REP-7K3M-Q9TX")
    headers = {"Authorization": f"Bearer {await token(client, 'demo-ops')}"}
    text = (await client.get("/metrics", headers=headers)).text
    assert 'route="/v1/repairs"' in text
    assert "Q9TX" not in text


async def test_it_lives_and_is_ready_without_any_service(tmp_path: Path) -> None:
    """A service that is away must not take the door from the others."""
    async with calling(new_gateway(tmp_path, {})) as client:
        assert (await client.get("/health/live")).status_code == 200
        assert (await client.get("/health/ready")).status_code == 200
        for key in (tmp_path / "keys").glob("*.pem"):
            key.unlink()
        assert (await client.get("/health/ready")).status_code == 503


@pytest.mark.parametrize("path", ["/", "/docs"])
async def test_the_pages_need_no_other_site(client: httpx.AsyncClient, path: str) -> None:
    """They open in a council's network that reaches nothing else, and run no script that stands in them."""
    answer = await client.get(path)
    assert answer.headers["content-type"].startswith("text/html")
    assert "Housing service standards" in answer.text
    assert "'unsafe-inline'" not in script_policy(answer)
    assert 'src="http' not in answer.text
    assert 'href="http' not in answer.text


def script_policy(answer: httpx.Response) -> str:
    policies = answer.headers["content-security-policy"].split(";")
    return next((policy for policy in policies if policy.strip().startswith("script-src")), "")


async def test_the_interface_is_shown_with_scripts_of_our_own(client: httpx.AsyncClient) -> None:
    """Swagger UI comes with the product: the browser fetches it here."""
    page = (await client.get("/docs")).text
    for source in ("/docs/assets/swagger-ui-bundle.js", "/docs/assets/swagger-ui.css", "/docs/start.js"):
        assert f'"{source}"' in page
        assert (await client.get(source)).status_code == 200


async def test_the_first_page_leads_to_the_others(client: httpx.AsyncClient) -> None:
    """Somebody who only knows the address finds what there is."""
    page = (await client.get("/")).text
    assert 'href="/docs"' in page
    assert 'href="/status"' in page
