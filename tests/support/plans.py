"""Plans of queries: which index PostgreSQL takes, and how many rows it reads."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from shared.db.engine import Database

Statement = tuple[str, Any]
TIMES = 6
EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON)"


@dataclass(frozen=True)
class Plan:
    """The plan of one statement, as it was carried out; rows are those of tables, shown or not.

    Blocks are those of indexes too, in which a scan may pass over entries that are no rows read.
    """

    indexes: frozenset[str]
    scanned_whole: frozenset[str]
    rows_read: int
    blocks_read: int


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
    """Carry out a statement as often as PostgreSQL takes to settle on a plan for it, and look how.

    The driver prepares every statement, and from the sixth time on one plan may stand for all values.
    """
    asked, values = statement
    given = ", ".join(f"'{value}'" for value in values)
    execute = f"EXECUTE settled({given})" if values else "EXECUTE settled"
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql(f"PREPARE settled AS {asked}")
        for _ in range(TIMES):
            await connection.exec_driver_sql(execute)
        explained = await connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {execute}"
        )
        found: Any = explained.scalar_one()
        await connection.exec_driver_sql("DEALLOCATE settled")
    nodes = list(_nodes(found[0]["Plan"]))
    return Plan(
        indexes=frozenset(node["Index Name"] for node in nodes if "Index Name" in node),
        scanned_whole=frozenset(node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"),
        rows_read=sum(_rows_read(node) for node in nodes if "Relation Name" in node),
        blocks_read=nodes[0]["Shared Hit Blocks"] + nodes[0]["Shared Read Blocks"],
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    inner: Sequence[dict[str, Any]] = plan.get("Plans", ())
    for node in inner:
        yield from _nodes(node)


def _rows_read(node: dict[str, Any]) -> int:
    each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return int(each * node["Actual Loops"])
