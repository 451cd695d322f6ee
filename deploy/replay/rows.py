"""The old system's rows: which are repairs, which are not, and which cannot be right."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from deploy.replay.mapping import Mapping
from shared.standards.calendar import FIRST_YEAR


class UnreadableFile(Exception):
    """The file is no CSV of the kind that the mapping describes."""


class WrongRow(Exception):
    """An error in a row of the file."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `line` is the line of the file on which it begins."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that does not go in, and why; the row itself may be right if it was the house that failed."""

    line: int
    reason: str
    house_failed: bool = False


@dataclass(frozen=True, slots=True)
class OldRepair:
    """A repair of the old system, in our words; times are UTC, `completed_at` is None while it is open."""

    line: int
    key: str
    received_at: datetime
    completed_at: datetime | None
    fault: str
    description: str
    channel: str
    address: str
    postcode: str


@dataclass(slots=True)
class SortedRows:
    """A file's rows: repairs, how many of each type are no repair, and what does not go in."""

    total: int = 0
    repairs: list[OldRepair] = field(default_factory=list)
    no_repairs: Counter[str] = field(default_factory=Counter)
    refused: list[RefusedRow] = field(default_factory=list)


def sort_rows(path: Path, mapping: Mapping, now: datetime) -> SortedRows:
    """Read a whole file and sort out its rows; raises UnreadableFile before anything could be posted."""
    rows, broken = read_rows(path, mapping.columns.names())
    found = SortedRows(total=len(rows) + len(broken), refused=broken)
    line_of: dict[str, int] = {}
    for row in rows:
        try:
            repair = old_repair(row, mapping, now)
            if repair is None:
                found.no_repairs[row.cells[mapping.columns.type] or "(no type)"] += 1
                continue
            if line_of.setdefault(repair.key, row.line) != row.line:
                raise WrongRow(f"has the key of line {line_of[repair.key]}")
            found.repairs.append(repair)
        except WrongRow as wrong:
            found.refused.append(RefusedRow(row.line, str(wrong)))
    return found


def read_rows(path: Path, columns: Iterable[str]) -> tuple[list[Row], list[RefusedRow]]:
    """Every row, and those with more or fewer cells than the header; raises UnreadableFile."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _read(file, set(columns), path.name)
    except OSError as failure:
        raise UnreadableFile(f"{path} cannot be read: {failure.strerror}.") from None
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path.name} is not encoded in UTF-8.") from None
    except csv.Error as problem:
        raise UnreadableFile(f"{path.name} is no CSV file: {problem}.") from None


def _read(file: TextIO, columns: set[str], name: str) -> tuple[list[Row], list[RefusedRow]]:
    rows: list[Row] = []
    broken: list[RefusedRow] = []
    # Strict: else a quotation mark that is never closed would swallow the rest of the file unseen.
    reader = csv.reader(file, strict=True)
    header: list[str] = next(reader, [])
    _check_header(header, columns, name)
    line = reader.line_num + 1
    for cells in reader:
        if len(cells) == len(header):
            rows.append(Row(line, {column: cell.strip() for column, cell in zip(header, cells, strict=True)}))
        elif cells:
            broken.append(RefusedRow(line, f"has {len(cells)} cells where the header has {len(header)}"))
        line = reader.line_num + 1
    return rows, broken


def _check_header(header: list[str], columns: set[str], name: str) -> None:
    if not header:
        raise UnreadableFile(f"{name} is empty.")
    missing = sorted(columns - set(header))
    if missing:
        raise UnreadableFile(f"{name} lacks columns that the mapping file names: {', '.join(missing)}.")


def old_repair(row: Row, mapping: Mapping, now: datetime) -> OldRepair | None:
    """The repair in a row, or None when it is no repair; raises WrongRow.

    The times are judged first: a row that was closed before it was opened is reported whatever its type.
    """
    columns, cells = mapping.columns, row.cells
    received_at, completed_at = _times(cells[columns.created], cells[columns.closed], mapping, now)
    kind, descriptor = cells[columns.type], cells[columns.descriptor]
    fault = mapping.fault_of(kind, descriptor)
    if fault is None:
        return None
    channel = mapping.channels.get(cells[columns.channel])
    if channel is None:
        raise WrongRow(f'came by "{cells[columns.channel]}", a channel that the mapping file does not have')
    return OldRepair(
        line=row.line,
        key=_filled(cells[columns.key], "key"),
        received_at=received_at,
        completed_at=completed_at,
        fault=fault,
        description=": ".join(part for part in (kind, descriptor) if part),
        channel=channel.value,
        address=_filled(_address(cells, columns.address), "address"),
        postcode=_filled(cells[columns.postcode], "postcode"),
    )


def _filled(value: str, name: str) -> str:
    if not value:
        raise WrongRow(f"has no {name}")
    return value


def _address(cells: dict[str, str], groups: Iterable[Iterable[str]]) -> str:
    for group in groups:
        parts = [cells[column] for column in group]
        if all(parts):
            return " and ".join(parts)
    return ""


def _times(created: str, closed: str, mapping: Mapping, now: datetime) -> tuple[datetime, datetime | None]:
    opened_at = instant(_filled(created, "time at which it was opened"), mapping)
    if opened_at.year < FIRST_YEAR:
        raise WrongRow(f"was opened before {FIRST_YEAR}, the calendar's first year")
    if opened_at > now:
        raise WrongRow("was opened in the future")
    if not closed:
        return opened_at, None
    closed_at = instant(closed, mapping)
    if closed_at < opened_at:
        # In the hour that a clock shows twice in autumn, it may have been the second time round.
        closed_at = instant(closed, mapping, fold=1)
    if closed_at < opened_at:
        raise WrongRow("was closed before it was opened")
    if closed_at > now:
        raise WrongRow("was closed in the future")
    return opened_at, closed_at


def instant(text: str, mapping: Mapping, fold: int = 0) -> datetime:
    """A time on the file's own clock as UTC; raises WrongRow.

    `fold` is 1 for the second time round of the hour that is repeated when clocks go back.
    """
    zone = mapping.file.time_zone
    try:
        shown = datetime.strptime(text, mapping.file.time_format)  # noqa: DTZ007 - the zone follows
        known = shown.replace(tzinfo=shown.tzinfo or zone, fold=fold).astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongRow(f'has a time that cannot be read: "{text}"') from None
    if shown.tzinfo is None and known.astimezone(zone).replace(tzinfo=None, fold=0) != shown:
        raise WrongRow(f"has a time that no clock showed: {text}, when clocks in {zone} went forward")
    return known
