"""Conditional requests (RFC 9110, section 13): If-Match on the way in, ETag and Location on the way out.

The ETag of a case is its version, by which acts name what they mean. A case is never "not modified": promises
fall due while its version stays. What is asked for again and again has a tag of its content instead.
"""

import hashlib
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


NOT_MODIFIED: Any = {304: {"description": "Nothing has changed since the ETag that If-None-Match names"}}
"""The `responses=` of a route whose answer has a `content_tag`."""


def content_tag(content: str) -> str:
    """A weak ETag of an answer's content: of two that mean the same it is the same."""
    return f'W/"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'


def is_not_modified(response: Response, if_none_match: str | None) -> bool:
    """Tell whether the asker has this content already (RFC 9110, section 13.1.2)."""
    tag = response.headers.get("ETag", "")
    return tag.startswith("W/") and ETAG.findall(tag)[0] in ETAG.findall(if_none_match or "")


def describe(response: Response, result: Any, *, is_new: bool) -> None:
    """Say of what has a `path` of its own its `version` as the ETag, and after a POST, that path.

    What has a `content_tag` instead is tagged by it.
    """
    if (tag := getattr(result, "content_tag", None)) is not None:
        response.headers["ETag"] = tag
    path = getattr(result, "path", None)
    if path is None:
        return
    if (version := getattr(result, "version", None)) is not None:
        response.headers["ETag"] = f'"{version}"'
    if is_new:
        response.headers["Location"] = path
