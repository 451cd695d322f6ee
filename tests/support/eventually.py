"""Waiting for what will come, for as long as it takes and no longer."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

POLL_SECONDS = 0.02


async def eventually(look: Callable[[], T | Awaitable[T]], seconds: float = 10.0) -> T:
    """What `look` gives once that is true; fails when it never is within so many seconds."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while True:
        seen = look()
        found: T = await seen if inspect.isawaitable(seen) else seen
        if found:
            return found
        if loop.time() > until:
            raise AssertionError(f"waited {seconds} s, and this is how it stayed: {found!r}")
        await asyncio.sleep(POLL_SECONDS)
