"""Everything that can be refused, as one family; each member knows its HTTP status and stable type.

Refusal
├── Invalid              422  what was sent cannot be right; points at the field
├── Unauthenticated      401  no token, or not a good one
├── Forbidden            403  a good token without the role or scope
├── NotFound             404  unknown, or not yours: indistinguishable on purpose
├── RefusedAct           409  the case does not take the act now; says which acts it does
│   └── MoveNotAllowed   409  its lifecycle does not allow the act
├── Conflict             409  another request got there first
├── StaleVersion         412  If-Match names a version that is no more
├── TooLarge             413  a body over the limit
├── UnsupportedMediaType 415  a body of another type than the route takes
├── TooManyRequests      429  over the rate limit; says when to come back
└── Unavailable          503  something this needs is down; says when to come back
"""

from collections.abc import Sequence
from typing import ClassVar


class Refusal(Exception):
    """A request that is answered with a problem (RFC 9457) instead of a result.

    `detail` is shown to the caller: it never repeats what was sent in, nor any stack or SQL.
    """

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "refused"
    title: ClassVar[str] = "The request was refused"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def members(self) -> dict[str, object]:
        """Further members of the problem document."""
        return {}

    def headers(self) -> dict[str, str]:
        """Headers that go with the answer."""
        return {}


class Invalid(Refusal):
    """Input that cannot be right; `pointer` is an RFC 6901 JSON pointer into the body."""

    status = 422
    slug = "invalid"
    title = "What was sent cannot be right"

    def __init__(self, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.pointer = pointer

    def members(self) -> dict[str, object]:
        return {"errors": [{"pointer": self.pointer, "detail": self.detail}]}


class Unauthenticated(Refusal):
    """No token, or not a good one."""

    status = 401
    slug = "unauthenticated"
    title = "A valid access token is needed"

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class Forbidden(Refusal):
    """The token is good, but its roles and scopes do not allow this."""

    status = 403
    slug = "forbidden"
    title = "This caller may not do that"


class NotFound(Refusal):
    """Unknown, or not yours: the two must look the same, or references could be guessed."""

    status = 404
    slug = "not-found"
    title = "There is no such thing for this caller"


class RefusedAct(Refusal):
    """The case does not take the act now.

    `allowed` are the caller's acts that it does take. Whoever answers the request fills it in, after the
    transaction of the refused act has ended; it is left out where it could not be read.
    """

    status = 409
    allowed: Sequence[str] | None = None

    def members(self) -> dict[str, object]:
        return {} if self.allowed is None else {"allowed": sorted(self.allowed)}


class MoveNotAllowed(RefusedAct):
    """The case's lifecycle does not allow the act."""

    slug = "move-not-allowed"
    title = "The case does not allow this act now"


class Conflict(Refusal):
    """Another request got there first."""

    status = 409
    slug = "conflict"
    title = "Another request got there first"


class InProgress(Conflict):
    """The first request with an Idempotency-Key has not ended: asked again, it gets that one's answer."""

    slug = "request-in-progress"
    title = "The first request with this key is still being worked on"


class StaleVersion(Refusal):
    """If-Match names a version that is no more."""

    status = 412
    slug = "stale-version"
    title = "The case has changed since it was read"


class TooLarge(Refusal):
    """The body is over the limit."""

    status = 413
    slug = "too-large"
    title = "The request body is too large"


class UnsupportedMediaType(Refusal):
    """The body is of another media type than the route takes."""

    status = 415
    slug = "unsupported-media-type"
    title = "The request body is of a type that is not taken here"


class _RetryLater(Refusal):
    def __init__(self, detail: str, retry_after: int = 1) -> None:
        super().__init__(detail)
        self.retry_after = retry_after

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}


class TooManyRequests(_RetryLater):
    """Over the rate limit; `retry_after` is in seconds."""

    status = 429
    slug = "too-many-requests"
    title = "Too many requests"


class Unavailable(_RetryLater):
    """Something this needs is down or full; `retry_after` is in seconds."""

    status = 503
    slug = "unavailable"
    title = "Temporarily unavailable"
