"""Group commit: creations that arrive while a statement is in flight share the next one.

A creation asks the database nothing: it is the rows of a new case, its events, and the stored answer of its
Idempotency-Key if it came with one, to be kept all of them or none. One statement for many creations costs
half of what a transaction each costs. It is a transaction of its own:

- `given` are the stored answers to keep, `free` those whose key no other transaction holds. The lock is tried
  and never waited for: one open transaction that held a key has held up a whole batch for as long.
- `won` are those whose key has no answer yet. They are inserted in order of their keys, so that two processes
  cannot wait for each other.
- `created` are the cases to insert: what won, and whatever came without a key. Rows are joined to it by the
  case's reference, which is new, and never by the key: one key twice in a batch would insert both cases.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from time import monotonic
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, Text, bindparam, func, inspect, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import Mapper

from shared.db.batching import StatementBatcher
from shared.db.bulk_insert import as_json, given_rows
from shared.db.stored_answers import COLUMNS, IN_USE, StoredAnswer, find, try_lock
from shared.db.tables import events, idempotency_keys
from shared.errors import InProgress

__all__ = ["GroupCommit"]

_IN_DOUBT_SECONDS = 2.0
_PAUSE_SECONDS = 0.05

_Row = tuple[Table, dict[str, Any]]
_Shape = tuple[Table, tuple[str, ...]]
"""A table, and the columns of it that are filled."""


class _Outcome(Enum):
    CREATED = "created"
    ANSWERED = "the key had been answered before"
    HELD = "another transaction holds the key"


@dataclass(frozen=True, slots=True)
class _Creation:
    """The rows of one new case; its first event tells it from another that drew the same reference."""

    reference: str
    first_event: UUID
    rows: Sequence[_Row]
    answer: StoredAnswer | None


class GroupCommit:
    """Inserts many creations by one statement, each whole or not at all.

    `on_recorded` is called once a statement that created anything is committed.
    """

    def __init__(self, engine: AsyncEngine, on_recorded: Callable[[], None]) -> None:
        self._engine = engine
        self._on_recorded = on_recorded
        self._batcher = StatementBatcher(engine, self._insert, self._insert_in_doubt)

    async def insert(
        self, added: Sequence[object], recorded: Sequence[dict[str, Any]], answer: StoredAnswer | None = None
    ) -> StoredAnswer | None:
        """Insert one new case: its objects, its events as rows, the first event first, and the stored answer.

        Every row has the case's reference in a column of that name. Returns the answer that the key had been
        given before, if it had: nothing is inserted then. Raises InProgress while another request holds the
        key, and what the database says of the rows.
        """
        reference, first_event = recorded[0]["reference"], recorded[0]["id"]
        rows = [*map(_row_of, added), *((events, event) for event in recorded)]
        noted = replace(answer, reference=reference) if answer else None
        outcome = await self._batcher.call(_Creation(reference, first_event, rows, noted))
        if noted is None or outcome is _Outcome.CREATED:
            return None
        # by another statement: the earlier answer may not have been in the snapshot of the first
        earlier = await self._answer_to(noted) if outcome is _Outcome.ANSWERED else None
        if earlier is None:  # the key is held, or its answer was forgotten between the two statements
            raise InProgress(IN_USE)
        return None if earlier.reference == reference else earlier  # ours: the word of its commit was lost

    async def _answer_to(self, request: StoredAnswer) -> StoredAnswer | None:
        async with self._engine.connect() as connection:
            return await find(connection, request.caller, request.key)

    async def _insert(
        self, connection: AsyncConnection, creations: Sequence[_Creation]
    ) -> Sequence[_Outcome]:
        rows = await connection.execute(*_statement_for(creations))
        won = {row.reference: row.won for row in rows}
        # Here, not in the caller: the caller may be cancelled, but the event must still be published.
        self._on_recorded()
        with_key = {True: _Outcome.CREATED, False: _Outcome.ANSWERED, None: _Outcome.HELD}
        return [with_key[won.get(each.reference)] if each.answer else _Outcome.CREATED for each in creations]

    async def _insert_in_doubt(
        self, connection: AsyncConnection, creations: Sequence[_Creation]
    ) -> Sequence[_Outcome]:
        """Insert what is not there yet, after a connection broke and left open whether it had committed.

        Its backend may live on for a moment and hold the keys, so one that is not free is waited for.
        """
        give_up_at = monotonic() + _IN_DOUBT_SECONDS
        while True:
            there = await _committed(connection, creations)
            missing = [each for each in creations if each.reference not in there]
            try:
                outcomes = await self._insert(connection, missing) if missing else []
            except DBAPIError:
                if await _committed(connection, creations) == there:
                    raise
                continue  # meanwhile that backend has committed what was to be inserted again
            if _Outcome.HELD not in outcomes or monotonic() > give_up_at:
                break
            await asyncio.sleep(_PAUSE_SECONDS)
        of_missing = iter(outcomes)
        return [_Outcome.CREATED if each.reference in there else next(of_missing) for each in creations]


def _row_of(added: Any) -> _Row:
    """The row of a new object, with the defaults that Python gives; the database gives its own."""
    table, attributes, defaults = _filled_columns(added.__class__)
    row = {name: added.__dict__[key] for key, name in attributes if key in added.__dict__}
    return table, row | {name: default() for name, default in defaults if name not in row}


@cache
def _filled_columns(
    model: type[object],
) -> tuple[Table, list[tuple[str, str]], list[tuple[str, Callable[[], Any]]]]:
    """A model's table, its columns by attribute, and the columns to which Python gives a default."""
    mapper: Mapper[Any] = inspect(model)
    attributes = [(attribute.key, str(attribute.columns[0].name)) for attribute in mapper.column_attrs]
    table = cast(Table, mapper.local_table)
    defaults = [
        (str(column.name), _default_of(column.default)) for column in table.c if column.default is not None
    ]
    return table, attributes, defaults


def _default_of(default: Any) -> Callable[[], Any]:
    return lambda: default.arg if default.is_scalar else default.arg(None)


async def _committed(connection: AsyncConnection, creations: Sequence[_Creation]) -> set[str]:
    """The references of those that are there, by their first events."""
    first = events.c.reference.in_([each.reference for each in creations]) & (events.c.sequence == 1)
    query = select(events.c.reference).where(first, events.c.id.in_([each.first_event for each in creations]))
    return set(await connection.scalars(query))


def _statement_for(creations: Sequence[_Creation]) -> tuple[Select[tuple[str, bool]], dict[str, Any]]:
    """The statement that inserts these creations, and what to run it with."""
    by_shape: dict[_Shape, list[dict[str, Any]]] = {}
    for creation in creations:
        for table, row in creation.rows:
            by_shape.setdefault((table, tuple(row)), []).append(row)
    shapes = sorted(by_shape, key=lambda shape: (shape[0].name, shape[1]))
    given: dict[str, Any] = {
        f"rows_{number}": as_json(by_shape[shape]) for number, shape in enumerate(shapes)
    }
    given["answers"] = as_json(each.answer.row() for each in creations if each.answer)
    given["without_key"] = [each.reference for each in creations if each.answer is None]
    return _statement(tuple(shapes)), given


@cache
def _statement(shapes: tuple[_Shape, ...]) -> Select[tuple[str, bool]]:
    """One statement for rows of these shapes, which says of each key that was free whether it won.

    The order of its inserts is free: foreign keys are checked when it ends.
    """
    keys = idempotency_keys.c
    given = given_rows(idempotency_keys, COLUMNS, "answers").cte("given")
    is_free = try_lock(given.c.caller, given.c.key)
    free = select(given).where(is_free).cte("free").prefix_with("MATERIALIZED")
    in_order = select(free).order_by(free.c.caller, free.c.key)
    kept = insert(idempotency_keys).from_select(COLUMNS, in_order, False)
    won = kept.on_conflict_do_nothing(index_elements=[keys.caller, keys.key]).returning(keys.reference)
    winners = won.cte("won")
    without_key = func.unnest(bindparam("without_key", type_=ARRAY(Text))).column_valued("reference")
    created = union_all(select(winners.c.reference), select(without_key)).cte("created")
    inserted = []
    for number, (table, columns) in enumerate(shapes):
        rows = given_rows(table, columns, f"rows_{number}")
        of_created = rows.where(rows.selected_columns.reference.in_(select(created.c.reference)))
        inserted.append(insert(table).from_select(columns, of_created, False).cte(f"inserted_{number}"))
    outcome = select(free.c.reference, winners.c.reference.is_not(None).label("won")).add_cte(*inserted)
    return outcome.outerjoin_from(free, winners, free.c.reference == winners.c.reference)
