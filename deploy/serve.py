"""Serves one application as a process of its own: `python -m deploy.serve services.repairs.main:app 8101`."""

import argparse
import asyncio
import contextlib
import signal
import socket
import sys
from types import FrameType

import uvicorn

from deploy.protocol import LimitedProtocol
from shared.runtime import Lifeline, inherited_listener, tune_allocator

STOP_SECONDS = 5  # for requests under way; the relay is drained after them

DRAIN_SECONDS = 6.0
"""Longer than the five after which uvicorn closes an idle connection anyway."""

LOOK_SECONDS = 0.05
START_FAILED = 3
CLOSE = (b"connection", b"close")


class PortTaken(Exception):
    """A port on which we cannot listen; the message says which."""


class Server(uvicorn.Server):
    """uvicorn's server, which drains its connections on SIGTERM, and tells its supervisor how it is.

    With a supervisor, it first serves on until the next process is ready. SIGINT stops it as soon as the
    requests under way are answered.
    """

    def __init__(self, config: uvicorn.Config, lifeline: Lifeline) -> None:
        super().__init__(config)
        self._lifeline = lifeline
        self._drains = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, and drain first if so told; while a supervisor can start the next, ask for that instead."""
        if sig == signal.SIGTERM and self._lifeline.is_open:
            self._lifeline.say_leaving()
            return
        self._drains = sig == signal.SIGTERM
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started:
            self._lifeline.say_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, drain, then close what is left."""
        if self._drains:
            await self._drain()
        await super().shutdown(sockets)

    async def _drain(self) -> None:
        """Accept nothing more, and wait until every connection has ended by itself.

        An idle connection is not closed before its time: a request may be on its way on it, and a POST that
        was sent cannot be sent again. Each answer from now on says that its connection ends.
        """
        for server in self.servers:
            server.close()
        self.server_state.default_headers = [*self.server_state.default_headers, CLOSE]
        for _ in range(round(DRAIN_SECONDS / LOOK_SECONDS)):
            if not self.server_state.connections or not self._drains:  # SIGINT came after it
                return
            await asyncio.sleep(LOOK_SECONDS)


def listen_on(port: int) -> socket.socket:
    """A socket that listens on this machine: who calls early waits, and nobody else can have the port.

    Raises PortTaken.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        # Two sockets may be bound to one port with SO_REUSEADDR; only one can listen.
        listening.listen()
    except (OSError, OverflowError) as problem:
        listening.close()
        raise PortTaken(f"Port {port} cannot be used; choose another, as in PORT=8100.") from problem
    return listening


def main() -> None:
    """Serve until SIGTERM or Ctrl-C, on the socket of the supervisor or one of our own."""
    parser = argparse.ArgumentParser(prog="python -m deploy.serve", description=__doc__)
    parser.add_argument("app", help="the function that makes it, as in gateway.main:app")
    parser.add_argument("port", type=int)
    parser.add_argument("--host", default="127.0.0.1")
    given = parser.parse_args()
    tune_allocator()
    lifeline = Lifeline.inherited()
    listening = inherited_listener()
    config = uvicorn.Config(
        given.app,
        factory=True,  # a process that wants no application, such as a worker's, makes none
        host=given.host,
        port=given.port,
        http=LimitedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    server = Server(config, lifeline)
    with contextlib.suppress(KeyboardInterrupt):  # which uvicorn raises again once it has stopped
        server.run(sockets=None if listening is None else [listening])
    if not server.started:
        sys.exit(START_FAILED)


if __name__ == "__main__":
    main()
