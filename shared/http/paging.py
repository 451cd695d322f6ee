"""Lists in pages: a signed cursor for "after this row", never an offset that shifts while one reads."""

import base64
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar, get_args
from urllib.parse import urlencode

import orjson
from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel

from shared.app_state import AppState
from shared.caller import Caller
from shared.errors import Invalid

T = TypeVar("T")
Row = TypeVar("Row")

MOST = 100
SIGNATURE_BYTES = 16
OF_THE_PAGE = frozenset({"cursor", "limit"})
NOT_OURS = "The cursor is not one that was given out."
Limit = Annotated[int, Query(ge=1, le=MOST, description="Most items on a page")]
Cursor = Annotated[str | None, Query(description="`next` of the page before", max_length=500)]


class Page(BaseModel, Generic[T]):
    """Some of a list, and where to go on."""

    items: list[T]
    next: str | None

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """The page's name in the OpenAPI document, after its first item: RepairPage of RepairOut | JobOut."""
        item = (*get_args(params[0]), params[0])[0]
        return f"{item.__name__.removesuffix('Out')}Page"


@dataclass(frozen=True, slots=True)
class CursorSigner:
    """Makes and reads the cursors of one list for one caller, signed with HMAC-SHA256 (RFC 2104).

    `scope` says which list and which caller: a cursor of another signs otherwise, and is refused.
    """

    key: bytes
    scope: bytes

    def cursor_of(self, *key: Any) -> str:
        """A cursor from the last row's sorting key."""
        packed = orjson.dumps([str(part) for part in key])
        return _encoded(self._signature(packed) + packed)

    def key_of(self, cursor: str | None, length: int) -> list[str] | None:
        """The sorting key in a cursor; raises Invalid when it is none that was given out here."""
        if cursor is None:
            return None
        try:
            opened = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise Invalid(NOT_OURS, "/cursor") from None
        signature, packed = opened[:SIGNATURE_BYTES], opened[SIGNATURE_BYTES:]
        # The decoder passes over characters that are not of its alphabet; those are no cursor of ours.
        if not hmac.compare_digest(signature, self._signature(packed)) or _encoded(opened) != cursor:
            raise Invalid(NOT_OURS, "/cursor")
        key: list[str] = orjson.loads(packed)
        if len(key) != length:  # of an earlier version of the list
            raise Invalid(NOT_OURS, "/cursor")
        return key

    def page_of(
        self, rows: Sequence[Row], limit: int, key: Callable[[Row], tuple[Any, ...]]
    ) -> tuple[Sequence[Row], str | None]:
        """The page's rows and the next cursor, from a query that asked for one row more than `limit`."""
        shown = rows[:limit]
        return shown, self.cursor_of(*key(shown[-1])) if len(rows) > limit else None

    def _signature(self, packed: bytes) -> bytes:
        return hmac.digest(self.key, self.scope + b"\n" + packed, "sha256")[:SIGNATURE_BYTES]


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The page that a caller asks for: how many rows at most, and the cursor of the page before."""

    limit: int
    cursor: str | None
    signer: CursorSigner

    def after(self, length: int) -> list[str] | None:
        """The sorting key after which the page begins, of that many parts; raises Invalid."""
        return self.signer.key_of(self.cursor, length)

    def cut(
        self, rows: Sequence[Row], key: Callable[[Row], tuple[Any, ...]]
    ) -> tuple[Sequence[Row], str | None]:
        """The page's rows and the next cursor, from a query that asked for one row more than `limit`."""
        return self.signer.page_of(rows, self.limit, key)


async def page_request(request: Request, limit: Limit = 50, cursor: Cursor = None) -> PageRequest:
    """The page that a request asks for, with the signer of its list and caller."""
    state: AppState = request.app.state.resources
    signer = signer_for(request, request.scope["state"].get("caller"), state.cursor_key)
    return PageRequest(limit, cursor, signer)


Paging = Annotated[PageRequest, Depends(page_request)]


def signer_for(request: Request, caller: Caller | None, key: bytes) -> CursorSigner:
    """The signer of the list that a request asks for: its path and filters, whatever the page's size."""
    filters = [pair for pair in request.query_params.multi_items() if pair[0] not in OF_THE_PAGE]
    scope = [caller.identity if caller else None, request.scope["path"], sorted(filters)]
    return CursorSigner(key, json.dumps(scope).encode())


def _encoded(opened: bytes) -> str:
    return base64.urlsafe_b64encode(opened).decode().rstrip("=")


def link_next(request: Request, response: Response, result: Any) -> None:
    """Add the RFC 8288 Link to the next page, if the answer is a page that another follows."""
    if isinstance(result, Page) and result.next is not None:
        rest = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        query = urlencode([*rest, ("cursor", result.next)])
        response.headers["Link"] = f'<{request.scope["path"]}?{query}>; rel="next"'
