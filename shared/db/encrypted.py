"""Encrypted columns: a row is given ciphertext alone, made for its own place, and is opened explicitly.

A value is encrypted when the object is made, for a bulk insert runs no bind processors. A column that was
given plain text is refused where it is assigned, where it is bound, and by the database (`CHECK` in
migrations).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Dialect, LargeBinary, Table, inspect
from sqlalchemy.orm import Mapper
from sqlalchemy.types import TypeDecorator

from shared.db.tables import table_of
from shared.encryption import Ciphertext, Keyring, Place, place

_BYTES = b"\0"
"""The mark before content that is bytes; everything else is JSON, which never begins so."""


class Encrypted(TypeDecorator[Ciphertext]):
    """A column of ciphertext, as bytea."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Ciphertext | None, dialect: Dialect) -> bytes | None:
        """Refuse whatever is not encrypted."""
        return _checked(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Ciphertext | None:
        """The ciphertext as it is kept."""
        return None if value is None else Ciphertext(value)


class EncryptedRow:
    """A model with encrypted columns, to which nothing but ciphertext can be assigned."""

    def __setattr__(self, name: str, value: Any) -> None:
        model: Any = type(self)
        if name in encrypted_columns(model):
            _checked(value)
        super().__setattr__(name, value)


def _checked(value: Any) -> Ciphertext | None:
    if value is None or isinstance(value, Ciphertext):
        return value
    raise TypeError("an encrypted column is given ciphertext alone")


@cache
def encrypted_columns(model: Any) -> frozenset[str]:
    """The attributes of a model whose columns are encrypted."""
    mapper: Mapper[Any] = inspect(model)
    return frozenset(each.key for each in mapper.column_attrs if isinstance(each.columns[0].type, Encrypted))


def columns_of_place(table: Table) -> Sequence[str]:
    """The columns that name a row in the place of its values: the case, and the primary key."""
    of_case = [column.name for column in table.c if column.name == "reference"]
    return [*dict.fromkeys([*of_case, *(column.name for column in table.primary_key)])]


@cache
def _naming(model: Any) -> tuple[str, Sequence[str]]:
    table = table_of(model)
    return table.name, columns_of_place(table)


def place_of(row: Any, column: str) -> Place:
    """The place of a column of a row, which must have its reference and primary key already."""
    table, names = _naming(row.__class__)
    return place(table, column, *(getattr(row, name) for name in names))


def assign(keyring: Keyring | None, row: Any, values: dict[str, Any]) -> None:
    """Give a row these values; those of its encrypted columns are encrypted for their places."""
    encrypted = encrypted_columns(row.__class__)
    for name, value in values.items():
        is_kept_so = name not in encrypted or value is None
        setattr(row, name, value if is_kept_so else encrypt(keyring, place_of(row, name), value))


def encrypt(keyring: Keyring | None, at: Place, value: Any) -> Ciphertext:
    """Encrypt bytes, or anything that JSON can say."""
    plain = _BYTES + value if isinstance(value, bytes) else orjson.dumps(value)
    return needed(keyring).encrypt(plain, at)


def decrypt(keyring: Keyring | None, at: Place, value: Ciphertext) -> Any:
    """Decrypt what `encrypt` made; raises CannotDecrypt."""
    plain = needed(keyring).decrypt(value, at)
    return plain[1:] if plain.startswith(_BYTES) else orjson.loads(plain)


def needed(keyring: Keyring | None) -> Keyring:
    """The keyring of a service that encrypts."""
    if keyring is None:
        raise RuntimeError("a service with encrypted columns says `encrypts` in its row of the directory")
    return keyring


class Unreadable:
    """A row that cannot be decrypted, as it is read: its encrypted columns have other values instead."""

    __slots__ = ("_instead", "_row")

    def __init__(self, row: object, instead: Mapping[str, Any]) -> None:
        self._row, self._instead = row, instead

    def __getattr__(self, name: str) -> Any:
        return self._instead[name] if name in self._instead else getattr(self._row, name)


class Opened:
    """A row as it is read: the same attributes, and encrypted columns in plain. Raises CannotDecrypt."""

    __slots__ = ("_keyring", "_row")

    def __init__(self, keyring: Keyring | None, row: object) -> None:
        self._keyring, self._row = keyring, row

    def __getattr__(self, name: str) -> Any:
        computed = getattr(type(self._row), name, None)
        if isinstance(computed, property):  # it may read encrypted columns
            return computed.__get__(self)
        value = getattr(self._row, name)
        if isinstance(value, Ciphertext):
            return decrypt(self._keyring, place_of(self._row, name), value)
        return value
