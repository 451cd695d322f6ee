"""`python -m deploy.dead_letters`: the acts of the ops page on dead letters, for whoever has no page.

It asks the gateway at GATEWAY_URL as a client of the role ops: OPS_CLIENT_ID with OPS_CLIENT_SECRET, by
default the demo client of `make run`.
"""

import argparse
import asyncio
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from deploy.gateway_client import (
    GatewayClient,
    RequestRefused,
    UnusableGateway,
    add_client_arguments,
    open_client,
)
from shared.settings import Settings

PATH = "/v1/dead-letters"
SETTLING_SECONDS = 2.0
"""The time that the tries of one message take, with their pauses."""

Letter = Mapping[str, Any]


async def show(gateway: GatewayClient, queues: Sequence[str]) -> None:
    """Print the dead letters of these queues by why, with the oldest of each; of no case anything."""
    for queue in queues:
        found = await _read(gateway, queue)
        print(f"{queue}: {_counted(found['total'])}")
        for reason, count in Counter(letter["reason"] for letter in found["items"]).most_common():
            letters = [letter for letter in found["items"] if letter["reason"] == reason]
            oldest = min(letters, key=lambda letter: letter["recorded_at"] or letter["died_at"] or "9")
            back = sum(1 for letter in letters if letter["replayed_at"])
            print(f"  {count} for: {reason}")
            print(
                f"    the oldest is {oldest['id']}, {oldest['type'] or 'no event'}, of "
                f"{oldest['recorded_at'] or '?'}, given up on {oldest['died_at'] or '?'}; {back} tried before"
            )
        if len(found["items"]) < found["total"]:
            print(f"  These are the first {len(found['items'])} of {found['total']}.")


async def try_again(gateway: GatewayClient, given: argparse.Namespace) -> None:
    """Queue the letters that are meant, and say what became of them."""
    ids = await _meant(gateway, given)
    body = {"queue": given.queue, "ids": ids, "limit": len(ids)}
    queued = (await gateway.post(f"{PATH}/replay", body, uuid4().hex)).json()
    print(f"Queued: {queued['replayed']}.")
    await asyncio.sleep(given.wait)
    found = await _read(gateway, given.queue)
    back = [letter for letter in found["items"] if letter["replayed_at"] == queued["replayed_at"]]
    print(f"Wait in the queue of {given.queue} now: {found['waiting']}.")
    print(f"Back again: {len(back)}.")
    if len(found["items"]) < found["total"]:
        print(f"Only the first {len(found['items'])} of {found['total']} are looked at; these come last.")


async def discard(gateway: GatewayClient, given: argparse.Namespace) -> None:
    """Discard the letters that are meant, with a reason that is kept."""
    body = {"queue": given.queue, "ids": await _meant(gateway, given), "reason": given.because}
    discarded = (await gateway.post(f"{PATH}/discard", body, uuid4().hex)).json()["items"]
    print(f"Discarded: {len(discarded)}. Each is kept with who did it and why.")


async def _meant(gateway: GatewayClient, given: argparse.Namespace) -> list[str]:
    """The ids of the letters that are meant; raises RequestRefused where there is none."""
    if given.id:
        return list(given.id)
    letters = (await _read(gateway, given.queue))["items"]
    ids = dict.fromkeys(letter["id"] for letter in letters if given.reason in (None, letter["reason"]))
    if not ids:
        raise RequestRefused("There is no such dead letter.")
    return list(ids)


async def _read(gateway: GatewayClient, queue: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] | None = await gateway.get(f"{PATH}?queue={quote(queue, safe='')}")
    if found is None:
        raise RequestRefused("The gateway knows of no dead letters.")
    return found


def _counted(count: int) -> str:
    return f"{count} dead letter{'' if count == 1 else 's'}"


def arguments(command_line: Sequence[str] | None) -> argparse.Namespace:
    """Arguments from the command line and the environment."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.dead_letters",
        description="Look at messages that could not be handled, try them once more, or discard them.",
    )
    parser.add_argument(
        "--url",
        default=os.environ.get("GATEWAY_URL") or "http://localhost:8000",
        help="the gateway (GATEWAY_URL, else %(default)s)",
    )
    add_client_arguments(parser, "OPS", "demo-ops", "a client of the role ops")
    acts = parser.add_subparsers(dest="act", required=True)
    listing = acts.add_parser("list", help="by why, with count and oldest")
    listing.add_argument("queues", nargs="*", help="each service has a queue of its name; by default all")
    trying = acts.add_parser("try", help="deliver once more: by default all that are shown")
    trying.add_argument("--wait", type=float, default=SETTLING_SECONDS, help=argparse.SUPPRESS)
    discarding = acts.add_parser("discard", help="delete those that nobody can or need handle")
    for act, needs_choice in ((trying, False), (discarding, True)):
        act.add_argument("queue")
        choice = act.add_mutually_exclusive_group(required=needs_choice)
        choice.add_argument("--id", action="append", help="this one; may be given again for others")
        choice.add_argument("--reason", help="those that were given up on for this reason, word for word")
    discarding.add_argument("--because", required=True, help="why, which is kept with your client's name")
    return parser.parse_args(command_line)


async def run(given: argparse.Namespace) -> None:
    """Do one act; raises UnusableGateway, RequestRefused."""
    async with open_client(given.url, given.client_id, given.client_secret) as gateway:
        if given.act == "list":
            await show(gateway, given.queues or Settings().directory.names)
        elif given.act == "try":
            await try_again(gateway, given)
        else:
            await discard(gateway, given)


def main(command_line: Sequence[str] | None = None) -> int:
    """The command line; answers the exit code."""
    try:
        asyncio.run(run(arguments(command_line)))
    except (UnusableGateway, RequestRefused) as problem:
        print(f"That was not done: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
