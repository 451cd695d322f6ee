"""The old system's rows: cases of our services, duplicates, and those that cannot be right."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from deploy.replay.mapping import Mapping, Outcome
from deploy.replay.meanings import Meaning, Service
from shared.standards.calendar import FIRST_YEAR

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
NO_TYPE = "(no type)"
ENDED = frozenset({Outcome.DONE, Outcome.CALLED_OFF})
TOO_LARGE = f"has a cell of over {csv.field_size_limit():,} characters, or a quotation mark without its other"


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
class OldCase:
    """A case of the old system, in our words; times are UTC, `ended_at` is None while it is open.

    Only a repair always has an address and a postcode: other offices keep requests without a place.
    """

    line: int
    key: str
    received_at: datetime
    outcome: Outcome
    ended_at: datetime | None
    meaning: Meaning
    subject: str
    description: str
    channel: str
    address: str
    postcode: str


@dataclass(slots=True)
class SortedRows:
    """A file's rows: cases, and what does not go in.

    `duplicates` are rows which the old system says are another row's job.
    """

    total: int = 0
    duplicates: int = 0
    cases: list[OldCase] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)


def sort_rows(path: Path, mapping: Mapping, now: datetime) -> SortedRows:
    """Read a whole file and sort out its rows; raises UnreadableFile before anything could be posted."""
    rows, broken = read_rows(path, mapping)
    found = SortedRows(total=len(rows) + len(broken), refused=broken)
    line_of: dict[str, int] = {}
    for row in rows:
        try:
            case = old_case(row, mapping, now)
            if case.outcome is Outcome.DUPLICATE:
                found.duplicates += 1
                continue
            if line_of.setdefault(case.key, row.line) != row.line:
                raise WrongRow(f"has the key of line {line_of[case.key]}")
            found.cases.append(case)
        except WrongRow as wrong:
            found.refused.append(RefusedRow(row.line, str(wrong)))
    return found


def read_rows(path: Path, mapping: Mapping) -> tuple[list[Row], list[RefusedRow]]:
    """Every row, and those that cannot be read or have more or fewer cells than the header.

    Raises UnreadableFile.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = file.readlines()
    except OSError as failure:
        raise UnreadableFile(f"{path} cannot be read: {failure.strerror}.") from None
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path.name} is not encoded in UTF-8.") from None
    return _read(_records(lines, mapping.file.separator), mapping, path.name)


def _records(lines: Sequence[str], separator: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each record, by the number of the line on which it begins: its cells, or why it cannot be read.

    After one that cannot be read or is no row, the next line begins another: a quotation mark that is never
    closed costs its own line, where it would otherwise swallow all lines to the next one, or to the end.
    """
    begin = width = 0
    while begin < len(lines):
        reader = csv.reader((lines[at] for at in range(begin, len(lines))), strict=True, delimiter=separator)
        first = begin
        try:
            for cells in reader:
                width = width or len(cells)
                if cells and len(cells) != width:
                    raise WrongRow(f"has {len(cells)} cells where the header has {width}")
                yield first + 1, cells
                first = begin + reader.line_num
            return
        except WrongRow as wrong:
            yield first + 1, str(wrong)
        except csv.Error as wrong:
            is_size = "field limit" in str(wrong) or "end of data" in str(wrong)
            yield first + 1, TOO_LARGE if is_size else f"cannot be read as CSV: {wrong}"
        begin = first + 1


def _read(
    records: Iterator[tuple[int, list[str] | str]], mapping: Mapping, name: str
) -> tuple[list[Row], list[RefusedRow]]:
    rows: list[Row] = []
    broken: list[RefusedRow] = []
    header = _header(next(records, (1, []))[1], mapping, name)
    for line, cells in records:
        if isinstance(cells, str):
            broken.append(RefusedRow(line, cells))
        elif cells:
            rows.append(Row(line, {column: cell.strip() for column, cell in zip(header, cells, strict=True)}))
    return rows, broken


def _header(cells: list[str] | str, mapping: Mapping, name: str) -> list[str]:
    if isinstance(cells, str):
        raise UnreadableFile(f"{name} is no CSV file: its first line {cells}.")
    if not cells:
        raise UnreadableFile(f"{name} is empty.")
    missing = sorted(mapping.columns.names() - set(cells))
    if missing:
        raise UnreadableFile(_separated_otherwise(cells, mapping, name) or _lacking(missing, name))
    return cells


def _lacking(missing: Sequence[str], name: str) -> str:
    return f"{name} lacks columns that the mapping file names: {', '.join(missing)}."


def _separated_otherwise(cells: Sequence[str], mapping: Mapping, name: str) -> str | None:
    """The words for a file whose cells are separated by something else than the mapping file says."""
    line = mapping.file.separator.join(cells)
    for separator, words in SEPARATORS.items():
        if separator != mapping.file.separator and mapping.columns.names() <= set(line.split(separator)):
            return f"The cells of {name} are separated by {words}; say so by `separator` in the mapping file."
    return None


def old_case(row: Row, mapping: Mapping, now: datetime) -> OldCase:
    """The case in a row; raises WrongRow.

    The times are judged first: a row that was closed before it was opened is reported whatever its type.
    """
    columns, cells = mapping.columns, row.cells
    outcome = _outcome(cells, mapping)
    received_at, ended_at = _times(cells[columns.created], cells[columns.closed], mapping, now)
    kind, descriptor = cells[columns.type], cells[columns.descriptor]
    meaning = mapping.meaning_of(kind, descriptor)
    channel = mapping.channels.get(cells[columns.channel])
    if channel is None:
        raise WrongRow(f'came by "{cells[columns.channel]}", a channel that the mapping file does not have')
    if outcome in ENDED and ended_at is None:
        raise WrongRow("has ended, and has no time at which it did")
    address, postcode = _address(cells, columns.address), cells[columns.postcode]
    is_at_home = meaning.service is Service.REPAIRS
    return OldCase(
        line=row.line,
        key=_filled(cells[columns.key], "key"),
        received_at=received_at,
        outcome=outcome,
        ended_at=ended_at if outcome in ENDED else None,
        meaning=meaning,
        subject=kind or NO_TYPE,
        description=": ".join(part for part in (kind, descriptor) if part) or NO_TYPE,
        channel=channel.value,
        address=_filled(address, "address") if is_at_home else address,
        postcode=_filled(postcode, "postcode") if is_at_home else postcode,
    )


def _outcome(cells: dict[str, str], mapping: Mapping) -> Outcome:
    """The outcome that a row's status tells, or without statuses its closing time; raises WrongRow."""
    if mapping.columns.status is None:
        return Outcome.DONE if cells[mapping.columns.closed] else Outcome.OPEN
    status = cells[mapping.columns.status]
    outcome = mapping.statuses.get(status)
    if outcome is None:
        raise WrongRow(f'has the status "{status}", which the mapping file does not have')
    return outcome


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
