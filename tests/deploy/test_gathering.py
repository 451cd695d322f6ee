"""Gather the writes of one turn of the loop into one, and hold nothing back for longer."""

import asyncio

import pytest

from deploy.gathering import MOST_BYTES, GatheringTransport


class Wire(asyncio.Transport):
    """The end of a connection, which notes each write."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.sent.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
async def gathering(wire: Wire) -> GatheringTransport:
    return GatheringTransport(wire, asyncio.get_running_loop())


async def test_head_and_body_leave_together(wire: Wire, gathering: GatheringTransport) -> None:
    """And the next answer by the next write, in order."""
    gathering.write(b"head ")
    gathering.write(b"body")
    assert wire.sent == []
    await asyncio.sleep(0)
    gathering.write(b"next")
    await asyncio.sleep(0)
    assert wire.sent == [b"head body", b"next"]


async def test_a_long_body_does_not_wait(wire: Wire, gathering: GatheringTransport) -> None:
    """Or a stream would grow in memory, however slowly its reader takes it."""
    for _ in range(3):
        gathering.write(b"x" * MOST_BYTES)
    assert sum(map(len, wire.sent)) >= 2 * MOST_BYTES
    await asyncio.sleep(0)
    assert sum(map(len, wire.sent)) == 3 * MOST_BYTES


async def test_closing_sends_what_was_written(wire: Wire, gathering: GatheringTransport) -> None:
    """The last words before a connection ends are the reason why."""
    gathering.write(b"too slow")
    gathering.close()
    assert (wire.sent, wire.closed) == ([b"too slow"], True)
    await asyncio.sleep(0)
    assert wire.sent == [b"too slow"]


async def test_nothing_is_written_to_a_lost_connection(wire: Wire, gathering: GatheringTransport) -> None:
    """The client has left between the answer and the end of the turn."""
    gathering.write(b"an answer")
    wire.close()
    await asyncio.sleep(0)
    assert wire.sent == []
