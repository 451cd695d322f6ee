"""Explanation of a file before anything is sent: what the mapping makes of it, and what it leaves out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console

from deploy.replay.mapping import Mapping, Outcome
from deploy.replay.meanings import Service
from deploy.replay.rows import Row, read_rows, sort_rows
from deploy.replay.summary import counts_table
from shared.cases.schemas import Channel
from shared.clock import Clock

NOTHING = "(empty)"


def explain(console: Console, path: Path, mapping: Mapping, clock: Clock) -> None:
    """Print columns and values with the number of rows that have them; raises UnreadableFile.

    Values are shown only of columns that the mapping translates: another may hold names.
    """
    rows, _ = read_rows(path, mapping)
    found = sort_rows(path, mapping, clock())
    columns = mapping.columns
    tables = [
        ("Columns that the mapping file does not name, by filled cells", _unnamed(rows, mapping)),
        *((f"Cases of {service}", _complaints(rows, mapping, service)) for service in Service),
        ("Channels", _translated(rows, columns.channel, mapping.channels)),
    ]
    if columns.status is not None:
        tables.append(("Statuses", _translated(rows, columns.status, mapping.statuses)))
    tables.append(("Rows that cannot be right", Counter(row.reason for row in found.refused)))
    for title, counts in tables:
        if counts:
            console.print(counts_table(title, counts))
    console.print()
    console.print(f"{found.total:>6} rows read, of which")
    services = Counter(case.meaning.service for case in found.cases)
    for service in Service:
        console.print(f"{services[service]:>14} would be cases of {service}")
    console.print(f"{found.duplicates:>14} are duplicates of others")
    console.print(f"{len(found.refused):>14} cannot be right")
    console.print("Nothing was sent.")


def _unnamed(rows: Sequence[Row], mapping: Mapping) -> Counter[str]:
    named = mapping.columns.names()
    return Counter(
        column for row in rows for column, cell in row.cells.items() if cell and column not in named
    )


def _complaints(rows: Iterable[Row], mapping: Mapping, service: Service) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in rows:
        kind, descriptor = row.cells[mapping.columns.type], row.cells[mapping.columns.descriptor]
        meaning = mapping.meaning_of(kind, descriptor)
        if meaning.service is service:
            counts[f"{kind or NOTHING}, {descriptor or NOTHING}: {meaning.in_words()}"] += 1
    return counts


def _translated(
    rows: Iterable[Row], column: str, known: dict[str, Channel] | dict[str, Outcome]
) -> Counter[str]:
    meanings: dict[str, str] = {value: meaning.value for value, meaning in known.items()}
    counts: Counter[str] = Counter()
    for row in rows:
        value = row.cells[column]
        counts[f"{value or NOTHING}: {meanings.get(value, 'not in the mapping file')}"] += 1
    return counts
