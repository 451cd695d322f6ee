"""Header filtering: which headers go through the gateway, and which end here."""

from collections.abc import Iterable

from shared.telemetry import request_id

Headers = list[tuple[bytes, bytes]]

FORWARDED = frozenset(
    {
        b"accept",
        b"accept-language",
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"idempotency-key",
        b"if-match",
        b"if-none-match",
        b"traceparent",
    }
)
"""The request headers that a service gets: those that ours read, and no other.

A list of what is dropped always lacks one, such as X-Forwarded-User, that something further on believes.
"""

TO_FRONT_ENDS = frozenset(
    {
        b"accept",
        b"accept-encoding",
        b"accept-language",
        b"content-length",
        b"content-type",
        b"cookie",
        b"hx-request",
        b"if-none-match",
        b"origin",
        b"sec-fetch-site",
        b"traceparent",
    }
)
"""The request headers that a front end gets: those of a browser, and no token, which its session holds."""

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""They speak of one connection only (RFC 9110 section 7.6.1)."""

MADE_BY_OUR_SERVER = frozenset({b"date", b"server"})
DROPPED = HOP_BY_HOP | MADE_BY_OUR_SERVER


def request_headers(
    headers: Iterable[tuple[bytes, bytes]], forwarded: frozenset[bytes] = FORWARDED
) -> Headers:
    """The request headers that are passed on, and the request id. Names come in lower case."""
    passed = [(name, value) for name, value in headers if name in forwarded]
    passed.append((b"x-request-id", request_id.get().encode("ascii")))
    return passed


def answer_headers(raw: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The headers of a distant service's answer that a client gets."""
    headers = [(name.lower(), value) for name, value in raw]
    passed = [each for each in headers if each[0] not in DROPPED]
    named = [value for name, value in headers if name == b"connection"]
    if not named:
        return passed
    ended = {part.strip().lower() for value in named for part in value.split(b",")}
    return [each for each in passed if each[0] not in ended]
