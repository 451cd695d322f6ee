"""Bodies that are too large for a front end: thrown away, so that its page is seen."""

import asyncio

import pytest
from starlette.types import Message

from gateway import bodies
from gateway.bodies import EmptyBody, thrown_away


class Client:
    """A client that sends so many pieces, and stays until it is told to leave."""

    def __init__(self, pieces: int) -> None:
        self.pieces = pieces
        self.leaves = asyncio.Event()

    async def receive(self) -> Message:
        if self.pieces:
            self.pieces -= 1
            return {"type": "http.request", "body": b"x" * 1000, "more_body": self.pieces > 0}
        await self.leaves.wait()
        return {"type": "http.disconnect"}


async def test_what_nobody_wants_is_received_to_its_end() -> None:
    """A browser that is cut off while it sends shows no answer."""
    client = Client(pieces=50)
    await thrown_away(client.receive)
    assert client.pieces == 0


async def test_nobody_is_listened_to_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body of any length would keep us busy."""
    monkeypatch.setattr(bodies, "MOST_THROWN_AWAY", 10_000)
    client = Client(pieces=50)
    await thrown_away(client.receive)
    assert client.pieces == 40


async def test_a_client_that_leaves_while_it_sends_is_waited_for_no_longer() -> None:
    """It says so in the place of the rest."""
    client = Client(pieces=0)
    client.leaves.set()
    async with asyncio.timeout(1):
        await thrown_away(client.receive)


async def test_whoever_listens_for_the_client_to_leave_waits() -> None:
    """The body is empty, once: more of it again and again would keep the listener from ever resting."""
    client = Client(pieces=0)
    empty = EmptyBody(client.receive)
    assert await empty.receive() == {"type": "http.request", "body": b"", "more_body": False}
    listener = asyncio.create_task(empty.receive())
    await asyncio.sleep(0.01)
    assert not listener.done()
    client.leaves.set()
    assert (await listener)["type"] == "http.disconnect"
