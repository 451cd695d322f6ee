"""The machine clients that may ask for a token, and the check of their secrets.

They stand in a TOML file, secrets hashed, that is read again when it changes; `python -m gateway.clients`
adds, lists and removes them, and renews their secrets.
"""

import asyncio
import fcntl
import json
import re
import secrets
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.files import write_atomically
from shared.directory import DIRECTORY, Directory, ServiceRow
from shared.errors import Unavailable
from shared.telemetry import get_logger

log = get_logger(__name__)

Role = Literal["resident", "frontend", "officer", "contractor", "ops", "service"]

Scope = Annotated[str, Field(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]+$")]
"""A scope token as RFC 6749 section 3.3 has it: nothing that could be read as two."""

Name = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f\"\\]{1,100}$")]

BLOCK = re.compile(r"^(?:[ \t]*#.*\n)*[ \t]*\[\[client\]\]", re.MULTILINE)
"""The beginning of a client's block: the comments right above it are about that client."""

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
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as wrong:
        raise BadClientFile(f"{path.name}: {wrong}") from None
    return _parsed(path, text)


def _parsed(path: Path, text: str) -> list[Client]:
    try:
        clients = ClientFile.model_validate(tomllib.loads(text)).client
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadClientFile(f"{path.name}: {place}: {first['msg']}") from None
    except ValueError as wrong:
        raise BadClientFile(f"{path.name}: {wrong}") from None
    if len({client.id for client in clients}) < len(clients):
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


def check_client(client: Client, directory: Directory) -> None:
    """Raise BadClientFile for a client that nobody could be of any use to, or that claims too much."""
    check_services([client], directory)
    if "contractor" in client.roles and client.firm is None:
        raise BadClientFile(f"the contractor {client.id} needs a firm, whose jobs it may read and update")
    if unknown := client.departments - directory.departments:
        raise BadClientFile(f"no service has the department {', '.join(sorted(unknown))}")


def add_to_file(path: Path, client: Client) -> None:
    """Append a client to the file; raises BadClientFile, also when there is one of that id."""
    with _changing(path) as (text, clients, put):
        if client.id in clients:
            raise BadClientFile(f"{path.name}: there is a client {client.id} already")
        put((text.rstrip("\n") + "\n\n" if text else "") + _block(client), {**clients, client.id: client})


def remove_from_file(path: Path, client_id: str) -> None:
    """Take a client out of the file; raises BadClientFile, also when there is none of that id."""
    with _changing(path) as (text, clients, put):
        before, _, after = _around(path, text, client_id)
        put(before + after, {name: client for name, client in clients.items() if name != client_id})


def renew_in_file(path: Path, client_id: str) -> str:
    """Give a client a new secret, and answer it; raises BadClientFile, also when there is no such client."""
    with _changing(path) as (text, clients, put):
        before, block, after = _around(path, text, client_id)
        known, secret = clients[client_id], secrets.token_urlsafe(32)
        renewed = known.model_copy(update={"secret_hash": HASHER.hash(secret)})
        block = block.replace(known.secret_hash, renewed.secret_hash)
        put(before + block + after, {**clients, client_id: renewed})
    return secret


Put = Callable[[str, dict[str, Client]], None]
"""Write a text in place of the file, if it has just these clients."""


@contextmanager
def _changing(path: Path) -> Iterator[tuple[str, dict[str, Client], Put]]:
    """The file's text and clients, and how to replace them; whoever else changes the file waits.

    The lock is on a file beside it: the file itself is replaced, and with it a lock would be.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f".{path.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        text = path.read_text("utf-8") if path.exists() else ""

        def put(changed: str, clients: dict[str, Client]) -> None:
            if _parsed(path, changed) != list(clients.values()):
                raise BadClientFile(f"{path.name}: it is not written as this command writes; edit it by hand")
            write_atomically(path, changed.encode())

        yield text, {client.id: client for client in read_clients(path)}, put


def _around(path: Path, text: str, client_id: str) -> tuple[str, str, str]:
    """The text before a client's block, the block, and the text after; raises BadClientFile."""
    starts = [found.start() for found in BLOCK.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        for client in _parsed(path, text[start:end]):
            if client.id == client_id:
                return text[:start], text[start:end], text[end:]
    raise BadClientFile(f"{path.name}: there is no client {client_id}")
