"""Registers: bulk import from CSV, where every line that can be loaded is, and every other is reported.

The first line names the columns. Days are written 2026-03-31 or, as British spreadsheets do, 31/03/2026. Each
line is read by itself: a quotation mark that is never closed would otherwise take every line after it along.
"""

import asyncio
import csv
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import islice
from typing import IO, Annotated, Any, Generic, TypeVar

from pydantic import ValidationError
from sqlalchemy import func, select

from shared.errors import Invalid, Refusal
from shared.http.bodies import FileBody, SpooledUpload, spooled_body
from shared.http.problems import InvalidFields, Problem, errors_of, problem_of
from shared.text import compared
from shared.work import UnitOfWork

MOST_BYTES = 32 * 1024 * 1024
MOST_LINES, MOST_REFUSED = 30_000, 1_000
"""The lines that an answer shows, of all that it counts: a megabyte of rubbish made two hundred of errors."""

LINES_SHOWN = f"The first {MOST_LINES:,} lines that were loaded, and the first {MOST_REFUSED:,} refused"
ASK_AGAIN_SECONDS = 0.2
LINES_AT_ONCE = 200  # between these batches other requests have their turn
BRITISH_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")

# the second is what a Windows with a spreadsheet calls a .csv
MEDIA_TYPES = ("text/csv", "application/vnd.ms-excel")
CsvFile = Annotated[SpooledUpload, spooled_body(MEDIA_TYPES, most=MOST_BYTES)]
CSV_BODY: dict[str, Any] = {
    "requestBody": {
        "description": "The first line names the columns",
        **FileBody(MEDIA_TYPES, MOST_BYTES).described,
    }
}

Row = TypeVar("Row")
LineAnswer = TypeVar("LineAnswer")
Cells = Mapping[str, str]
"""The cells of one line by column, without those that are empty."""


@dataclass(frozen=True, slots=True)
class Line(Generic[Row]):
    """A line of the file, by its number there: the row that it asks for, or the problem with it."""

    number: int
    row: Row | None = None
    problem: Problem | None = None


@dataclass(slots=True)
class ShownLines(Generic[LineAnswer]):
    """The lines of an answer, in order: the first that were loaded, and the first that were refused."""

    lines: list[LineAnswer] = field(default_factory=list)
    loaded: int = 0
    refused: int = 0

    def add(self, line: LineAnswer, *, is_refused: bool) -> None:
        """Show the next line, unless there are enough of its kind."""
        self.refused += is_refused
        self.loaded += not is_refused
        is_enough = self.refused > MOST_REFUSED if is_refused else self.loaded > MOST_LINES
        if not is_enough:
            self.lines.append(line)


@dataclass(frozen=True, slots=True)
class Register(Generic[Row]):
    """The format of a file: its columns, how a row is read, and what tells one row from another.

    `read` raises ValidationError or Refusal for cells that make no row. Two lines with one `key` would be
    the same thing; the later one is refused with the words of `same_as`, given the number of the earlier.
    """

    needed: tuple[str, ...]
    optional: tuple[str, ...]
    read: Callable[[Cells], Row]
    keys: Callable[[Row], Sequence[Hashable]]
    same_as: Callable[[int], Invalid]

    def batches(self, file: IO[bytes], at_once: int = LINES_AT_ONCE) -> Iterator[list[Line[Row]]]:
        """The lines of a file, some at a time, without the empty ones.

        Raises Invalid for what is no register at all: another encoding than UTF-8, or other columns. It may
        do so at any batch, so all are loaded in one unit of work.
        """
        text, seen = TextIOWrapper(file, encoding="utf-8-sig"), dict[Hashable, int]()
        lines = self._lines(text)
        try:
            while batch := [self._unless_duplicate(line, seen) for line in islice(lines, at_once)]:
                yield batch
        except UnicodeDecodeError:
            raise Invalid('The file is not in UTF-8; save it as "CSV UTF-8".') from None
        finally:
            text.detach()  # it would close the file, which a retried request reads again

    def _lines(self, text: TextIOWrapper) -> Iterator[Line[Row]]:
        columns = self._columns(text.readline())
        for number, line in enumerate(text, start=2):
            try:
                cells = _cells(number, line)
            except Invalid as unreadable:
                yield Line(number, problem=problem_of(unreadable))
                continue
            if any(cells):
                yield self._line(number, columns, cells)

    def _columns(self, line: str) -> Sequence[str]:
        columns = [compared(cell) for cell in _cells(1, line)]
        known = (*self.needed, *self.optional)
        missing = [name for name in self.needed if name not in columns]
        if missing:
            raise Invalid(f"The first line names no column {' nor '.join(missing)}.")
        if len(set(columns)) < len(columns) or not set(columns) <= set(known):
            raise Invalid(f"The first line may name each of these columns once: {', '.join(known)}.")
        return columns

    def _line(self, number: int, columns: Sequence[str], cells: Sequence[str]) -> Line[Row]:
        try:
            if len(cells) != len(columns):
                raise Invalid(f"This line has {len(cells)} cells where the first has {len(columns)}.")
            given = {name: cell for name, cell in zip(columns, cells, strict=True) if cell}
            return Line(number, self.read(given))
        except ValidationError as wrong:
            cells_alone = [{**error, "loc": error["loc"][-1:]} for error in errors_of(wrong)]
            return Line(number, problem=problem_of(InvalidFields(cells_alone)))
        except Refusal as refusal:
            return Line(number, problem=problem_of(refusal))

    def _unless_duplicate(self, line: Line[Row], seen: dict[Hashable, int]) -> Line[Row]:
        if line.row is None:
            return line
        firsts = [seen.setdefault(key, line.number) for key in self.keys(line.row)]
        if min(firsts) == line.number:
            return line
        return Line(line.number, problem=problem_of(self.same_as(min(firsts))))


async def one_at_a_time(work: UnitOfWork, key: int) -> None:
    """Let one unit of work at a time change what is loaded from files, until it is committed.

    The others ask again and again: to wait in one statement for a long file would outlast the time that a
    statement may take.
    """
    have_it = select(func.pg_try_advisory_xact_lock(key))
    while True:
        if await work.session.scalar(have_it):
            return
        await asyncio.sleep(ASK_AGAIN_SECONDS)


def iso_day(day: str | None) -> str | None:
    """A day as ISO 8601 writes it, if it was written the British way; else as it is."""
    british = BRITISH_DAY.fullmatch(day or "")
    return f"{british[3]}-{british[2]:0>2}-{british[1]:0>2}" if british else day


def _cells(number: int, line: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line.rstrip("\n")], strict=True))]
    except csv.Error as wrong:
        why = (
            f"Line {number} cannot be read: {wrong}. Quotation marks are closed on the line that opens them."
        )
        raise Invalid(why) from None
