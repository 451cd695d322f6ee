"""`make faults`: everything is killed under load, then restarted under load, and each promise gets a verdict.

Every process of the house in turn, its broker and its database, all private and ended as `kill -9` does; then
every process is replaced as `make restart` does.
"""

import argparse
import asyncio
import re
import sys
from collections import Counter

from shared.directory import DIRECTORY
from tests.end_to_end.deployment import Deployment, deployed
from tests.end_to_end.houses import SAM
from tests.faults.killing import Reports, kill_in_turn
from tests.faults.restarting import restart_in_turn
from tests.faults.verdicts import Stored, Verdict, verdicts
from tests.support.eventually import eventually

FAULTS = ("kills", "restart")
KILLS, REPORTS_A_SECOND = 14, 20.0
SETTLED_SECONDS = 600.0
REFERENCE = re.compile(r"REP-\w{4}-\w{4}")


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, flush=True)


async def settled(deployment: Deployment) -> Stored | None:
    """Read the databases, once nothing is on its way."""
    stored = await Stored.read(deployment.house)
    return stored if stored.is_settled else None


async def survive(deployment: Deployment, kills: int, a_second: float) -> list[Verdict]:
    """Kill under load, wait until all has settled, and judge."""
    reports = Reports(deployment.house)
    ended = asyncio.Event()
    load = asyncio.create_task(reports.keep_coming(a_second, ended))
    killed = await kill_in_turn(deployment, kills)
    ended.set()
    say(f"Killed: {', '.join(killed)}.\nWaiting until everything has settled …")
    await load
    await deployment.until_well()
    try:
        stored = await eventually(lambda: settled(deployment), SETTLED_SECONDS)
    except AssertionError:  # the verdicts say what has not
        stored = await Stored.read(deployment.house)
    letters = Counter(
        reference
        for letter in deployment.house.letters("REP-", to=SAM)
        for reference in set(REFERENCE.findall(str(letter["Subject"])))
    )
    say(f"{len(reports.answers)} reports, {reports.repeated} of them repeated for want of an answer.")
    return verdicts(reports, stored, letters, len(killed))


async def judge(wanted: frozenset[str], kills: int, a_second: float) -> list[Verdict]:
    """Start the whole house, do the wanted faults to it, and judge each promise."""
    found: list[Verdict] = []
    say("Starting everything …")
    async with deployed(DIRECTORY) as deployment:
        await deployment.until_well()
        if "kills" in wanted:
            found += await survive(deployment, kills, a_second)
        if "restart" in wanted:
            say("Restarting everything, one process after the other …")
            found += await restart_in_turn(deployment)
    return found


def main() -> int:
    """The command line; answers the exit code: 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--only", action="append", choices=FAULTS, help="this one; may be given twice")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--rate", type=float, default=REPORTS_A_SECOND, help="reports a second")
    given = parser.parse_args()
    found = asyncio.run(judge(frozenset(given.only or FAULTS), given.kills, given.rate))
    for verdict in found:
        print(verdict)
    return int(any(verdict.against for verdict in found))


if __name__ == "__main__":
    sys.exit(main())
