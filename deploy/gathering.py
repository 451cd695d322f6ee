"""A transport that gathers writes: an answer's head and body leave by one system call.

uvicorn writes them apart. Each write to a socket took a tenth of the gateway's time, and a third where the
machine was busy.
"""

import asyncio
from typing import Any

MOST_BYTES = 64 * 1024
"""Whatever is longer leaves at once, so that a stream is held back by whoever reads it slowly."""


class GatheringTransport(asyncio.Transport):
    """Hands on at the end of a loop's turn what was written in it, and all else at once."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._gathered: list[bytes] = []
        self._size = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write with whatever else this turn writes."""
        if not self._gathered:
            self._loop.call_soon(self._hand_on)
        self._gathered.append(bytes(data))
        self._size += len(data)
        if self._size > MOST_BYTES:
            self._hand_on()

    def _hand_on(self) -> None:
        gathered, self._gathered, self._size = self._gathered, [], 0
        if gathered and not self._transport.is_closing():
            self._transport.write(gathered[0] if len(gathered) == 1 else b"".join(gathered))

    def close(self) -> None:
        """Close, once all that was written has been sent."""
        self._hand_on()
        self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()

    def is_closing(self) -> bool:
        """Tell whether it is closing or closed."""
        return self._transport.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Look a fact about the connection up, as asyncio has it."""
        return self._transport.get_extra_info(name, default)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Have another protocol take over."""
        self._transport.set_protocol(protocol)

    def pause_reading(self) -> None:
        """Read no more for now."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        self._transport.resume_reading()
