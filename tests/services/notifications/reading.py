"""Requests to the API of notifications by those who may ask."""

from typing import Any

import httpx

from tests.services.callers import Headers


async def read(client: httpx.AsyncClient, path: str, headers: Headers, **query: Any) -> Any:
    """The answer to a question that is in order."""
    answer = await client.get(path, headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def listed(client: httpx.AsyncClient, path: str, headers: Headers, **query: Any) -> list[Any]:
    """The items on all pages of a list."""
    items: list[Any] = []
    while True:
        page = await read(client, path, headers, **query)
        items += page["items"]
        if page["next"] is None:
            return items
        query["cursor"] = page["next"]
