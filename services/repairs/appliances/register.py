"""Bulk import of a register from a CSV file: every line that can be loaded is, every other is reported.

The first line names the columns: kind, address and postcode, and if known uprn, location and
last_serviced_on. Days are written 2026-03-31 or, as British spreadsheets do, 31/03/2026. Each line is read by
itself: a quotation mark that is never closed would otherwise take every line after it along.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from pydantic import ValidationError

from services.repairs.appliances import service
from services.repairs.appliances.schemas import LineOut, Outcome, RegisterOut, Registration
from services.repairs.appliances.service import Key, Registered
from shared.errors import Invalid, Refusal
from shared.http.problems import InvalidFields, Problem, errors_of, problem_of
from shared.text import compared
from shared.work import UnitOfWork

NEEDED = ("kind", "address", "postcode")
KNOWN = (*NEEDED, "uprn", "location", "last_serviced_on")
BRITISH_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
LINES_AT_ONCE = 200  # between these batches other requests have their turn


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: the registration it asks for, or the problem with it."""

    number: int
    registration: Registration | None = None
    problem: Problem | None = None


async def load(work: UnitOfWork, file: bytes) -> RegisterOut:
    """Register every appliance in the file that is not there yet; the same file again registers none.

    Raises Invalid for what is no register at all: another encoding than UTF-8, or other columns.
    """
    lines = _lines(work, file)
    answers: list[LineOut] = []
    seen: dict[Key, int] = {}
    while batch := [_unless_duplicate(line, seen) for line in islice(lines, LINES_AT_ONCE)]:
        good = [line.registration for line in batch if line.registration is not None]
        registered = iter(await service.register_all(work, good))
        answers += [_answer(line, registered) for line in batch]
    return RegisterOut.of(answers)


def _unless_duplicate(line: Line, seen: dict[Key, int]) -> Line:
    """Refuse a line as a duplicate if nothing tells its appliance from that of an earlier line."""
    if line.registration is None:
        return line
    first = seen.setdefault(service.key_of(line.registration), line.number)
    if first == line.number:
        return line
    same = Invalid(
        f"Line {first} has the same kind at the same home and place; if there are two, "
        "a `location` for each would tell them apart.",
        "/location",
    )
    return Line(line.number, problem=problem_of(same))


def _answer(line: Line, registered: Iterator[Registered]) -> LineOut:
    if line.registration is None:
        return LineOut(line=line.number, outcome=Outcome.REFUSED, problem=line.problem)
    found = next(registered)
    outcome = Outcome.REGISTERED if found.is_new else Outcome.ALREADY_REGISTERED
    return LineOut(
        line=line.number,
        outcome=outcome,
        reference=found.appliance.reference,
        note=_note(line.registration, found),
    )


def _note(registration: Registration, found: Registered) -> str | None:
    """A note of the day that the line gives and the register does not, so that it is not lost in silence."""
    held = found.appliance.last_serviced_on
    if registration.last_serviced_on in (None, held):
        return None
    return f"The register has {held or 'no day'} as its last service; record a later one as a service."


def _lines(work: UnitOfWork, file: bytes) -> Iterator[Line]:
    try:
        text = file.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid('The file is not in UTF-8; save it as "CSV UTF-8".') from None
    lines = StringIO(text, newline=None)
    columns = _columns(lines.readline())
    for number, line in enumerate(lines, start=2):
        try:
            cells = _cells(number, line)
        except Invalid as unreadable:
            yield Line(number, problem=problem_of(unreadable))
            continue
        if any(cells):
            yield _line(work, number, columns, cells)


def _cells(number: int, line: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line.rstrip("\n")], strict=True))]
    except csv.Error as wrong:
        why = (
            f"Line {number} cannot be read: {wrong}. Quotation marks are closed on the line that opens them."
        )
        raise Invalid(why) from None


def _columns(line: str) -> Sequence[str]:
    columns = [compared(cell) for cell in _cells(1, line)]
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise Invalid(f"The first line names no column {' nor '.join(missing)}.")
    if len(set(columns)) < len(columns) or not set(columns) <= set(KNOWN):
        raise Invalid(f"The first line may name each of these columns once: {', '.join(KNOWN)}.")
    return columns


def _line(work: UnitOfWork, number: int, columns: Sequence[str], cells: Sequence[str]) -> Line:
    try:
        if len(cells) != len(columns):
            raise Invalid(f"This line has {len(cells)} cells where the first has {len(columns)}.")
        registration = _registration(dict(zip(columns, cells, strict=True)))
        service.check_times(work, registration)
        return Line(number, registration)
    except ValidationError as wrong:
        cells_alone = [{**error, "loc": error["loc"][-1:]} for error in errors_of(wrong)]
        return Line(number, problem=problem_of(InvalidFields(cells_alone)))
    except Refusal as refusal:
        return Line(number, problem=problem_of(refusal))


def _registration(cells: dict[str, str]) -> Registration:
    home = {name: cells[name] for name in ("uprn", "address", "postcode") if cells.get(name)}
    told = {"kind": compared(cells["kind"]), "location": cells.get("location") or None}
    day = _iso(cells.get("last_serviced_on") or None)
    return Registration.of_parsed({**told, "property": home, "last_serviced_on": day})


def _iso(day: str | None) -> str | None:
    """The day as ISO 8601 writes it, if it was written the British way."""
    british = BRITISH_DAY.fullmatch(day or "")
    return f"{british[3]}-{british[2]:0>2}-{british[1]:0>2}" if british else day
