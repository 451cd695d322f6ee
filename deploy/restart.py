"""`make restart`: asks the `make up` of the same VAR to restart everything; it says there how that goes."""

import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from gateway.files import write_atomically
from shared.settings import Settings

FILE = "up.pid"


@contextmanager
def process_id(var: Path) -> Generator[None, None, None]:
    """Keep the id of this process in a file, for whoever wants to send it a signal."""
    path = var / FILE
    write_atomically(path, str(os.getpid()).encode())
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def supervisor(var: Path) -> psutil.Process | None:
    """The `make up` that runs on a folder, if one does; a killed one's id may be another's by now."""
    with suppress(OSError, ValueError, psutil.NoSuchProcess):
        found = psutil.Process(int((var / FILE).read_text("ascii")))
        if "deploy.up" in found.cmdline():
            return found
    return None


def main() -> int:
    """The command line; answers the exit code."""
    var = Settings().var
    found = supervisor(var)
    if found is None:
        print(f"Nothing to restart: no `make up` runs with VAR={var}.", file=sys.stderr)
        return 1
    found.send_signal(signal.SIGUSR1)
    print("Restarting; `make up` says there how it goes.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
