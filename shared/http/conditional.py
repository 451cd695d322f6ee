"""Conditional requests (RFC 9110, section 13): If-Match on the way in, ETag and Location on the way out."""

import re
from typing import Any, Protocol, runtime_checkable

from starlette.responses import Response

from shared.errors import Invalid

ETAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')
ETAGS = re.compile(rf"{ETAG.pattern}(?:\s*,\s*{ETAG.pattern})*")


@runtime_checkable
class Versioned(Protocol):
    """An answer that has a version, as every case has; it is the ETag."""

    version: int


@runtime_checkable
class Located(Protocol):
    """An answer about something that has an address of its own."""

    @property
    def path(self) -> str:
        """The path at which it is read."""


def expected_versions(header: str | None) -> frozenset[str] | None:
    """The versions of which one must be the case's, None for any; raises Invalid for what is no ETag.

    A tag that was never ours is no case's version, and so is answered 412.
    """
    if header is None or header.strip() == "*":
        return None
    if ETAGS.fullmatch(header.strip()) is None:
        raise Invalid('If-Match must be an ETag in quotation marks, as in "3".', "/if-match")
    return frozenset(ETAG.findall(header))


def describe(response: Response, result: Any, *, is_new: bool) -> None:
    """Say the version of what is shown, and after a POST where it is read."""
    if isinstance(result, Versioned):
        response.headers["ETag"] = f'"{result.version}"'
    if is_new and isinstance(result, Located):
        response.headers["Location"] = result.path
