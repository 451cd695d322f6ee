"""The machine clients that may ask for a token, and the check of their secrets.

They stand in a TOML file, secrets hashed, that is read again when it changes:
`python -m gateway.clients add council-website --role frontend` adds one and prints its secret, once.
"""

import argparse
import asyncio
import json
import secrets
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.files import write_atomically
from shared.directory import DIRECTORY, Directory, ServiceRow
from shared.errors import Unavailable
from shared.settings import Settings
from shared.telemetry import get_logger

log = get_logger(__name__)

Role = Literal["resident", "frontend", "officer", "contractor", "ops", "service"]

Scope = Annotated[str, Field(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]+$")]
"""A scope token as RFC 6749 section 3.3 has it: nothing that could be read as two."""

Name = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f\"\\]{1,100}$")]

# The least that OWASP recommends for argon2id: about 20 ms, and 19 MiB for each check that runs.
HASHER = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
CHECKS_AT_ONCE = 2
CHECKS_WAITING = 100


class Client(BaseModel):
    """A machine client; what its tokens say is all here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    secret_hash: str
    roles: frozenset[Role]
    scopes: frozenset[Scope] = frozenset()
    departments: frozenset[Name] = frozenset()
    firm: Name | None = None


class ClientFile(BaseModel):
    """The clients file: one `[[client]]` block each."""

    model_config = ConfigDict(extra="forbid")

    client: list[Client] = []


class BadClientFile(ValueError):
    """The clients file cannot be kept to; says where and why, but repeats no secret that stands in it."""


class ClientRegistry:
    """The clients of a file, if one is given, and those handed over, which win."""

    def __init__(
        self, path: Path | None = None, extra: Iterable[Client] = (), directory: Directory = DIRECTORY
    ) -> None:
        self._path = path
        self._directory = directory
        self._extra = {client.id: client for client in extra}
        self._from_file: dict[str, Client] = {}
        self._stamp: tuple[int, int] | None = None
        self._checking = asyncio.Semaphore(CHECKS_AT_ONCE)
        self._waiting = 0
        # An unknown client costs as much time as a known one, or its name could be found out.
        self._decoy = HASHER.hash(secrets.token_urlsafe())

    def find(self, client_id: str) -> Client | None:
        """The client of that id; of a file that has become unreadable the last good version counts."""
        try:
            self._read_again_if_changed()
        except BadClientFile as wrong:
            log.error("%s", wrong)
        return self._extra.get(client_id) or self._from_file.get(client_id)

    async def authenticate(self, client_id: str, secret: str) -> Client | None:
        """The client if the secret is its own, else None; raises Unavailable when too many are waiting."""
        client = self.find(client_id)
        if self._waiting >= CHECKS_WAITING:
            raise Unavailable("Too many ask for a token at this moment.", 2)
        self._waiting += 1
        try:
            async with self._checking:
                good = await asyncio.to_thread(
                    _matches, client.secret_hash if client else self._decoy, secret
                )
        finally:
            self._waiting -= 1
        return client if good else None

    def _read_again_if_changed(self) -> None:
        if self._path is None:
            return
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            self._stamp = stamp
            clients = read_clients(self._path)
            check_services(clients, self._directory)
            self._from_file = {client.id: client for client in clients}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def _matches(secret_hash: str, secret: str) -> bool:
    try:
        return HASHER.verify(secret_hash, secret)
    except (Argon2Error, InvalidHashError):
        return False


def read_clients(path: Path) -> list[Client]:
    """The clients in a file, none if it is not there; raises BadClientFile."""
    try:
        clients = ClientFile.model_validate(tomllib.loads(path.read_text("utf-8"))).client
    except FileNotFoundError:
        return []
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadClientFile(f"{path.name}: {place}: {first['msg']}") from None
    except (OSError, ValueError) as wrong:
        raise BadClientFile(f"{path.name}: {wrong}") from None
    ids = [client.id for client in clients]
    if len(set(ids)) < len(ids):
        raise BadClientFile(f"{path.name}: two clients have one id")
    return clients


def check_services(clients: Iterable[Client], directory: Directory) -> None:
    """Raise BadClientFile for a client that speaks for an unknown service, or has scopes beyond its row."""
    for client in clients:
        if "service" not in client.roles:
            continue
        if client.id not in directory:
            raise BadClientFile(f"the client {client.id} speaks for a service that the directory lacks")
        if beyond := client.scopes - directory.row(client.id).scopes:
            raise BadClientFile(
                f"the row of the service {client.id} lacks its scopes {', '.join(sorted(beyond))}"
            )


def new_client(
    client_id: str,
    roles: Iterable[Role],
    scopes: Iterable[str] = (),
    departments: Iterable[str] = (),
    firm: str | None = None,
) -> tuple[Client, str]:
    """A client with a new random secret, and that secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    client = Client(
        id=client_id,
        secret_hash=HASHER.hash(secret),
        roles=frozenset(roles),
        scopes=frozenset(scopes),
        departments=frozenset(departments),
        firm=firm,
    )
    return client, secret


def service_client(row: ServiceRow) -> tuple[Client, str]:
    """The client by which a service asks others, with just the scopes of its row, and its secret."""
    return new_client(row.name, ["service"], row.scopes)


def demo_clients(directory: Directory = DIRECTORY) -> list[Client]:
    """The clients for trying out, all with the secret `demo`; only the one-process default has them."""
    secret_hash = HASHER.hash("demo")
    everything = directory.departments

    def demo(name: str, role: Role, scopes: Iterable[str] = (), **more: object) -> Client:
        values = {
            "id": name,
            "secret_hash": secret_hash,
            "roles": {role},
            "scopes": frozenset(scopes),
            **more,
        }
        return Client.model_validate(values)

    return [
        demo("demo-resident", "resident"),
        demo("demo-frontend", "frontend"),
        demo("demo-officer", "officer", ["import", "calendar", "mail"], departments=everything),
        demo("demo-officer-2", "officer", ["manager"], departments=everything),
        demo("demo-asb-officer", "officer", ["asb", "manager"], departments=frozenset({"asb"})),
        demo("demo-contractor", "contractor", firm="demo-contractor"),
        demo("demo-ops", "ops"),
    ]


def _block(client: Client) -> str:
    """A client as TOML; texts and lists of texts without control characters are written as in JSON."""
    values = {
        name: sorted(value) if isinstance(value, frozenset) else value for name, value in client if value
    }
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    return "\n".join(["[[client]]", *lines, ""])


def add_to_file(path: Path, client: Client) -> None:
    """Append a client to the file; raises BadClientFile, also when there is one of that id."""
    if any(known.id == client.id for known in read_clients(path)):
        raise BadClientFile(f"{path.name}: there is a client {client.id} already")
    before = path.read_text("utf-8").rstrip("\n") + "\n\n" if path.exists() else ""
    write_atomically(path, (before + _block(client)).encode())


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m gateway.clients", description="Machine clients.")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="add a client and print its secret, once")
    add.add_argument("id")
    add.add_argument("--role", action="append", required=True, choices=get_args(Role), dest="roles")
    add.add_argument("--scope", action="append", default=[], dest="scopes")
    add.add_argument("--department", action="append", default=[], dest="departments")
    add.add_argument("--firm", help="the company, for a contractor")
    add.add_argument("--file", type=Path, help="the clients file (setting CLIENTS_FILE)")
    given = parser.parse_args(arguments)
    settings = Settings()
    path = given.file or settings.clients_path()
    try:
        client, secret = new_client(given.id, given.roles, given.scopes, given.departments, given.firm)
        check_services([client], settings.directory)
        if unknown := client.departments - settings.directory.departments:
            raise BadClientFile(f"no service has the department {', '.join(sorted(unknown))}")
        add_to_file(path, client)
    except ValidationError as wrong:
        print(f"Not added: {wrong.errors()[0]['loc'][0]}: {wrong.errors()[0]['msg']}", file=sys.stderr)
        return 1
    except (BadClientFile, OSError) as wrong:
        print(f"Not added: {wrong}", file=sys.stderr)
        return 1
    print(f"Added {client.id}. Its secret, shown only now:\n{secret}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
