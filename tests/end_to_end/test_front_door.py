"""The gateway from outside: what one may see, what is refused and how, and pages about the house itself."""

import asyncio
import json

import httpx
import pytest

from shared.references import new_reference
from tests.end_to_end.houses import CONTRACTOR, NEIGHBOUR, OFFICER, OPS, REPORT, RESIDENT, House
from tests.shared.example.directory import WITH_EXAMPLE


def problem(answer: httpx.Response) -> dict[str, object]:
    """The problem an answer is, without what differs from one request to another."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    document: dict[str, object] = answer.json()
    assert document["status"] == answer.status_code
    assert document.pop("trace_id") == answer.headers["X-Request-ID"]
    return document


@pytest.mark.parametrize("path", ["/v1/repairs/{}", "/v1/cases/{}/deadlines", "/v1/cases/{}/timeline"])
async def test_anothers_case_looks_like_one_that_does_not_exist(house: House, path: str) -> None:
    """A neighbour who guessed a reference learns nothing, not even that it exists."""
    case = await house.report()
    await house.deadlines(case["reference"])
    assert (await house.get(path.format(case["reference"]), by=RESIDENT)).status_code == 200

    guessed = await house.get(path.format(case["reference"]), by=NEIGHBOUR)
    unknown = await house.get(path.format(new_reference("REP")), by=NEIGHBOUR)
    assert guessed.status_code == 404
    assert problem(guessed) == problem(unknown)


async def test_the_list_of_repairs_is_each_callers_own(house: House) -> None:
    """A neighbour lists none of mine, and a firm only the jobs that it was given."""
    case = await house.report()
    for stranger in (NEIGHBOUR, CONTRACTOR):
        listed = (await house.get("/v1/repairs", by=stranger, limit="100")).json()["items"]
        assert case["reference"] not in {item["reference"] for item in listed}
    mine = (await house.get("/v1/repairs", by=RESIDENT, limit="1")).json()["items"]
    assert [item["reference"] for item in mine] == [case["reference"]]


@pytest.mark.parametrize(
    ("method", "path", "by", "status"),
    [
        ("GET", "/v1/repairs", None, 401),
        ("GET", "/v1/deadlines", None, 401),
        ("GET", "/v1/deadlines", RESIDENT, 403),
        ("GET", "/v1/notices", CONTRACTOR, 403),
        ("POST", "/v1/calendar/closures", RESIDENT, 403),
        ("POST", "/v1/reconciliations", OFFICER, 403),
        ("GET", "/metrics", OFFICER, 403),
        ("GET", "/v1/repairs/REP-0000-0000", OPS, 403),
        ("GET", "/v1/nothing", OFFICER, 404),
        ("GET", "/v1/repairs/", OFFICER, 404),
        ("GET", "/status/", None, 404),
        ("GET", "/internal/status", OPS, 404),
        ("DELETE", "/v1/repairs", OFFICER, 405),
        ("POST", "/v1/repairs", RESIDENT, 422),
    ],
)
async def test_what_is_refused_is_a_problem(
    house: House, method: str, path: str, by: str | None, status: int
) -> None:
    """Without a token, without the role, without such a page or without sense: always the same form."""
    headers = await house.headers(by) if by else {}
    answer = await house.http.request(method, path, headers=headers)
    assert problem(answer)["type"]
    assert answer.status_code == status
    assert status != 401 or answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_token_after_the_body_lets_nobody_in(house: House) -> None:
    """The fields after a chunked body (trailers) are no headers."""
    bearer = (await house.headers(RESIDENT))["Authorization"]
    body = json.dumps(REPORT).encode()
    url = house.http.base_url
    reading, writing = await asyncio.open_connection(url.host, url.port)
    writing.write(
        b"POST /v1/repairs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        b"%x\r\n%b\r\n0\r\nAuthorization: %b\r\n\r\n" % (len(body), body, bearer.encode())
    )
    status_line = await reading.readline()
    writing.close()
    assert status_line.startswith(b"HTTP/1.1 401 ")


async def test_a_problem_repeats_nothing_that_was_sent_in(house: House) -> None:
    """A misspelt field is named by its pointer; its content, which may be anybody's, is not told."""
    answer = await house.post("/v1/repairs", {**REPORT, "adress": "12 Secret Lane"}, by=RESIDENT)
    assert problem(answer)["errors"] == [{"pointer": "", "detail": "an unknown field is here"}]
    assert "Secret" not in answer.text


async def test_the_house_explains_itself(house: House) -> None:
    """A home page and the interface of all services as one, for anybody who comes with a browser."""
    for page in ("/", "/docs"):
        assert (await house.http.get(page)).headers["Content-Type"].startswith("text/html")
    document = (await house.http.get("/openapi.json")).json()
    assert {"/v1/token", "/v1/repairs", "/v1/cases/{reference}/deadlines"} <= document["paths"].keys()
    assert not [path for path in document["paths"] if path.startswith("/internal")]


@pytest.mark.parametrize("path", ["/", "/health/live", "/health/ready", "/status", "/docs", "/v1/repairs"])
async def test_head_is_answered_wherever_get_is(house: House, path: str) -> None:
    """Uptime monitors and load balancers send it; RFC 9110 section 9.1 has every server answer it."""
    headers = await house.headers(RESIDENT)
    answer = await house.http.head(path, headers=headers)
    assert (answer.status_code, answer.content) == (200, b"")
    assert (
        answer.headers["content-type"]
        == (await house.http.get(path, headers=headers)).headers["content-type"]
    )


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/repairs", "GET, HEAD, POST"),
        ("PUT", "/v1/slots", "GET, HEAD, POST"),
        ("POST", "/v1/repairs/guide", "GET, HEAD"),
        ("GET", "/v1/repairs/REP-0000-0000/cancellation", "POST"),
        ("DELETE", "/status", "GET, HEAD"),
    ],
)
async def test_a_refused_method_brings_those_that_the_path_has(
    house: House, method: str, path: str, allowed: str
) -> None:
    """All of them (RFC 9110 section 15.5.6), whichever route has which."""
    answer = await house.http.request(method, path, headers=await house.headers(RESIDENT))
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


async def test_those_who_watch_see_how_it_is_doing(house: House) -> None:
    """Every service with its database and broker, for all to see; figures for ops alone."""
    status = (await house.http.get("/status")).json()
    assert status["state"] == "ok"
    brokers = {name: service["reported"]["broker"] for name, service in status["services"].items()}
    assert brokers == dict.fromkeys(WITH_EXAMPLE.names, "ok")
    assert status["front_ends"] == {"board": "ok"}
    for health in ("/health/live", "/health/ready"):
        assert (await house.http.get(health)).status_code == 200
    assert (await house.http.get("/metrics")).status_code == 401
    assert "http_request_seconds" in (await house.get("/metrics", by=OPS)).text
