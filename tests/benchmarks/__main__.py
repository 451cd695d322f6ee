"""`make bench`: cases a second and milliseconds a case, beside what PostgreSQL alone does on this machine.

Everything runs on a private PostgreSQL and a private RabbitMQ, which are stopped in the end; what each
figure means is in docs/benchmarks.md.
"""

import argparse
import asyncio
import os
import platform
import signal
import sys

from rich.console import Console

from deploy.postgres import CannotStart
from tests.benchmarks import pgbench
from tests.benchmarks.board import board_pages
from tests.benchmarks.cases import beside_pgbench
from tests.benchmarks.figures import BenchmarkFailed, Section, Steps, table
from tests.benchmarks.house import postgres_server, private_servers
from tests.benchmarks.promises import promises
from tests.benchmarks.sweeping import sweeps
from tests.support.rabbitmq import NoRabbitMQ

ON_THE_CHAIN = frozenset({"created", "latency", "chain"})
NAMES = ("created", "latency", "chain", "sweep", "promises")
ONLY_BY_NAME = ("board",)
"""These take minutes for themselves, and are measured when they are asked for."""


async def measure(wanted: frozenset[str], seconds: int, steps: Steps) -> list[Section]:
    """Every wanted figure, in sections; each part has servers of its own, and no more than it needs."""
    sections: list[Section] = []
    if wanted & ON_THE_CHAIN:
        async with private_servers(steps) as servers:
            sections += await beside_pgbench(servers, seconds, steps, wanted)
    if "sweep" in wanted:
        async with postgres_server() as postgres:
            sections += await sweeps(postgres, steps)
    if "board" in wanted:
        async with private_servers(steps) as servers:
            sections += await board_pages(servers, steps)
    if "promises" in wanted:
        sections += promises(steps)
    return sections


async def run(wanted: frozenset[str], seconds: int, console: Console) -> None:
    """Measure and print; SIGTERM, like Ctrl-C, stops what was started."""
    this = asyncio.current_task()
    assert this is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    with Steps(console) as steps:
        sections = await measure(wanted, seconds, steps)
    machine = f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}"
    console.print(table(f"{machine}, Python {platform.python_version()}, {seconds} s each", sections))
    if wanted & ON_THE_CHAIN:
        console.print(f"pgbench is {pgbench.program()}", soft_wrap=True)


def main() -> int:
    """The command line; answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--seconds", type=int, default=20, help="how long each load lasts (default: 20)")
    parser.add_argument(
        "--only",
        action="append",
        choices=(*NAMES, *ONLY_BY_NAME),
        help="this one; may be given several times",
    )
    given = parser.parse_args()
    if given.seconds < 1:
        parser.error("--seconds must be at least 1")
    try:
        asyncio.run(run(frozenset(given.only or NAMES), given.seconds, Console()))
    except (BenchmarkFailed, NoRabbitMQ, CannotStart) as problem:
        print(f"Cannot measure: {problem}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("Stopped before the end.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
