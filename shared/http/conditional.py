"""Conditional requests (RFC 9110, section 13): If-Match on the way in, ETag and Location on the way out."""

import re
from typing import Any

from starlette.responses import Response

from shared.errors import Invalid

ETAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')
ETAGS = re.compile(rf"{ETAG.pattern}(?:\s*,\s*{ETAG.pattern})*")


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
    """Say of what has a `path` of its own its `version` as the ETag, and after a POST, that path."""
    path = getattr(result, "path", None)
    if path is None:
        return
    if (version := getattr(result, "version", None)) is not None:
        response.headers["ETag"] = f'"{version}"'
    if is_new:
        response.headers["Location"] = path
