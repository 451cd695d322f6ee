"""Redis for tests: a private server, which is gone when they end."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.support import programs
from tests.support.eventually import eventually


class NoRedis(Exception):
    """There is no redis-server and apt-get may not install it."""


@asynccontextmanager
async def private_redis() -> AsyncIterator[str]:
    """The URL of a server of our own that keeps nothing on disk; raises NoRedis."""
    program = await asyncio.to_thread(programs.found_or_installed, "redis-server", "redis-server")
    if program is None:
        raise NoRedis("No redis-server is installed, and apt-get may not install it.")
    port = programs.free_port()
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder)
        server = await asyncio.create_subprocess_exec(program, *options, stdout=asyncio.subprocess.DEVNULL)
        try:
            await eventually(lambda: _answers(port))
            yield f"redis://127.0.0.1:{port}"
        finally:
            server.terminate()
            await server.wait()


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
