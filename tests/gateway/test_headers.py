"""Headers that go through the gateway, and those that it leaves outside."""

import pytest

from gateway.headers import answer_headers, request_headers
from shared.telemetry import request_id


@pytest.mark.parametrize(
    "name",
    [
        "x-user",
        "x-user-id",
        "x-caller-roles",
        "x-roles",
        "x-forwarded-for",
        "x-forwarded-host",
        "forwarded",
        "x-real-ip",
        "x_user",
        "x-original-url",
        "x-http-method-override",
        "connection",
        "transfer-encoding",
        "te",
        "upgrade",
        "proxy-authorization",
        "expect",
    ],
)
def test_nobody_can_say_in_a_header_who_they_are_or_how_to_travel(name: str) -> None:
    """Identity is in the token alone, and what concerns one connection ends with it."""
    assert name.encode() not in dict(request_headers([(name.encode(), b"officer")]))


def test_what_the_connection_header_names_ends_here() -> None:
    """RFC 9110 section 7.6.1; but a token or a length stays, or the request would change its meaning."""
    headers = [
        (b"connection", b"close, X-Hop , content-length"),
        (b"connection", b"authorization"),
        (b"x-hop", b"1"),
        (b"content-length", b"2"),
        (b"authorization", b"Bearer x"),
    ]
    assert set(dict(request_headers(headers))) == {b"content-length", b"authorization", b"x-request-id"}
    assert answer_headers([(b"Connection", b"X-Hop"), (b"X-Hop", b"1"), (b"ETag", b'"1"')]) == [
        (b"etag", b'"1"')
    ]


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
