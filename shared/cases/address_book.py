"""The address book as every service knows it: a home's two spellings, its UPRN and the council's reference.

Residents keeps the book and publishes the spellings, no address and no person; each service stores them, so
that a home is known while residents is down. A case keeps the spelling that it was reported with, and the
other is looked up when cases are read: a correction counts at once, for every case there is
(docs/decisions/0021-homes-by-either-spelling.md).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    any_,
    false,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from shared.cases.columns import PropertyColumns
from shared.cases.property import reference_key
from shared.db.bulk_insert import ROWS, as_json, insert_rows
from shared.db.tables import property_spellings as spellings
from shared.events import PROPERTIES_RECORDED, Event
from shared.work import UnitOfWork

_COLUMNS = ("id", "version", "uprn", "property_reference", "reference_key")
_NEW = insert_rows(spellings, _COLUMNS)
_STORE = _NEW.on_conflict_do_update(
    index_elements=["id"],
    set_={name: _NEW.excluded[name] for name in _COLUMNS[1:]},
    where=spellings.c.version < _NEW.excluded.version,
)


def is_meant(event: Event) -> bool:
    """Tell an event that says how a home is spelt."""
    return event.type == PROPERTIES_RECORDED


async def take_in(work: UnitOfWork, events: Sequence[Event]) -> None:
    """Keep how homes are spelt; events may come twice or out of order, the latest of each home stands."""
    latest = {
        spelling["id"]: _row(spelling, event.sequence)
        for event in sorted(events, key=lambda event: event.sequence)
        for spelling in event.facts["properties"]
    }
    if latest:
        # in order of their ids, so that two who store the same homes cannot wait for each other
        await work.session.execute(_STORE, {ROWS: as_json(latest[id] for id in sorted(latest))})


def _row(spelling: Mapping[str, str], version: int) -> dict[str, Any]:
    reference = spelling.get("property_reference")
    return {
        "id": spelling["id"],
        "version": version,
        "uprn": spelling.get("uprn"),
        "property_reference": reference,
        "reference_key": reference_key(reference) if reference else None,
    }


def has_uprn(table: type[PropertyColumns], uprn: str) -> ColumnElement[bool]:
    """The cases about the home with that UPRN, however they were reported."""
    keys = select(spellings.c.reference_key).where(spellings.c.uprn == uprn)
    return _is_at(table, lambda case: (_uprn_of(case) == uprn, _key_of(case) == _any_of(keys)))


def has_reference(table: type[PropertyColumns], key: str) -> ColumnElement[bool]:
    """The cases about the home with that reference, as `reference_key` has it, however they were reported."""
    uprns = select(spellings.c.uprn).where(spellings.c.reference_key == key)
    return _is_at(table, lambda case: (_key_of(case) == key, _uprn_of(case) == _any_of(uprns)))


async def is_at_home(work: UnitOfWork, table: type[PropertyColumns], id: str) -> ColumnElement[bool]:
    """The cases about a home of the address book, by its id there, however they were reported."""
    query = select(spellings.c.uprn, spellings.c.reference_key).where(spellings.c.id == id)
    known = (await work.session.execute(query)).one_or_none()
    if known is not None and known.uprn:
        return has_uprn(table, known.uprn)
    return false() if known is None or not known.reference_key else has_reference(table, known.reference_key)


def _is_at(
    table: type[PropertyColumns],
    either: Callable[[type[PropertyColumns]], tuple[ColumnElement[bool], ColumnElement[bool]]],
) -> ColumnElement[bool]:
    """The cases for which either condition holds, each found by its own index.

    Of an OR, PostgreSQL guesses that it holds for many, and reads the list from its beginning instead: all
    100,000 cases for the five of a home.
    """
    case = aliased(table)
    found = [select(case.reference).where(condition) for condition in either(case)]
    return table.reference == _any_of(union_all(*found))


def _any_of(query: Select[Any] | CompoundSelect[Any]) -> ColumnElement[Any]:
    """Any of what a query finds, which is asked once and before all else."""
    return any_(func.array(query.scalar_subquery(), type_=ARRAY(Text)))


def _uprn_of(table: type[PropertyColumns]) -> ColumnElement[str]:
    uprn: ColumnElement[str] = table.property["uprn"].astext
    return uprn


def _key_of(table: type[PropertyColumns]) -> ColumnElement[str]:
    # no parameter: the expression is that of the index
    return func.ltrim(func.lower(table.property["property_reference"].astext), literal_column("'0'"))


async def spelt_both_ways(work: UnitOfWork, homes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """These properties, in their order, each with the other spelling where the address book has it."""
    uprns = [home["uprn"] for home in homes if home.get("uprn")]
    keys = [reference_key(home["property_reference"]) for home in homes if home.get("property_reference")]
    if not uprns and not keys:
        return [dict(home) for home in homes]
    query = select(spellings.c.uprn, spellings.c.property_reference, spellings.c.reference_key)
    known = spellings.c.uprn == func.any(uprns), spellings.c.reference_key == func.any(keys)
    rows = (await work.session.execute(query.where(or_(*known)))).all()
    by_uprn, by_key = {row.uprn: row for row in rows}, {row.reference_key: row for row in rows}
    return [{**home, **_other_spelling(home, by_uprn, by_key)} for home in homes]


def _other_spelling(
    home: Mapping[str, Any], by_uprn: Mapping[str, Any], by_key: Mapping[str, Any]
) -> dict[str, str]:
    """The spelling that a home was not given with, if it was given with one alone."""
    uprn, reference = home.get("uprn"), home.get("property_reference")
    if uprn and not reference and (known := by_uprn.get(uprn)) and known.property_reference:
        return {"property_reference": known.property_reference}
    if reference and not uprn and (known := by_key.get(reference_key(reference))) and known.uprn:
        return {"uprn": known.uprn}
    return {}
