"""Start-up of every long-lived process of the house, and its line to the process that supervises it."""

import asyncio
import contextlib
import ctypes
import gc
import os
import signal
import sys
import threading
from collections.abc import Coroutine
from socket import socket
from typing import Any, TypeVar

if sys.platform != "win32":
    import uvloop

T = TypeVar("T")

COLLECT_AFTER = 50_000

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
MALLOC_OPTIONS = {M_MMAP_THRESHOLD: 1024 * 1024, M_TRIM_THRESHOLD: 2 * 1024 * 1024, M_ARENA_MAX: 2}
"""Parameters of mallopt(3): the first two in bytes."""

LISTENING_FD, LIFELINE_FD = "LISTENING_FD", "LIFELINE_FD"
"""The environment variables that name the file descriptors which a supervised process inherits."""

READY, LEAVING = b"+", b"-"
END_SECONDS = 30.0


def run_loop(main: Coroutine[Any, Any, T]) -> T:
    """Run like `asyncio.run`, on the faster loop where there is one."""
    tune_allocator()
    return asyncio.run(main) if sys.platform == "win32" else uvloop.run(main)


def tune_garbage_collector() -> None:
    """Leave what start-up made out of garbage collection, and collect the rest less often.

    With Python's default of 700 allocations a service's p99 was 89 ms at 32 clients, with this 18 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def tune_allocator() -> None:
    """Have glibc give large blocks back when they are freed, and keep few arenas.

    By default it keeps what is as large as the largest block that was freed. Argon2 takes 19 MB to check one
    secret: 40 MB stayed with one process.
    """
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if libc is not None and hasattr(libc, "mallopt"):  # other libraries have no such memory
        for parameter, value in MALLOC_OPTIONS.items():
            libc.mallopt(parameter, value)


def inherited_listener() -> socket | None:
    """The listening socket that the supervisor handed over; None for a process that was started by hand.

    The supervisor keeps it open: what arrives while one process ends and the next begins waits.
    """
    return _inherited(LISTENING_FD)


class Lifeline:
    """The connection to the supervisor, which is told when this process is ready, and when somebody ends it.

    Its closing is the word to end, and comes too when the supervisor has died, be it by SIGKILL: nobody would
    stop this process any more, nor start it again. It arrives as a SIGTERM. A process started by hand has no
    such line.
    """

    def __init__(self, line: socket | None) -> None:
        self._line = line
        self.is_open = line is not None
        if line is not None:
            threading.Thread(target=self._end_with, args=(line,), daemon=True).start()

    @classmethod
    def inherited(cls) -> "Lifeline":
        """The line of this process; called once, at its start."""
        return cls(_inherited(LIFELINE_FD))

    def say_ready(self) -> None:
        """Tell the supervisor that this process does its work now."""
        self._say(READY)

    def say_leaving(self) -> None:
        """Ask the supervisor to start the next; when that is ready, the line closes."""
        self._say(LEAVING)

    def _say(self, word: bytes) -> None:
        if self._line is not None:
            with contextlib.suppress(ConnectionError):  # nobody is left to hear it
                self._line.sendall(word)

    def _end_with(self, line: socket) -> None:
        with contextlib.suppress(ConnectionError):  # it was closed before all that we said had been read
            line.recv(1)  # nothing is ever sent: it returns when the other end is closed
        self.is_open = False
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(END_SECONDS)
        os._exit(1)


def _inherited(variable: str) -> socket | None:
    descriptor = os.environ.pop(variable, "")  # a child of this process does not inherit it
    return socket(fileno=int(descriptor)) if descriptor else None
