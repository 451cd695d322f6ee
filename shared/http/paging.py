"""Lists in pages: an opaque cursor for "after this row", never an offset that shifts while one reads."""

import base64
import zlib
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

import orjson
from fastapi import Query, Request, Response
from pydantic import BaseModel

from shared.errors import Invalid

T = TypeVar("T")
Row = TypeVar("Row")

MOST = 100
CHECKSUM_BYTES = 4
NOT_OURS = "The cursor is not one that was given out."
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most")]
Cursor = Annotated[str | None, Query(description="`next` of the page before", max_length=500)]


class Page(BaseModel, Generic[T]):
    """Some of a list, and where to go on."""

    items: list[T]
    next: str | None


def cursor_of(*key: Any) -> str:
    """A cursor from the last row's sorting key, with a checksum: one cut short or made up is not read."""
    packed = orjson.dumps([str(part) for part in key])
    return base64.urlsafe_b64encode(_checksum(packed) + packed).decode().rstrip("=")


def _checksum(packed: bytes) -> bytes:
    return zlib.crc32(packed).to_bytes(CHECKSUM_BYTES)


def key_of(cursor: str | None, length: int) -> list[str] | None:
    """The sorting key in a cursor; raises Invalid when it is none that was given out."""
    if cursor is None:
        return None
    try:
        opened = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raise Invalid(NOT_OURS, "/cursor") from None
    checksum, packed = opened[:CHECKSUM_BYTES], opened[CHECKSUM_BYTES:]
    if checksum != _checksum(packed):
        raise Invalid(NOT_OURS, "/cursor")
    key: list[str] = orjson.loads(packed)
    if len(key) != length:  # of another list
        raise Invalid(NOT_OURS, "/cursor")
    return key


def page_of(
    rows: Sequence[Row], limit: int, key: Callable[[Row], tuple[Any, ...]]
) -> tuple[Sequence[Row], str | None]:
    """The page's rows and the next cursor, from a query that asked for one row more than `limit`."""
    shown = rows[:limit]
    return shown, cursor_of(*key(shown[-1])) if len(rows) > limit else None


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """The RFC 8288 Link header to the next page."""
    if cursor is not None:
        rest = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        query = urlencode([*rest, ("cursor", cursor)])
        response.headers["Link"] = f'<{request.scope["path"]}?{query}>; rel="next"'
