"""Questions that the gateway itself asks of a service, be it in this process or far away."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp

SECONDS = 1.0


async def get_json(service: ASGIApp, path: str) -> dict[str, Any] | None:
    """The JSON object at a path of the service, or None if it gives none within a second."""
    transport = httpx.ASGITransport(service, raise_app_exceptions=False)
    try:
        async with (
            asyncio.timeout(SECONDS),
            httpx.AsyncClient(transport=transport, base_url="http://service", trust_env=False) as client,
        ):
            answer = await client.get(path)
            document = answer.raise_for_status().json()
    except (httpx.HTTPError, TimeoutError, ValueError):
        return None
    return document if isinstance(document, dict) else None
