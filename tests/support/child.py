"""The commands of the house as people start them: child processes, and what these have said."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.eventually import eventually

ROOT = Path(__file__).parents[2]

# Seconds, on a machine that does much else; a house of many processes took 7, and 50 beside five other runs.
START_SECONDS = 120.0
STOP_SECONDS = 30.0

# Whoever tests asks more often than a person, and no test depends on the world outside.
FOR_TESTS = {
    "BANK_HOLIDAYS_URL": "http://127.0.0.1:1/",
    "RATE_LIMIT_PER_MINUTE": "1000000",
    "RATE_LIMIT_MACHINES_PER_MINUTE": "1000000",
}


class Child:
    """A running `python -m …`; its output goes to files in `folder`."""

    def __init__(self, folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self._output, self._errors = folder / "output.txt", folder / "errors.txt"
        with self._output.open("wb") as output, self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env={**os.environ, **FOR_TESTS, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )

    def said(self) -> str:
        """The output for the person at the terminal."""
        return self._output.read_text()

    def complained(self) -> str:
        """The text that it has written to standard error."""
        return self._errors.read_text()

    async def until_said(self, words: str, seconds: float = START_SECONDS) -> None:
        """Wait until it has said these words; fails at once when it ends without."""
        await eventually(lambda: words in self.said() or self.process.poll() is not None, seconds)
        assert words in self.said(), self.complained()

    async def ended(self, seconds: float = STOP_SECONDS) -> int:
        """Its exit code, once it has ended."""
        return await asyncio.to_thread(self.process.wait, seconds)

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send it a signal, if it still runs, and wait until it has ended."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return await self.ended()


@asynccontextmanager
async def child(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Child]:
    """A command that is stopped in the end, if it has not ended by itself."""
    running = Child(folder, *arguments, environment=environment)
    try:
        yield running
    finally:
        try:
            await running.stop()
        except subprocess.TimeoutExpired:
            running.process.kill()
            raise
