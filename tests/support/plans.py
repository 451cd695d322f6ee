"""Plans of queries: which index PostgreSQL takes, and how many rows it reads."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from shared.db.engine import Database

Statement = tuple[str, Any]


@dataclass(frozen=True)
class Plan:
    """The plan of one statement, as it was carried out; rows are those read, shown or not."""

    indexes: frozenset[str]
    scanned_whole: frozenset[str]
    rows_read: int


@contextmanager
def statements_of(database: Database) -> Iterator[list[Statement]]:
    """Every statement that is sent to a database within the block, with its parameters."""
    sent: list[Statement] = []

    def keep(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        sent.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", keep)


async def plan_of(database: Database, statement: Statement) -> Plan:
    """Carry out a statement once more, and look how."""
    asked, parameters = statement
    async with database.engine.connect() as connection:
        explained = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {asked}"
        found: Any = (await connection.exec_driver_sql(explained, parameters)).scalar_one()
    nodes = list(_nodes(found[0]["Plan"]))
    return Plan(
        indexes=frozenset(node["Index Name"] for node in nodes if "Index Name" in node),
        scanned_whole=frozenset(node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"),
        rows_read=sum(_rows_read(node) for node in nodes if "Relation Name" in node),
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    inner: Sequence[dict[str, Any]] = plan.get("Plans", ())
    for node in inner:
        yield from _nodes(node)


def _rows_read(node: dict[str, Any]) -> int:
    each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return int(each * node["Actual Loops"])
