"""RabbitMQ for tests: the one that is there, or one of our own."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Generator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import aio_pika
import psutil
from aiormq.exceptions import AMQPError

from shared.messaging.rabbitmq import Topology
from tests.support import programs

DEFAULT_URL = "amqp://guest:guest@127.0.0.1:5672/"
DOCKER_IMAGE = "rabbitmq:4.1"

# Seconds; a cold start on a busy machine of two cores took 12.
START_TIMEOUT = 90
STOP_TIMEOUT = 30

# Seconds; RabbitMQ 3.10 forgets a quorum queue, messages and all, when it is killed within about one
# second of the declaration: the file that names its logs is not written at once.
QUEUE_SAVED = 2

# Debian's wrapper on the PATH changes to the machine's own account and folders; this is what it wraps.
SERVER_SCRIPTS = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server")


class NoRabbitMQ(Exception):
    """There is no RabbitMQ and no way to get one; the message says what was tried."""


class PrivateRabbitMQ:
    """A node that a test may stop, kill and start again; its data and its address stay.

    Everything it needs is its own: name, ports, folders, cookie and epmd. It knows nothing of a node
    that the machine may run, and that one nothing of it.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"amqp://guest:guest@127.0.0.1:{port}/"
        self._folder = folder
        self._port = port
        self._epmd: subprocess.Popen[bytes] | None = None
        self._node: subprocess.Popen[bytes] | None = None
        self._environment: dict[str, str] = {}

    @property
    def is_running(self) -> bool:
        """Tell whether it was started, and neither stopped nor killed since."""
        return self._node is not None and self._node.poll() is None

    async def start(self) -> None:
        """Start the node and wait until it takes connections, after `stop` or `kill` with what it held."""
        if self._epmd is None:
            self._environment = _prepare(self._folder, self._port)
            self._epmd = self._spawn(_program("epmd"), "-address", "127.0.0.1")
        self._node = self._spawn(server_script())
        await _wait_until_answered(self.url, self._has_failed)

    async def stop(self) -> None:
        """Stop the node in good order."""
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """End the node at once, as a power cut would; takes a while, see QUEUE_SAVED."""
        await asyncio.sleep(QUEUE_SAVED)
        await self._end(signal.SIGKILL)

    @contextmanager
    def frozen(self) -> Generator[None, None, None]:
        """Have the node accept connections and answer nothing, as long as the block."""
        assert self._node is not None
        everyone = [psutil.Process(self._node.pid), *psutil.Process(self._node.pid).children(recursive=True)]
        for process in everyone:
            process.suspend()
        try:
            yield
        finally:
            for process in everyone:
                process.resume()

    async def close(self) -> None:
        """Stop the node, if it runs, and its epmd."""
        await self.stop()
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait()
            self._epmd = None

    def _spawn(self, *command: str) -> subprocess.Popen[bytes]:
        with (self._folder / "console.log").open("ab") as console:
            return subprocess.Popen(
                command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )

    def _has_failed(self) -> str | None:
        if self._node is None or self._node.poll() is None:
            return None
        return (self._folder / "console.log").read_text(errors="replace")[-500:].strip()

    async def _end(self, how: signal.Signals) -> None:
        node, self._node = self._node, None
        if node is None or node.poll() is not None:
            return
        helpers = psutil.Process(node.pid).children(recursive=True)
        node.send_signal(how)
        try:
            await asyncio.to_thread(node.wait, STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            node.kill()
            node.wait()
        for helper in helpers:
            with suppress(psutil.NoSuchProcess):
                helper.kill()


@asynccontextmanager
async def private_rabbitmq(
    folder: Path | None = None, port: int | None = None
) -> AsyncIterator[PrivateRabbitMQ]:
    """A running node on a folder and a port, by default a temporary and a free one; ended in the end.

    Raises NoRabbitMQ when rabbitmq-server is not installed or does not start.
    """
    with tempfile.TemporaryDirectory(prefix="rabbitmq-", ignore_cleanup_errors=True) as temporary:
        node = PrivateRabbitMQ(folder or Path(temporary), port or programs.free_port())
        try:
            await node.start()
            yield node
        finally:
            await node.close()


@asynccontextmanager
async def any_rabbitmq(say: Callable[[str], None]) -> AsyncIterator[str]:
    """The URL of a RabbitMQ: the one given or running here, or else one started, installed or in Docker.

    Raises NoRabbitMQ. `say` is told about every step that takes long.
    """
    async with AsyncExitStack() as stack:
        yield await _find(say, stack)


async def _find(say: Callable[[str], None], stack: AsyncExitStack) -> str:
    given = os.environ.get("RABBITMQ_URL") or DEFAULT_URL
    if await answers(given):
        return given
    if not _is_installed() and (apt_get := programs.apt_get()):
        say("installing rabbitmq-server with apt-get, once …")
        await asyncio.to_thread(programs.install, apt_get, "rabbitmq-server")
    if _is_installed():
        say("starting a private RabbitMQ …")
        return (await stack.enter_async_context(private_rabbitmq())).url
    if _docker_runs():
        say(f"starting {DOCKER_IMAGE} with Docker …")
        return await stack.enter_async_context(_docker_rabbitmq())
    raise NoRabbitMQ(
        "No RabbitMQ: none answers at RABBITMQ_URL or localhost:5672, rabbitmq-server is not installed and "
        "apt-get may not install it, and Docker does not run."
    )


async def answers(url: str) -> bool:
    """Tell whether a RabbitMQ at this URL lets us in."""
    address = urlsplit(url)
    try:
        async with asyncio.timeout(5):
            # Asked first because aio_pika logs an error for every closed port.
            _, writer = await asyncio.open_connection(address.hostname, address.port or 5672)
            writer.close()
            connection = await aio_pika.connect(url)
            await connection.close()
    except (OSError, AMQPError, TimeoutError):
        return False
    return True


async def _wait_until_answered(url: str, failed: Callable[[], str | None] = lambda: None) -> None:
    for _ in range(START_TIMEOUT * 10):
        if await answers(url):
            return
        if reason := failed():
            raise NoRabbitMQ(f"RabbitMQ ended while starting: {reason}")
        await asyncio.sleep(0.1)
    raise NoRabbitMQ(f"RabbitMQ took more than {START_TIMEOUT} s to start.")


async def delete_topology(url: str, prefix: str, queues: Iterable[str]) -> None:
    """Delete the exchanges of a prefix and the queues of these names, with their dead letters."""
    topology = Topology(prefix)
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        for name in queues:
            await channel.queue_delete(topology.queue(name))
            await channel.queue_delete(topology.dead_queue(name))
        await channel.exchange_delete(topology.exchange)
        await channel.exchange_delete(topology.dead_exchange)


def server_script() -> str:
    """The script that starts a node as whoever calls it; raises NoRabbitMQ when there is none."""
    for script in SERVER_SCRIPTS:
        if found := shutil.which(script):
            return found
    raise NoRabbitMQ("rabbitmq-server is not installed.")


def _is_installed() -> bool:
    return any(shutil.which(script) for script in SERVER_SCRIPTS)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NoRabbitMQ(f"{name}, which comes with Erlang, is not installed.")
    return found


def _prepare(folder: Path, port: int) -> dict[str, str]:
    """Write a node's configuration; returns the environment that keeps it to its own folder and ports."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.default = 127.0.0.1:{port}\nlog.file.level = warning\n"
    )
    (folder / "enabled_plugins").write_text("[].\n")
    (folder / "rabbitmq-env.conf").touch()
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("RABBITMQ_", "ERL_"))}
    return inherited | {
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(programs.free_port()),
        "RABBITMQ_NODENAME": f"private-{port}@localhost",
        "RABBITMQ_DIST_PORT": str(programs.free_port()),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }


def _docker_runs() -> bool:
    return programs.succeeds("docker", "info")


@asynccontextmanager
async def _docker_rabbitmq() -> AsyncIterator[str]:
    port = programs.free_port()
    run = ["docker", "run", "--detach", "--rm", "--publish", f"127.0.0.1:{port}:5672", DOCKER_IMAGE]
    started = await asyncio.to_thread(subprocess.run, run, capture_output=True, text=True, check=False)
    if started.returncode != 0:
        raise NoRabbitMQ(f"Docker cannot start {DOCKER_IMAGE}: {started.stderr.strip()}")
    url = f"amqp://guest:guest@127.0.0.1:{port}/"
    try:
        await _wait_until_answered(url)
        yield url
    finally:
        stop = ["docker", "stop", started.stdout.strip()]
        await asyncio.to_thread(subprocess.run, stop, capture_output=True, check=False)
