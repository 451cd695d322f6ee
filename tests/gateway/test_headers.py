"""Headers that go through the gateway, and those that it leaves outside."""

import pytest

from gateway.headers import TO_FRONT_ENDS, answer_headers, request_headers
from shared.telemetry import request_id


@pytest.mark.parametrize(
    "name",
    [
        "x-user",
        "x-roles",
        "x-forwarded-for",
        "forwarded",
        "x_user",
        "x-original-url",
        "x-http-method-override",
        "cookie",
        "host",
        "connection",
        "transfer-encoding",
        "te",
        "upgrade",
        "proxy-authorization",
        "expect",
        "x-anything-else",
    ],
)
def test_only_known_headers_reach_a_service(name: str) -> None:
    """Identity is in the token alone, and what concerns one connection ends with it."""
    assert name.encode() not in dict(request_headers([(name.encode(), b"officer")]))


@pytest.mark.parametrize("name", ["authorization", "idempotency-key", "if-match", "x-forwarded-for", "host"])
def test_a_front_end_gets_cookies_and_no_token(name: str) -> None:
    """Its session is in the cookies; and no service ever gets those."""
    given = [(b"cookie", b"a=b"), (name.encode(), b"x")]
    assert set(dict(request_headers(given, TO_FRONT_ENDS))) == {b"cookie", b"x-request-id"}


def test_a_connection_header_takes_nothing_away_from_a_request() -> None:
    """One that names the token or the length would change what the request means."""
    headers = [
        (b"connection", b"close, content-length"),
        (b"connection", b"authorization"),
        (b"content-length", b"2"),
        (b"authorization", b"Bearer x"),
    ]
    assert set(dict(request_headers(headers))) == {b"content-length", b"authorization", b"x-request-id"}


def test_the_headers_of_a_connection_are_not_relayed() -> None:
    """RFC 9110 section 7.6.1: nor those that its Connection header names."""
    raw = [(b"Connection", b"X-Hop"), (b"X-Hop", b"1"), (b"ETag", b'"1"')]
    assert answer_headers(raw) == [(b"etag", b'"1"')]


def test_the_request_id_is_ours_and_not_what_was_sent() -> None:
    """One that is not well-formed could forge lines in a log further on."""
    token = request_id.set("checked")
    passed = request_headers([(b"x-request-id", b"bad id"), (b"accept", b"*/*")])
    request_id.reset(token)
    assert passed == [(b"accept", b"*/*"), (b"x-request-id", b"checked")]


def test_an_answers_repeated_headers_all_arrive() -> None:
    """Two Link or Set-Cookie headers are two; our own server adds its name and date."""
    raw = [(b"Link", b"<a>"), (b"Link", b"<b>"), (b"Server", b"uvicorn"), (b"Date", b"today")]
    assert answer_headers(raw) == [(b"link", b"<a>"), (b"link", b"<b>")]
