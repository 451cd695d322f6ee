"""`python -m deploy.replay FILE`: post an old system's CSV of service requests through the public API."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from deploy.gateway_client import (
    GatewayClient,
    RequestRefused,
    UnusableGateway,
    add_client_arguments,
    open_client,
)
from deploy.replay.deadlines import states_by_standard
from deploy.replay.explanation import explain
from deploy.replay.mapping import BadMapping, Mapping, check_faults, read_mapping
from deploy.replay.posting import Gateways, post_all
from deploy.replay.progress import progress
from deploy.replay.rows import UnreadableFile, sort_rows
from deploy.replay.summary import print_rows, print_standards
from shared.clock import system_clock

THE_311_FILE = Path(__file__).with_name("service_requests_311.toml")
DEMO_CLIENT, DEMO_ASB_CLIENT = "demo-officer", "demo-asb-officer"
# A table folded to fit would be no table to whoever reads it in a log.
LOG_WIDTH = 120


async def replay(given: argparse.Namespace, console: Console) -> bool:
    """Post the whole file and print what came of it; whether nothing failed and all deadlines arrived.

    Raises UnreadableFile, BadMapping, UnusableGateway and RequestRefused.
    """
    talk = Console(stderr=True, highlight=False, markup=False)
    mapping = read_mapping(given.mapping)
    if given.explain:
        explain(console, given.file, mapping, system_clock)
        return True
    talk.print(f"Reading {given.file} …")
    rows = sort_rows(given.file, mapping, system_clock())
    async with (
        open_client(given.url, given.client_id, given.client_secret) as importing,
        open_client(given.url, given.asb_client_id, given.asb_client_secret) as guarded,
    ):
        gateways = Gateways(importing, guarded)
        await _check_faults(importing, mapping, given.mapping.name)
        with progress(talk, "Posting cases", len(rows.cases)) as step:
            posted, refused = await post_all(gateways, rows.cases, mapping, step)
        rows.refused += refused
        print_rows(console, rows, posted)
        with progress(talk, "Waiting for deadlines", len(posted)) as step:
            states, missing = await states_by_standard(gateways, posted, step)
    print_standards(console, states, missing)
    return not missing and not any(row.house_failed for row in refused)


async def _check_faults(gateway: GatewayClient, mapping: Mapping, name: str) -> None:
    """The guide is the gateway's: another council's house may have another."""
    guide = await gateway.get("/v1/repairs/guide")
    if guide is None:
        raise UnusableGateway("The gateway has no repairs guide, and so no repairs.")
    check_faults(mapping, {line["fault"] for line in guide["faults"]}, name)


def arguments(command_line: Sequence[str] | None) -> argparse.Namespace:
    """Arguments from the command line and the environment."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.replay",
        description="Post an old system's CSV of service requests through the API. Twice does no harm.",
    )
    parser.add_argument("file", type=Path, help="the CSV file")
    parser.add_argument("--url", default="http://localhost:8000", help="the gateway (%(default)s)")
    parser.add_argument("--mapping", type=Path, default=THE_311_FILE, help="what its columns and words mean")
    parser.add_argument(
        "--explain", action="store_true", help="say what the mapping makes of the file, and send nothing"
    )
    add_client_arguments(parser, "REPLAY", DEMO_CLIENT, "an officer with the import scope")
    parser.add_argument(
        "--asb-client-id",
        default=os.environ.get("REPLAY_ASB_CLIENT_ID"),
        help="an officer with the asb scope, by default the same client (REPLAY_ASB_CLIENT_ID)",
    )
    parser.add_argument(
        "--asb-client-secret", default=os.environ.get("REPLAY_ASB_CLIENT_SECRET"), help=argparse.SUPPRESS
    )
    given = parser.parse_args(command_line)
    if given.asb_client_id is None:
        is_demo = given.client_id == DEMO_CLIENT
        given.asb_client_id = DEMO_ASB_CLIENT if is_demo else given.client_id
        given.asb_client_secret = given.client_secret
    return given


def main(command_line: Sequence[str] | None = None) -> int:
    """The command line; answers the exit code: 0 when every row was dealt with, refused ones included."""
    given = arguments(command_line)
    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else LOG_WIDTH)
    try:
        return 0 if asyncio.run(replay(given, console)) else 1
    except (UnreadableFile, BadMapping, UnusableGateway, RequestRefused) as problem:
        print(f"Cannot replay: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; run it again to go on, nothing is posted twice.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
