"""Reads a standards file row by row, and refuses a bad one with the file, the row and the reason."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from shared.standards.calendar import ENGLAND_AND_WALES, CalendarName
from shared.standards.contact_points import ContactPoint
from shared.standards.ombudsmen import ContactDetails
from shared.standards.periods import END_OF_DAY, END_OF_OFFICE_HOURS, START_OF_OFFICE_HOURS
from shared.standards.rows import BREACH, PERIOD, Condition, Facts, Regime, Rung, Standard
from shared.standards.vocabulary import Vocabulary

DEFAULT_LADDER = "default"


class BadStandard(ValueError):
    """A standards file that cannot be kept to; says which file, which row, and why."""

    def __init__(self, file: str, row: str | None, reason: str) -> None:
        super().__init__(f"{file}: {row}: {reason}" if row else f"{file}: {reason}")
        self.file, self.row, self.reason = file, row, reason


@dataclass(frozen=True, kw_only=True)
class _File:
    __pydantic_config__ = ConfigDict(extra="forbid")

    regime: str
    title: str
    source: str
    lead_in: str
    in_force_from: date
    standard: list[dict[str, Any]]
    statutory: bool = False
    guidance: bool = False
    for_staff: bool = False
    may_pause: bool = False
    calendar: CalendarName = ENGLAND_AND_WALES
    version_by: str | None = None
    opening: time = START_OF_OFFICE_HOURS
    office_closing: time = END_OF_OFFICE_HOURS
    closing: time = END_OF_DAY
    ombudsman: tuple[ContactDetails, ...] = ()
    excludes: Facts = field(default_factory=dict)
    reviewed_on: date | None = None
    contact_point: tuple[ContactPoint, ...] = ()
    ladders: Mapping[str, tuple[Rung, ...]] = field(default_factory=dict)


_FILE = TypeAdapter(_File)
_ROW = TypeAdapter(Standard)


def read_regime(path: Path, vocabulary: Vocabulary) -> list[Standard]:
    """All rows of one file, in its order; raises BadStandard."""
    try:
        file = _FILE.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as wrong:
        raise BadStandard(path.name, None, f"cannot be read ({wrong.strerror})") from wrong
    except ValidationError as wrong:
        raise BadStandard(path.name, None, _first_fault(wrong)) from wrong
    except ValueError as wrong:
        raise BadStandard(path.name, None, f"is no TOML file: {wrong}") from wrong
    if not file.standard:
        raise BadStandard(path.name, None, "has no standard")
    for name, ladder in file.ladders.items():
        _check_ladder(path.name, name, ladder)
    if file.opening >= file.office_closing:
        raise BadStandard(path.name, None, "its office_closing is not after its opening")
    regime = Regime(
        name=file.regime,
        title=file.title,
        source=file.source,
        lead_in=file.lead_in,
        vocabulary=vocabulary,
        statutory=file.statutory,
        guidance=file.guidance,
        for_staff=file.for_staff,
        may_pause=file.may_pause,
        calendar=file.calendar,
        opening=file.opening,
        office_closing=file.office_closing,
        closing=file.closing,
        ombudsmen=file.ombudsman,
        excludes=file.excludes,
        reviewed_on=file.reviewed_on,
        contact_points=file.contact_point,
    )
    rows = [
        _read_row(path.name, position, raw, file, regime) for position, raw in enumerate(file.standard, 1)
    ]
    _check_exclusions(path.name, rows)
    _check_versions(path.name, rows)
    return rows


def _read_row(name: str, position: int, raw: dict[str, Any], file: _File, regime: Regime) -> Standard:
    called = str(raw.get("id", f"row {position}"))
    ladder = raw.get("ladder", DEFAULT_LADDER)
    if not isinstance(ladder, str) or ladder not in file.ladders:
        raise BadStandard(name, called, f'there is no ladder "{ladder}" in this file')
    try:
        row = _ROW.validate_python(
            {
                "in_force_from": file.in_force_from,
                "version_by": file.version_by,
                **raw,
                "regime": regime,
                "source": f"{regime.source}, {raw['source']}" if "source" in raw else regime.source,
                "ladder": file.ladders[ladder],
            }
        )
        _check_row(row)
    except ValidationError as wrong:
        raise BadStandard(name, called, _first_fault(wrong)) from wrong
    except ValueError as wrong:
        raise BadStandard(name, called, str(wrong)) from wrong
    return row


def _check_row(row: Standard) -> None:
    vocabulary = row.regime.vocabulary
    for condition in row.conditions():
        _check_condition(condition, vocabulary)
    for start in row.starts_on:
        _require(
            (row.until is None) != (start.period is None and row.period is None),
            "needs either a period or a date it runs until",
        )
        if row.until:
            vocabulary.check_fact(start.event, row.until, "date")
        limited_from = start.no_later_than.counted_from if start.no_later_than else None
        for fact in filter(None, (start.counted_from, row.version_by, limited_from)):
            vocabulary.check_fact(start.event, fact, "date")
    _check_promise(row)
    _require(bool(row.starts_on), "nothing starts it")
    _require(bool(row.met_by), "nothing meets it")
    _require(not (row.recurring and row.until), "cannot recur until a date")
    _require(
        not row.rolls or (row.until is None and not any(period.elapses for period in row.periods)),
        "only the end of a period of days can roll",
    )
    _require(row.recurring or not row.period_changes, "only a recurring promise changes its period")
    _require(
        row.in_force_until is None or row.in_force_from <= row.in_force_until,
        "goes out of force before it comes into force",
    )
    _require(
        not (row.regime.statutory and row.pausing) or row.regime.may_pause,
        "a statutory clock never pauses unless its file says that it may",
    )
    for rung in row.ladder:
        _require(
            not (row.recurring and rung.at.follows_breach),
            f'its rung "{rung.name}" comes after the breach of a recurring promise',
        )
    _check_extension(row)
    if row.matched_on:
        for condition in (*row.starts_on, *row.met_by):
            vocabulary.check_fact(condition.event, row.matched_on)


def _check_promise(row: Standard) -> None:
    _require(row.until is not None or row.by_default is None, "only a date it runs until has a default")
    _require(row.promise.startswith("We will "), 'its promise must begin with "We will "')
    dated = PERIOD in row.promise and row.until is not None
    _require(not dated, "its promise names a period, and it runs until a date")


def _check_condition(condition: Condition, vocabulary: Vocabulary) -> None:
    vocabulary.facts_of(condition.event)
    for fact, allowed in condition.when.items():
        for value in allowed:
            vocabulary.check_value(condition.event, fact, value)


def _check_extension(row: Standard) -> None:
    extension = row.extension
    if extension is None:
        return
    _require(
        (extension.to is None) != (extension.by is None),
        'its extension needs either "to", a fact with a date, or "by", a fact with a number',
    )
    vocabulary = row.regime.vocabulary
    if extension.to:
        vocabulary.check_fact(extension.event, extension.to, "date")
    if extension.by:
        vocabulary.check_fact(extension.event, extension.by, "number")
    _check_condition(Condition(event=extension.event, when=extension.beyond_when), vocabulary)
    _require(extension.times is None or extension.times > 0, "its extension is allowed less than once")


def _check_ladder(file: str, ladder: str, rungs: tuple[Rung, ...]) -> None:
    for name, times in Counter(rung.name for rung in rungs).items():
        if times > 1:
            raise BadStandard(file, None, f'the ladder "{ladder}" has {times} rungs called "{name}"')
    for rung in rungs:
        # By this name a breach is told as one, and withdrawn when late facts undo it.
        if (rung.name == BREACH) != rung.at.is_the_breach:
            raise BadStandard(
                file, None, f'the ladder "{ladder}" has "{rung.name}" {rung.at}: only "{BREACH}" is at once'
            )


def _check_exclusions(file: str, rows: list[Standard]) -> None:
    """A fact that excludes is one of some event that starts a row, and can have each of the values."""
    vocabulary, excludes = rows[0].regime.vocabulary, rows[0].regime.excludes
    starting = {start.event for row in rows for start in row.starts_on}
    for fact, values in excludes.items():
        carriers = [event for event in sorted(starting) if fact in vocabulary.facts_of(event)]
        if not carriers:
            raise BadStandard(file, None, f'no event that starts a row has the fact "{fact}" that excludes')
        try:
            for event, value in product(carriers, values):
                vocabulary.check_value(event, fact, value)
        except ValueError as wrong:
            raise BadStandard(file, None, str(wrong)) from wrong


def _check_versions(file: str, rows: list[Standard]) -> None:
    """Versions of one row must follow each other day by day."""
    latest: dict[str, Standard] = {}
    for row in sorted(rows, key=lambda row: row.in_force_from):
        earlier = latest.get(row.id)
        latest[row.id] = row
        if earlier is None:
            continue
        if earlier.in_force_until is None or earlier.in_force_until >= row.in_force_from:
            raise BadStandard(file, row.id, f"two rows with this id are in force on {row.in_force_from}")
        if (row.in_force_from - earlier.in_force_until).days > 1:
            raise BadStandard(
                file, row.id, f"nothing is in force between {earlier.in_force_until} and {row.in_force_from}"
            )


def _require(right: bool, otherwise: str) -> None:
    if not right:
        raise ValueError(otherwise)


def _first_fault(wrong: ValidationError) -> str:
    fault = wrong.errors()[0]
    place = " ".join(str(part) for part in fault["loc"])
    match fault["type"]:
        case "missing":
            return f'"{place}" is missing'
        case "unexpected_keyword_argument":
            return f'"{place}" is no key of such a file'
        case _:
            return f"{place}: {fault['msg'].removeprefix('Value error, ')}"
