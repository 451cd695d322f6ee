"""The keys with which a service encrypts: `python -m deploy.keys rotate asb`.

A file a service, under VAR/encryption or where ENCRYPTION_KEYS says, readable by its owner alone. A running
service reads it again within a second of a change.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from gateway.files import write_atomically
from shared.db.engine import async_url
from shared.db.reencryption import (
    EncryptedTable,
    encrypted_tables,
    has_encrypted,
    is_in_use,
    reencrypt,
    remaining,
)
from shared.directory import ServiceRow, UnknownService
from shared.encryption import READ_AGAIN_SECONDS, CannotDecrypt, Keyring, Keys, KeysMissing
from shared.settings import BadSettings, Settings, from_environment

MOST_PASSES = 100
BACK_IT_UP = "Back this file up apart from the database: without it nobody can read what it encrypted."


class Refused(Exception):
    """A command that would lose what is encrypted, or has nothing to do; one sentence for whoever gave it."""


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, flush=True)


def tables_of(row: ServiceRow) -> Sequence[EncryptedTable]:
    """The tables of a service that have encrypted columns."""
    return encrypted_tables(import_module(f"{row.package}.models").Base.metadata)


async def ensure_keys(path: Path, row: ServiceRow, url: str) -> None:
    """Make the keys of a service whose database has nothing encrypted yet; raises KeysMissing for any other.

    New keys in the place of lost ones would look as if all were well, until somebody reads.
    """
    if path.exists():
        Keys.read(path)
        return
    engine = create_async_engine(async_url(url))
    try:
        is_lost = await has_encrypted(engine, tables_of(row))
    finally:
        await engine.dispose()
    if is_lost:
        raise KeysMissing(
            f"the keys of {row.name} are missing at {path}, and its database is encrypted with them; "
            f"put the file back from its backup (docs/running.md, A lost key)"
        )
    write_atomically(path, Keys.generate().as_file())
    say(f"Made the encryption keys of {row.name}: {path}. {BACK_IT_UP}")


def pseudonym_key(settings: Settings) -> str:
    """The key of pseudonyms that all services share: it comes with the keys of the one that encrypts.

    Empty where nothing is encrypted. Raises KeysMissing.
    """
    for row in settings.directory.services:
        if row.encrypts:
            return Keys.read(settings.encryption_keys_path(row.name)).pseudonym_key
    return ""


async def rotate(path: Path, engine: AsyncEngine, tables: Sequence[EncryptedTable]) -> None:
    """Make a new primary key, and encrypt everything anew with it."""
    before = Keys.read(path)
    write_atomically(path, before.with_new_primary().as_file())
    say(f"New key {Keys.read(path).primary}; {before.primary} still decrypts.")
    await asyncio.sleep(2 * READ_AGAIN_SECONDS)  # every process has it now, and encrypts with it
    await encrypt_anew(path, engine, tables)


async def encrypt_anew(path: Path, engine: AsyncEngine, tables: Sequence[EncryptedTable]) -> None:
    """Encrypt with the primary key whatever is under another; it may be broken off and begun again.

    Raises CannotDecrypt, and Refused where rows stay locked.
    """
    keyring, total = Keyring(path), 0
    for _ in range(MOST_PASSES):
        for each in tables:
            done = 0
            async for rows in reencrypt(engine, keyring, each):
                done += rows
                say(f"  {each.table.name}: {done}")
            total += done
        left = await remaining(engine, tables, keyring.primary)
        if not left:
            say(f"Encrypted anew: {total} rows. Nothing is left under an older key.")
            return
        say(f"  {left} rows were in use; again …")
        await asyncio.sleep(READ_AGAIN_SECONDS)
    raise Refused(f"{left} rows stay in use; run it again: reencrypt")


async def retire(path: Path, engine: AsyncEngine, tables: Sequence[EncryptedTable], key_id: str) -> None:
    """Remove a key with which nothing is encrypted any more; raises Refused for any other."""
    keys = Keys.read(path)
    if key_id not in keys.by_id:
        raise Refused(f"there is no key {key_id}; there are {', '.join(keys.by_id)}")
    if key_id == keys.primary:
        raise Refused(f"{key_id} is the key that encrypts; rotate first")
    if await is_in_use(engine, tables, key_id):
        raise Refused(f"something is still encrypted with {key_id}; run reencrypt first")
    write_atomically(path, keys.without(key_id).as_file())
    say(f"Removed key {key_id}. Older backups of the database need it: keep a copy with them.")


def _show(command: str, keys: Keys) -> None:
    if command == "pseudonym-key":
        say(keys.pseudonym_key)
        return
    for name in keys.by_id:
        say(f"{name}{'  primary' if name == keys.primary else ''}")


async def run(command: str, service: str, key_id: str | None) -> None:
    """Carry out one command; raises as they do."""
    settings = from_environment(Settings)
    row = settings.directory.row(service)
    if not row.encrypts:
        raise Refused(f"{service} encrypts nothing")
    path, url = settings.encryption_keys_path(service), settings.database_url(service)
    if command in {"list", "pseudonym-key"}:
        _show(command, Keys.read(path))
        return
    if command == "make":
        await ensure_keys(path, row, url)
        return
    engine = create_async_engine(async_url(url), hide_parameters=True)
    try:
        match command:
            case "rotate":
                await rotate(path, engine, tables_of(row))
            case "reencrypt":
                await encrypt_anew(path, engine, tables_of(row))
            case "retire":
                await retire(path, engine, tables_of(row), key_id or "")
    finally:
        await engine.dispose()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.keys", description="The keys of encrypted columns."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, does in (
        ("list", "the ids of a service's keys"),
        ("pseudonym-key", "the setting PSEUDONYM_KEY, which every service needs"),
        ("make", "make the first keys of a service"),
        ("rotate", "make a new primary key, and encrypt everything anew with it"),
        ("reencrypt", "go on with a rotation that was broken off"),
        ("retire", "remove a key with which nothing is encrypted any more"),
    ):
        command = commands.add_parser(name, help=does)
        command.add_argument("service", help="as in asb")
        if name == "retire":
            command.add_argument("key", help="its id")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; answers the exit code."""
    given = _parser().parse_args(arguments)
    try:
        asyncio.run(run(given.command, given.service, getattr(given, "key", None)))
    except BadSettings as wrong:
        print(f"Cannot: {wrong}.", file=sys.stderr)
    except CannotDecrypt:
        print("Cannot: a value is under a key that is not in the file; put that key back.", file=sys.stderr)
    except (Refused, KeysMissing, UnknownService) as problem:
        print(f"Cannot: {problem}.", file=sys.stderr)
    except DBAPIError as problem:
        print(f"Cannot: PostgreSQL says {type(problem.orig).__name__}.", file=sys.stderr)
    except OSError as problem:
        print(f"Cannot: {problem.strerror}: {problem.filename}.", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
