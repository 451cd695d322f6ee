"""Summary of a replay, for the person who started it."""

from collections import Counter
from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from deploy.replay.deadlines import States
from deploy.replay.meanings import Service
from deploy.replay.posting import Change, PostedCase
from deploy.replay.rows import RefusedRow, SortedRows

STATES = ("met", "late", "breached", "running", "cancelled")


def print_rows(console: Console, rows: SortedRows, posted: Sequence[PostedCase]) -> None:
    """The outcome of every row of the file; rows refused by the API are among `rows.refused`."""
    changes = Counter(case.change for case in posted)
    services = Counter(case.service for case in posted)
    console.print()
    for row in sorted(rows.refused, key=_line):
        console.print(f"Line {row.line}: {row.reason}", soft_wrap=True)
    console.print()
    console.print(f"{rows.total:>6} rows read")
    console.print(f"{rows.duplicates:>6} are duplicates of others")
    console.print(f"{len(rows.refused):>6} cannot be right, or were refused")
    console.print(f"{len(posted):>6} are cases now")
    for service in Service:
        console.print(f"{services[service]:>14} of {service}")
    console.print(f"{len(posted):>6} of these are")
    for change in Change:
        console.print(f"{changes[change]:>14} {change}")


def _line(row: RefusedRow) -> int:
    return row.line


def counts_table(title: str, counts: Counter[str]) -> Table:
    """A table of what was counted, the most first."""
    table = _table(title, "", "rows")
    for what, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(what, str(count))
    return table


def print_standards(console: Console, states: States, missing: Sequence[PostedCase]) -> None:
    """The table of every standard, by this file's cases, and the cases that it lacks."""
    table = _table("The promises made to these cases", "standard", "started", *STATES)
    for standard, found in sorted(states.items()):
        table.add_row(standard, str(found.total()), *(str(found[state]) for state in STATES))
    console.print(table)
    if missing:
        named = ", ".join(case.reference for case in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        console.print(f"Not in the table, for their deadlines have not arrived yet: {named}{more}.")


def _table(title: str, first: str, *numbers: str) -> Table:
    # Narrow: all of the standards' table fits a terminal of 80 columns.
    table = Table(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=SIMPLE,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column(first, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table
