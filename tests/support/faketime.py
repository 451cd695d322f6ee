"""Another time for whole houses: Debian's libfaketime moves the clocks of processes and all that they start.

PostgreSQL, RabbitMQ and every service are moved by the same span and at the same moment. Monotonic clocks are
left as they are: no timeout notices.
"""

import os
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import programs

PACKAGE = "libfaketime"
LIBRARIES = "/usr/lib/*/faketime/libfaketimeMT.so.1"


class NoFaketime(Exception):
    """libfaketime is not here and cannot be had; the message says what was tried."""


def library() -> Path:
    """The library, after installing Debian's package if need be; raises NoFaketime."""
    found = _libraries()
    if not found and (installer := programs.apt_get()) is not None:
        programs.install(installer, PACKAGE)
        found = _libraries()
    if not found:
        raise NoFaketime("No libfaketime is installed, and apt-get may not install it.")
    return found[0]


def _libraries() -> list[Path]:
    return sorted(Path("/").glob(LIBRARIES.removeprefix("/")))


def preloaded(found: Path) -> dict[str, str]:
    """The environment of a process whose time is moved, but for the words that say by how much."""
    return {
        "LD_PRELOAD": str(found),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # each process counts from the machine's clock, so none needs to be told when another began
        "FAKETIME_DISABLE_SHM": "1",
    }


class MovedClock:
    """A clock for processes that are started with its environment; it can be put on while they run."""

    def __init__(self, folder: Path, found: Path) -> None:
        self._file, self._found, self._ahead = folder / "faketime", found, 0.0
        folder.chmod(0o755)  # a PostgreSQL that root starts runs as another user
        self.put_to(datetime.now(UTC))

    def environment(self) -> Mapping[str, str]:
        """The environment of a process that goes by this clock."""
        at_once = {"FAKETIME_TIMESTAMP_FILE": str(self._file), "FAKETIME_NO_CACHE": "1"}
        return preloaded(self._found) | at_once

    def now(self) -> datetime:
        """The instant that it shows."""
        return datetime.fromtimestamp(time.time() + self._ahead, UTC)

    def put_to(self, instant: datetime) -> None:
        """Put it to an instant, from which it goes on; every process goes by it from now on."""
        self._ahead = round(instant.timestamp() - time.time())
        draft = self._file.with_suffix(".part")
        draft.write_text(f"{self._ahead:+.0f}\n")
        draft.rename(self._file)


@contextmanager
def everything_on(clock: MovedClock) -> Generator[None, None, None]:
    """Have whatever this process starts meanwhile go by that clock, but not this process itself."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in clock.environment().items():
            patch.setenv(name, value)
        yield


def starting_at(instant: datetime) -> dict[str, str]:
    """The environment of a process, and of all that it starts, from that instant on; raises NoFaketime."""
    ahead = round(instant.timestamp() - time.time())
    return os.environ | preloaded(library()) | {"FAKETIME": f"{ahead:+d}"}
