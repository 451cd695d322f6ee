"""Header filtering: which headers go through the gateway, and which end here."""

from collections.abc import Iterable

from shared.telemetry import request_id

Headers = list[tuple[bytes, bytes]]

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

ENDS_HERE = HOP_BY_HOP | {b"expect", b"forwarded", b"x-real-ip", b"x-request-id"}

CLAIMED_IDENTITY = (
    b"x-auth",
    b"x-caller",
    b"x-client",
    b"x-department",
    b"x-firm",
    b"x-forwarded",
    b"x-http-method",
    b"x-method-override",
    b"x-original-",
    b"x-remote",
    b"x-rewrite-",
    b"x-role",
    b"x-scope",
    b"x-subject",
    b"x-user",
)
"""Headers that only the token may stand for: no service may come to believe one that anyone can send."""

CANNOT_BE_NAMED = frozenset({b"content-length", b"host", b"authorization"})
"""A Connection header that names these would change what the request means, not how it travels."""

MADE_BY_OUR_SERVER = frozenset({b"date", b"server"})


def request_headers(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The request headers that a service gets, and the request id. Names come in lower case."""
    headers = list(headers)
    dropped = ENDS_HERE | _named_by_connection(headers)
    # An underscore can stand for a dash further on, and so bring in by the back door what ends here.
    passed = [
        (name, value)
        for name, value in headers
        if name not in dropped and not name.startswith(CLAIMED_IDENTITY) and b"_" not in name
    ]
    passed.append((b"x-request-id", request_id.get().encode("ascii")))
    return passed


def answer_headers(raw: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The headers of a distant service's answer that a client gets."""
    headers = [(name.lower(), value) for name, value in raw]
    dropped = HOP_BY_HOP | MADE_BY_OUR_SERVER | _named_by_connection(headers)
    return [(name, value) for name, value in headers if name not in dropped]


def _named_by_connection(headers: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    named = [value for name, value in headers if name == b"connection"]
    return frozenset(part.strip().lower() for value in named for part in value.split(b",")) - CANNOT_BE_NAMED
