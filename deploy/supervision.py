"""Supervision of one process: started, started again when it ends, and replaced without a request refused."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.serve import PortTaken, listen_on
from shared.runtime import LEAVING, LIFELINE_FD, LISTENING_FD, READY

RESTART_SECONDS = 1.0
READY_SECONDS = 300.0  # a start takes three on an idle machine, and a hundred where forty processes want it
STOP_SECONDS = 30.0

ASKED_TO_END = frozenset({0, -signal.SIGTERM, -signal.SIGINT})


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, flush=True)


@dataclass(frozen=True, slots=True)
class Child:
    """One running child, with our end of its lifeline: when we die, that closes, and the child ends too."""

    process: asyncio.subprocess.Process
    line: socket.socket

    async def is_ready(self) -> bool:
        """Wait until it says that it is ready; False if it ends instead, or says nothing for too long."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                return await self._hears(READY)
        except TimeoutError:
            return False

    async def leaves(self) -> bool:
        """Wait until it says that it was told to end and serves on till then; False if it ends."""
        return await self._hears(LEAVING)

    async def stop(self) -> bool:
        """Ask it to end soon, and kill it if it does not; tells whether it did by itself."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        return await self._ends()

    async def drain(self) -> bool:
        """Have it answer what it has begun, and end; kill it if it does not, and tell whether it did."""
        with contextlib.suppress(OSError):  # it has ended
            self.line.shutdown(socket.SHUT_WR)
        return await self._ends()

    async def _hears(self, word: bytes) -> bool:
        loop = asyncio.get_running_loop()
        while heard := await loop.sock_recv(self.line, 1):
            if heard == word:
                return True
        return False

    async def _ends(self) -> bool:
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.process.wait()
                return True
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
            return False


@dataclass(slots=True)
class Process:
    """One process of the house, kept running until it is told to stop.

    The socket it listens on at `port` is ours: a process that is asked to end is followed by one that accepts
    the connections which arrived meanwhile. When one crashes the socket is closed: callers are refused at
    once, and need not wait for what may not come back. A `worker` does its work without its port too, which
    only shows its liveness and metrics.
    """

    name: str
    arguments: Sequence[str]
    environment: dict[str, str]
    log: Path
    port: int
    worker: bool = False
    _child: Child | None = field(default=None, init=False)
    _listening: socket.socket | None = field(default=None, init=False)
    _changing: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @property
    def pid(self) -> int | None:
        """The id of the process that runs now, if one does."""
        return None if self._child is None else self._child.process.pid

    async def keep_running(self) -> None:
        """Start it, and again whenever it ends; one that is told to end serves on until the next is ready."""
        async with self._changing:
            child = self._child = await self._start()
        while True:
            if await child.leaves():
                say(f"{self.name} was told to end, and is replaced")
                if not await self.replace():
                    await child.drain()
            code = await child.process.wait()
            child.line.close()
            if self._child is child:
                await self._start_again(child, code)
            child = self._child

    async def replace(self) -> bool:
        """Start the next, and when it is ready have the last drain and end; False if the next never is ready.

        The last serves on then, as if nothing had been asked.
        """
        async with self._changing:
            last, following = self._child, await self._start()
            if not await following.is_ready():
                say(f"the next {self.name} does not get ready; see {self.log}")
                await following.stop()
                return False
            self._child = following
        if last is not None and not await last.drain():
            say(f"{self.name} did not end in time and was killed")
        return True

    async def stop(self) -> None:
        """Ask it to stop, and end it if it does not."""
        self._stop_listening()
        if self._child is not None and not await self._child.stop():
            say(f"{self.name} did not stop in time and is ended")

    async def _start_again(self, ended: Child, code: int) -> None:
        say(f"{self.name} ended with code {code} and is started again; see {self.log}")
        if code not in ASKED_TO_END:
            self._stop_listening()
            await asyncio.sleep(RESTART_SECONDS)
        async with self._changing:
            if self._child is ended:
                self._child = await self._start()

    async def _start(self) -> Child:
        await self._listen()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        handed = {LIFELINE_FD: theirs.fileno()}
        if self._listening is not None:
            handed[LISTENING_FD] = self._listening.fileno()
        with theirs, self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self.arguments,
                env=self.environment | {name: str(descriptor) for name, descriptor in handed.items()},
                pass_fds=handed.values(),
                stdout=log,
                stderr=log,
                # Ctrl-C reaches only us, and we stop everything in order. A session of its own would do that
                # too, but sessions share the processor evenly, however polite a process in one says it is.
                process_group=0,
            )
        return Child(process, ours)

    async def _listen(self) -> None:
        """Have the socket that it listens on, which is ours from its first start on."""
        while self._listening is None:
            try:
                self._listening = listen_on(self.port)
            except PortTaken as taken:
                if self.worker:
                    say(f"{self.name} shows neither liveness nor metrics: port {self.port} is taken")
                    return
                say(f"{self.name} waits: {taken}")
                await asyncio.sleep(RESTART_SECONDS)

    def _stop_listening(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None
