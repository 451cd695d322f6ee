"""Machine clients by command: `python -m gateway.clients add council-website --role frontend`.

`list` shows them, `renew` gives one a new secret, `remove` takes one away. A secret is printed once. What
is changed holds at once, without a restart; tokens given out before are good until they end.
"""

import argparse
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from gateway.clients import (
    BadClientFile,
    Client,
    Role,
    add_to_file,
    check_client,
    new_client,
    read_clients,
    remove_from_file,
    renew_in_file,
)
from shared.settings import Settings

FIRM_HAS_JOBS = "Its firm has jobs once an officer of repairs has registered it (POST /v1/contractors). "


def _add(path: Path, given: Namespace, settings: Settings) -> str:
    client, secret = new_client(given.id, given.roles, given.scopes, given.departments, given.firm)
    check_client(client, settings.directory)
    add_to_file(path, client)
    jobs = FIRM_HAS_JOBS if client.firm else ""
    return f"Added {client.id}. {jobs}Its secret, shown only now:\n{secret}"


def _list(path: Path, given: Namespace, settings: Settings) -> str:
    return "\n".join(map(_line, read_clients(path))) or "There are no clients."


def _line(client: Client) -> str:
    named = {
        "scopes": sorted(client.scopes),
        "departments": sorted(client.departments),
        "firm": [client.firm] if client.firm else [],
    }
    more = [f"{name}: {', '.join(values)}" for name, values in named.items() if values]
    return "; ".join([f"{client.id} ({', '.join(sorted(client.roles))})", *more])


def _renew(path: Path, given: Namespace, settings: Settings) -> str:
    secret = renew_in_file(path, given.id)
    return f"The secret of {given.id} is another now, shown only here:\n{secret}"


def _remove(path: Path, given: Namespace, settings: Settings) -> str:
    remove_from_file(path, given.id)
    return f"Removed {given.id}. Its last token is good for {settings.token_seconds} seconds at most."


COMMANDS: Mapping[str, Callable[[Path, Namespace, Settings], str]] = {
    "add": _add,
    "list": _list,
    "renew": _renew,
    "remove": _remove,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gateway.clients", description="Machine clients.")
    file = argparse.ArgumentParser(add_help=False)
    file.add_argument("--file", type=Path, help="the clients file (setting CLIENTS_FILE)")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", parents=[file], help="add a client and print its secret, once")
    add.add_argument("id")
    add.add_argument("--role", action="append", required=True, choices=get_args(Role), dest="roles")
    add.add_argument("--scope", action="append", default=[], dest="scopes")
    add.add_argument("--department", action="append", default=[], dest="departments")
    add.add_argument("--firm", help="the company, for a contractor")
    commands.add_parser("list", parents=[file], help="show all clients, without their secrets")
    renew = commands.add_parser("renew", parents=[file], help="give a client a new secret and print it, once")
    renew.add_argument("id")
    remove = commands.add_parser("remove", parents=[file], help="take a client away")
    remove.add_argument("id")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; answers the exit code."""
    given = _parser().parse_args(arguments)
    settings = Settings()
    try:
        print(COMMANDS[given.command](given.file or settings.clients_path(), given, settings))
    except ValidationError as wrong:
        print(f"Refused: {wrong.errors()[0]['loc'][0]}: {wrong.errors()[0]['msg']}", file=sys.stderr)
        return 1
    except (BadClientFile, OSError) as wrong:
        print(f"Refused: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
