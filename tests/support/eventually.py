"""Waiting for what will come, for as long as it takes and no longer."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")

POLL_SECONDS = 0.02


@overload
async def eventually(look: Callable[[], Awaitable[T | None]], seconds: float = 10.0) -> T: ...


@overload
async def eventually(look: Callable[[], T | None], seconds: float = 10.0) -> T: ...


async def eventually(look: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Poll `look` until it gives something true, and return that; fails after so many seconds."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while True:
        seen = look()
        found = await seen if inspect.isawaitable(seen) else seen
        if found:
            return found
        if loop.time() > until:
            raise AssertionError(f"waited {seconds} s, and this is how it stayed: {found!r}")
        await asyncio.sleep(POLL_SECONDS)
