"""Behaviour of the in-process broker alone: dead letters in files."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from shared.messaging.broker import Queue
from shared.messaging.local import LocalBroker
from tests.shared.messaging.facts import NOW, event


async def test_a_dead_letter_outlives_a_replay_that_is_broken_off(tmp_path: Path) -> None:
    """Whoever stops while it is being delivered finds it where it was."""
    broker, entered = LocalBroker(tmp_path), asyncio.Event()

    async def refuse(bodies: Sequence[bytes]) -> list[str | None]:
        return ["refused"] * len(bodies)

    async def hang(_: Sequence[bytes]) -> list[str | None]:
        entered.set()
        await asyncio.Event().wait()
        return []

    queue = Queue("notifications", ("#",))
    for handle in (refuse, hang):
        consuming = asyncio.create_task(broker.consume(queue, handle))
        await asyncio.sleep(0)
        if handle is refuse:
            await broker.publish([event()])
        else:
            replaying = asyncio.create_task(broker.replay_dead_letters("notifications", NOW))
            await entered.wait()
            replaying.cancel()
            await asyncio.gather(replaying, return_exceptions=True)
        consuming.cancel()
        await asyncio.gather(consuming, return_exceptions=True)
    assert (await broker.dead_letters("notifications")).total == 1
