"""Many rows by one statement: they go to PostgreSQL as a JSON array, which it reads by the table's own types.

One round trip and one plan, however many the rows. `executemany` has each row sent and answered by itself,
which was a third of the consumer's work.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import orjson
from sqlalchemy import JSON, Select, Table, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import Insert, insert

ROWS = "rows"


@cache
def insert_rows(table: Table, columns: tuple[str, ...], parameter: str = ROWS) -> Insert:
    """An INSERT of these columns from what `as_json` makes of rows; other columns get the table's default."""
    return insert(table).from_select(columns, given_rows(table, columns, parameter), False)


def given_rows(table: Table, columns: tuple[str, ...], parameter: str) -> Select[Any]:
    """These columns of what `as_json` makes of rows, each of the type that the table has it in."""
    quoted = postgresql.dialect().identifier_preparer.quote(table.name)  # type: ignore[no-untyped-call]
    array = cast(bindparam(parameter, type_=Text), JSON)
    given = func.json_populate_recordset(literal_column(f"NULL::{quoted}"), array)
    rows = given.table_valued(*columns, name="given")
    return select(*(rows.c[name] for name in columns))


def as_json(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows by column, all of the same columns, as the parameter of `insert_rows`."""
    return orjson.dumps([*rows], default=_as_postgres_reads_it).decode()


def _as_postgres_reads_it(value: object) -> str:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
