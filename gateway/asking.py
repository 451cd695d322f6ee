"""Questions that the gateway itself asks of a service, be it in this process or far away."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp

SECONDS = 1.0


async def ask(
    service: ASGIApp | None, method: str, path: str, *, seconds: float = SECONDS, **request: Any
) -> httpx.Response | None:
    """The answer of the service, or None if it is not there or gives none in that time.

    `request` is as httpx takes it.
    """
    if service is None:
        return None
    transport = httpx.ASGITransport(service, raise_app_exceptions=False)
    try:
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(transport=transport, base_url="http://service", trust_env=False) as client,
        ):
            return await client.request(method, path, **request)
    except (httpx.HTTPError, TimeoutError):
        return None


async def get_json(service: ASGIApp, path: str, seconds: float = SECONDS) -> dict[str, Any] | None:
    """The JSON object at a path of the service, or None if it gives none in that time."""
    answer = await ask(service, "GET", path, seconds=seconds)
    try:
        document = answer.json() if answer is not None and answer.is_success else None
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
