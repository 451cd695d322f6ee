"""Group commit: inserts that arrive while a statement is in flight share the next one.

A new case asks the database nothing: it is a few rows to be kept, all of them or none. One statement for many
such units of work costs half of what a transaction each costs. They need neither a transaction of their own
nor the books that SQLAlchemy's session keeps of its objects, which were a tenth of what a report costs.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Select, Table, event, inspect, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.orm import Mapper, Session, SessionTransaction

from shared.db.batching import Batcher
from shared.db.bulk_insert import as_json, insert_rows
from shared.db.tables import events

Row = tuple[Table, dict[str, Any]]
Shape = tuple[Table, tuple[str, ...]]
"""A table, and the columns of it that are filled."""


class DeferredSession(Session):
    """A session that takes new objects in only when the database is asked something.

    Until then it knows nothing of them: one that is added twice is inserted twice, and none can be expunged.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.has_asked = False
        self.deferred: list[object] = []

    def add(self, instance: object, **options: Any) -> None:
        """Take an object in now or later; inside a savepoint now, so that it goes if that fails."""
        if self.has_asked or self.in_nested_transaction():
            super().add(instance, **options)
        else:
            self.deferred.append(instance)

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Insert what is new, deferred or not."""
        self._take_in()
        super().flush(objects)

    def _take_in(self) -> None:
        deferred, self.deferred = self.deferred, []
        for instance in deferred:
            super().add(instance)


@event.listens_for(DeferredSession, "after_begin")
def _note_that_it_asked(session: DeferredSession, _: SessionTransaction, __: Connection) -> None:
    session.has_asked = True
    session._take_in()  # after a flush began there is nothing left: it has taken all in before


def has_asked(session: AsyncSession) -> bool:
    """Tell a session that has begun a transaction from one that holds no connection."""
    return cast(DeferredSession, session.sync_session).has_asked


def unsaved(session: AsyncSession) -> list[Any]:
    """The objects that the database does not have yet."""
    return [*session.new, *cast(DeferredSession, session.sync_session).deferred]


def only_inserts(session: AsyncSession) -> list[Row] | None:
    """The rows that a session would insert, if that is all it has done; None if it asked the database.

    The session is to be closed then, unused; the objects stay readable.
    """
    if has_asked(session):
        return None
    rows = []
    for added in unsaved(session):
        table, attributes, defaults = _filled_columns(added.__class__)
        row = {name: added.__dict__[key] for key, name in attributes if key in added.__dict__}
        row |= {name: default() for name, default in defaults if name not in row}
        rows.append((table, row))
    return rows or None


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


class GroupCommit:
    """Inserts the rows of many units of work by one statement, each unit whole or not at all.

    `on_recorded` is called once a statement that holds events is committed.
    """

    def __init__(self, engine: AsyncEngine, on_recorded: Callable[[], None]) -> None:
        self._on_recorded = on_recorded
        self._batcher = Batcher(engine, self._insert, self._insert_missing)

    async def insert(self, unit: Sequence[Row]) -> None:
        """Insert one unit's rows with those of others that wait; raises what the database says of them."""
        await self._batcher.call(unit)

    async def _insert(self, connection: AsyncConnection, units: Sequence[Sequence[Row]]) -> Sequence[None]:
        await insert_units(connection, units)
        self._wake_relay(units)
        return [None] * len(units)

    async def _insert_missing(
        self, connection: AsyncConnection, units: Sequence[Sequence[Row]]
    ) -> Sequence[None]:
        await insert_missing_units(connection, units)
        self._wake_relay(units)
        return [None] * len(units)

    def _wake_relay(self, units: Sequence[Sequence[Row]]) -> None:
        # Here, not in the caller: the caller may be cancelled, but the event must still be published.
        if any(table is events for unit in units for table, _ in unit):
            self._on_recorded()


async def insert_units(connection: AsyncConnection, units: Sequence[Sequence[Row]]) -> None:
    """Insert the rows of these units by one statement, all or none of them."""
    by_shape: dict[Shape, list[dict[str, Any]]] = {}
    for unit in units:
        for table, row in unit:
            by_shape.setdefault((table, tuple(row)), []).append(row)
    given = {f"rows_{number}": as_json(rows) for number, rows in enumerate(by_shape.values())}
    await connection.execute(_inserts(tuple(by_shape)), given)


async def insert_missing_units(connection: AsyncConnection, units: Sequence[Sequence[Row]]) -> None:
    """Insert those of these units that are not there yet: the answer to their commit may have been lost.

    To insert them all again would refuse them for being there, and their callers would report once more.
    """
    ids = [row["id"] for unit in units for table, row in unit if table is events]
    there = set(await connection.scalars(select(events.c.id).where(events.c.id.in_(ids))))
    missing = [unit for unit in units if not any(row.get("id") in there for _, row in unit)]
    if missing:
        await insert_units(connection, missing)


@cache
def _inserts(shapes: tuple[Shape, ...]) -> Select[Any]:
    """One statement for all shapes; their order is free: foreign keys are checked when it ends."""
    inserts = [insert_rows(*shape, f"rows_{number}") for number, shape in enumerate(shapes)]
    inserted = [one.cte(f"inserted_{number}") for number, one in enumerate(inserts)]
    return select(literal_column("1")).add_cte(*inserted)
