"""The hosts under which the gateway may be called."""

from pathlib import Path

import pytest

from tests.gateway.serving import calling, new_gateway

HOSTS = ("localhost", "homes.council.example", "[::1]")


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        pytest.param(["localhost"], 200, id="ours"),
        pytest.param(["localhost:8000"], 200, id="with a port"),
        pytest.param(["Homes.Council.Example"], 200, id="in capitals"),
        pytest.param(["[::1]:8000"], 200, id="IPv6"),
        pytest.param(["gateway.inside:8000"], 200, id="by which services call"),
        pytest.param(["evil.example"], 400, id="another"),
        pytest.param(["localhost.evil.example"], 400, id="begins like ours"),
        pytest.param(["localhost@evil.example"], 400, id="with a user"),
        pytest.param(["localhost:80:80"], 400, id="with two ports"),
        pytest.param(["localhost/"], 400, id="with a path"),
        pytest.param([""], 400, id="empty"),
        pytest.param([], 400, id="none"),
        pytest.param(["localhost", "evil.example"], 400, id="two"),
        pytest.param(["localhost", "localhost"], 400, id="the same twice"),
    ],
)
async def test_a_request_names_one_host_that_is_ours(tmp_path: Path, hosts: list[str], status: int) -> None:
    """RFC 9112 section 3.2; links and caches further on are made from it."""
    gateway = new_gateway(tmp_path, {}, gateway_url="http://gateway.inside:8000", allowed_hosts=HOSTS)
    async with calling(gateway) as client:
        request = client.build_request("GET", "/")
        del request.headers["host"]
        request.headers = type(request.headers)(
            [*request.headers.multi_items(), *[("host", h) for h in hosts]]
        )
        answer = await client.send(request)
        assert answer.status_code == status
        if status == 400:
            assert answer.json()["type"].endswith(":unknown-host")


async def test_health_answers_under_any_host(tmp_path: Path) -> None:
    """A load balancer asks by an address of its own."""
    async with calling(new_gateway(tmp_path, {}, allowed_hosts=HOSTS)) as client:
        for path in ("/health/live", "/health/ready"):
            assert (await client.get(path, headers={"Host": "10.0.0.7"})).status_code == 200
        assert (await client.get("/status", headers={"Host": "10.0.0.7"})).status_code == 400
