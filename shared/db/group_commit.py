"""Units of work that only create: all that is wanted of their objects is the rows.

A new case asks the database nothing. So it needs neither a transaction of its own, nor the books that
SQLAlchemy's session keeps of its objects; these were a tenth of what a report costs.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Table, event, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper, Session, SessionTransaction

from shared.db.batching import Row

ASKED = "the database was asked something"
CREATED = "objects that wait to be taken in"


class PatientSession(Session):
    """A session that takes new objects in only when the database is asked something.

    Until then it knows nothing of them: one that is added twice is inserted twice, and none can be expunged.
    """

    def add(self, instance: object, **options: Any) -> None:
        """Take an object in now or later; inside a savepoint now, so that it goes if that fails."""
        if self.info.get(ASKED) or self.in_nested_transaction():
            super().add(instance, **options)
        else:
            self.info.setdefault(CREATED, []).append(instance)

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """As SQLAlchemy's, of the objects that waited too."""
        for instance in self.info.pop(CREATED, ()):
            super().add(instance)
        super().flush(objects)


@event.listens_for(PatientSession, "after_begin")
def _note_that_it_asked(session: Session, _: SessionTransaction, __: Connection) -> None:
    session.info[ASKED] = True
    if waiting := session.info.pop(CREATED, None):  # not after a flush began, which has taken them in before
        session.add_all(waiting)


def created(session: AsyncSession) -> list[Any]:
    """The objects that the database does not have yet."""
    return [*session.new, *session.info.get(CREATED, ())]


def only_inserts(session: AsyncSession) -> list[Row] | None:
    """The rows that a session would insert, if that is all it has done; None if it asked the database.

    The session is to be closed then, unused; the objects stay readable.
    """
    if session.info.get(ASKED):
        return None
    rows = []
    for added in created(session):
        table, attributes, defaults = _filled_of(added.__class__)
        row = {name: added.__dict__[key] for key, name in attributes if key in added.__dict__}
        row |= {name: default() for name, default in defaults if name not in row}
        rows.append((table, row))
    return rows or None


@cache
def _filled_of(
    model: type[object],
) -> tuple[Table, list[tuple[str, str]], list[tuple[str, Callable[[], Any]]]]:
    """A model's table, its columns by attribute, and the columns to which Python gives a default."""
    mapper: Mapper[Any] = inspect(model)
    attributes = [(attribute.key, str(attribute.columns[0].name)) for attribute in mapper.column_attrs]
    table = cast(Table, mapper.local_table)
    defaults = [
        (str(column.name), _maker(column.default)) for column in table.c if column.default is not None
    ]
    return table, attributes, defaults


def _maker(default: Any) -> Callable[[], Any]:
    return lambda: default.arg if default.is_scalar else default.arg(None)
