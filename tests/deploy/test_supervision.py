"""One supervised process: replaced without a request refused, started again, and never left behind."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import psutil
import pytest

from deploy.supervision import Process
from tests.support.child import ROOT, START_SECONDS
from tests.support.eventually import eventually
from tests.support.programs import free_port

CALLERS = 8


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Process]:
    """A supervised process that serves."""
    port = free_port()
    supervised = Process(
        "slow",
        ("-m", "deploy.serve", "tests.deploy.slow_app:app", str(port)),
        {**os.environ, "PYTHONPATH": str(ROOT), "NEVER_READY": str(tmp_path / "never-ready")},
        tmp_path / "slow.log",
        port,
    )
    keeping = asyncio.create_task(supervised.keep_running())
    await eventually(lambda: serving(supervised), START_SECONDS)
    yield supervised
    keeping.cancel()
    await supervised.stop()


async def serving(process: Process) -> int | None:
    """The id of the process that answers, None while none does."""
    with suppress(aiohttp.ClientError):
        async with aiohttp.ClientSession() as session, session.get(address(process)) as answer:
            return int(await answer.text())
    return None


def address(process: Process) -> str:
    return f"http://127.0.0.1:{process.port}/"


@asynccontextmanager
async def load(process: Process) -> AsyncIterator[Counter[str]]:
    """POST requests, which nothing repeats, on connections that are kept; counts answers and failures."""
    answers: Counter[str] = Counter()
    # as the gateway's: none is used that was idle for three seconds
    connector = aiohttp.TCPConnector(keepalive_timeout=3.0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def call_again_and_again(pause: float) -> None:
            while True:
                try:
                    async with session.post(address(process), data=b"x") as answer:
                        answers[await answer.text()] += 1
                except aiohttp.ClientError as failure:
                    answers[type(failure).__name__] += 1
                await asyncio.sleep(pause)

        callers = [asyncio.create_task(call_again_and_again(0.1 * number)) for number in range(CALLERS)]
        try:
            await eventually(lambda: answers.total() > CALLERS)
            yield answers
            before = answers.total()
            await eventually(lambda: answers.total() > before + 2 * CALLERS)
        finally:
            for caller in callers:
                caller.cancel()
            await asyncio.gather(*callers, return_exceptions=True)


async def test_it_is_replaced_and_no_request_is_refused(process: Process) -> None:
    """Every request was answered by the last or by the next, some of them at the same time."""
    last = await serving(process)
    async with load(process) as answers:
        assert await process.replace()
    assert answers.keys() == {str(last), str(await serving(process))}
    assert not psutil.pid_exists(last or 0)


async def test_one_that_somebody_ends_is_replaced_first(process: Process) -> None:
    """A SIGTERM that is not ours: it serves on until the next is ready, and then ends."""
    last = await serving(process)
    assert last is not None
    async with load(process) as answers:
        os.kill(last, signal.SIGTERM)
        await eventually(lambda: not psutil.pid_exists(last), START_SECONDS)
    assert answers.keys() == {str(last), str(await serving(process))}


async def test_the_last_serves_on_if_the_next_is_never_ready(process: Process, tmp_path: Path) -> None:
    """As after an update that cannot start; the next try may go well."""
    last = await serving(process)
    (tmp_path / "never-ready").touch()
    async with load(process) as answers:
        assert not await process.replace()
    assert answers.keys() == {str(last)}
    (tmp_path / "never-ready").unlink()
    assert await process.replace()
    assert await serving(process) != last


async def test_one_that_crashes_is_started_again(process: Process) -> None:
    """Meanwhile callers are refused at once: they would else wait for what may crash again."""
    last = await serving(process)
    assert last is not None
    os.kill(last, signal.SIGKILL)
    async with asyncio.timeout(0.9):
        await eventually(lambda: is_refused(process))
    assert await eventually(lambda: serving(process), START_SECONDS) != last


async def is_refused(process: Process) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", process.port)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False
