"""Rotation of a service's keys: rows under other keys are encrypted anew, while the service reads and writes.

A row that somebody has locked is left for the next pass, so nobody waits and nothing can deadlock. What is
written meanwhile is under the primary key already, once the writer has read the file of keys again.
"""

from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Dialect,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    func,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.types import TypeDecorator

from shared.db.encrypted import Encrypted, columns_of_place
from shared.db.tables import idempotency_keys
from shared.encryption import FORMAT, Ciphertext, Keyring, beginning, place

BATCH_BYTES = 32 * 1024 * 1024
MOST_ROWS = 100
LARGEST_FILE = 12 * 1024 * 1024
AS_IT_WAS = text("SELECT set_config('housing.reencrypting', 'on', true)")
"""By this a case stays as old as it was, in updated_since too (`keep_change` in the database)."""

IS_BYTES = text(
    "SELECT 1 FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'bytea'"
    " AND table_name = :table AND column_name = :column"
)


class _Base64(TypeDecorator[Ciphertext]):
    """Ciphertext in a column of text, as stored answers have it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Ciphertext | None, dialect: Dialect) -> str | None:
        return None if value is None else b64encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Ciphertext | None:
        return None if value is None else Ciphertext(b64decode(value))


@dataclass(frozen=True, slots=True)
class EncryptedTable:
    """A table with encrypted columns; the columns of `row` name a row in the place of its values."""

    table: Table
    types: Mapping[str, TypeDecorator[Ciphertext]]
    row: Sequence[str]

    @property
    def key(self) -> Sequence[Column[Any]]:
        """The primary key, in whose order the rows are taken."""
        return [*self.table.primary_key.columns]

    def is_under(self, key_id: str) -> ColumnElement[bool]:
        """The rows with a value under that key."""
        return or_(*(self._begins(name, key_id) for name in self.types))

    def is_under_another(self, key_id: str) -> ColumnElement[bool]:
        """The rows with a value that is not under that key."""
        return or_(
            *(~self._begins(name, key_id) for name in self.types)
        )  # a null is under none, and not true

    def _begins(self, name: str, key_id: str) -> ColumnElement[bool]:
        mark = beginning(key_id)
        column: ColumnElement[Any] = self.table.c[name]
        if isinstance(self.types[name], _Base64):
            column = func.decode(column, "base64")
        start = func.substring(type_coerce(column, LargeBinary), 1, len(mark))
        return start == bindparam(None, mark, LargeBinary)


def encrypted_tables(metadata: MetaData) -> list[EncryptedTable]:
    """The tables of a service that have encrypted columns; its stored answers are one."""
    found = []
    for table in metadata.sorted_tables:
        types = {column.name: column.type for column in table.c if isinstance(column.type, Encrypted)}
        if types:
            found.append(EncryptedTable(table, types, columns_of_place(table)))
    answers = metadata.tables[idempotency_keys.name]
    kept = {"body": _Base64(), "fingerprint": Encrypted()}
    return [*found, EncryptedTable(answers, kept, ("caller", "key"))]


async def has_encrypted(engine: AsyncEngine, tables: Sequence[EncryptedTable]) -> bool:
    """Tell a database in which something is encrypted; one that is not migrated yet has plain columns."""
    own = [(each.table.c[name], each.table.name) for each in tables for name in each.types]
    async with engine.connect() as connection:
        for column, table in own:
            named = {"table": table, "column": column.name}
            if isinstance(column.type, Encrypted) and await connection.scalar(IS_BYTES, named):
                marked = func.substring(type_coerce(column, LargeBinary), 1, 1) == bytes((FORMAT,))
                if await connection.scalar(select(1).where(marked).limit(1)):
                    return True
    return False


async def is_in_use(engine: AsyncEngine, tables: Sequence[EncryptedTable], key_id: str) -> bool:
    """Tell a key with which something is encrypted."""
    async with engine.connect() as connection:
        for each in tables:
            query = select(1).select_from(each.table).where(each.is_under(key_id))
            if await connection.scalar(query.limit(1)):
                return True
    return False


async def remaining(engine: AsyncEngine, tables: Sequence[EncryptedTable], key_id: str) -> int:
    """The number of rows with a value that is not under that key."""
    total = 0
    async with engine.connect() as connection:
        for each in tables:
            query = select(func.count()).select_from(each.table).where(each.is_under_another(key_id))
            total += await connection.scalar(query) or 0
    return total


async def reencrypt(engine: AsyncEngine, keyring: Keyring, each: EncryptedTable) -> AsyncIterator[int]:
    """One pass over a table, a batch a transaction; gives the rows of each batch.

    Raises CannotDecrypt for a value whose key is lost.
    """
    after: tuple[Any, ...] | None = None
    while True:
        async with engine.begin() as connection:
            await connection.execute(AS_IT_WAS)
            rows = await _batch(connection, each, keyring.primary, after)
            if rows:
                await _write(connection, keyring, each, rows)
        if not rows:
            return
        after = tuple(rows[-1][column.name] for column in each.key)
        yield len(rows)


async def _batch(
    connection: AsyncConnection, each: EncryptedTable, primary: str, after: tuple[Any, ...] | None
) -> list[dict[str, Any]]:
    """Rows that are not under the primary key and that nobody holds, after that key, locked."""
    columns = [type_coerce(each.table.c[name], kind).label(name) for name, kind in each.types.items()]
    query = select(*(each.table.c[name] for name in each.row), *columns)
    query = query.where(each.is_under_another(primary)).order_by(*each.key)
    if after is not None:
        query = query.where(tuple_(*each.key) > tuple_(*after))
    most = BATCH_BYTES // LARGEST_FILE if "content" in each.types else MOST_ROWS
    locked = query.limit(most).with_for_update(skip_locked=True)
    return [dict(row._mapping) for row in await connection.execute(locked)]


async def _write(
    connection: AsyncConnection, keyring: Keyring, each: EncryptedTable, rows: Sequence[dict[str, Any]]
) -> None:
    statement = update(each.table).where(
        *(column == bindparam(f"at_{column.name}", type_=column.type) for column in each.key)
    )
    new = {name: bindparam(f"new_{name}", type_=kind) for name, kind in each.types.items()}
    written = []
    for row in rows:
        values = {f"at_{column.name}": row[column.name] for column in each.key}
        for name in each.types:
            values[f"new_{name}"] = _anew(keyring, each, row, name)
        written.append(values)
    await connection.execute(statement.values(new), written)


def _anew(keyring: Keyring, each: EncryptedTable, row: dict[str, Any], name: str) -> Ciphertext | None:
    value: Ciphertext | None = row[name]
    if value is None or value.key_id == keyring.primary:
        return value
    at = place(each.table.name, name, *(row[part] for part in each.row))
    return keyring.encrypt(keyring.decrypt(value, at), at)
