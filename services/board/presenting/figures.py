"""Figures in words: shares with the counts behind them, months, and rows of a table or a file."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

MONTH = r"^(199\d|20\d\d)-(0[1-9]|1[0-2])$"
COUNTS = ("started", "met", "late", "breached", "running")
HEADER = ("promise", "standard", "department", *COUNTS, "share_met")


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month."""

    first: date

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month of a day."""
        return cls(day.replace(day=1))

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Month":
        """The month after it."""
        return Month.of(self.first + timedelta(days=31))

    @property
    def before(self) -> "Month":
        """The month before it."""
        return Month.of(self.first - timedelta(days=1))

    @property
    def value(self) -> str:
        """The month as an address has it: 2026-11."""
        return f"{self.first:%Y-%m}"

    @property
    def reporting_year(self) -> int:
        """The Regulator's year that it lies in, which begins on 1 April."""
        return self.first.year if self.first.month >= 4 else self.first.year - 1

    def __str__(self) -> str:
        return f"{self.first:%B %Y}"


@dataclass(frozen=True, slots=True)
class Row:
    """One promise's figures; `percent` is None where none has ended."""

    standard: str
    promise: str
    department: str
    started: int
    met: int
    late: int
    breached: int
    running: int

    @property
    def ended(self) -> int:
        """Promises that were met in time, met late, or are late and still open."""
        return self.met + self.late + self.breached

    @property
    def percent(self) -> float | None:
        """The share that was met in time, with one decimal."""
        return round(100 * self.met / self.ended, 1) if self.ended else None

    @property
    def said(self) -> str:
        """The share with its counts: "88.3 %, 212 of 240; 9 late and still open count against it"."""
        if self.percent is None:
            return f"{self.running} running, none has ended" if self.running else "None has ended"
        words = f"{self.percent:g} %, {self.met} of {self.ended}"
        return f"{words}; {self.breached} late and still open count against it" if self.breached else words


def rows(performance: Mapping[str, Any], promises: Mapping[str, str]) -> list[Row]:
    """The promises that began in a period, the most broken first; `promises` are their words by standard."""
    found = [
        Row(
            standard=each["standard"],
            promise=promises.get(each["standard"], each["standard"]),
            department=each["group"] or "",
            **{name: each[name] for name in COUNTS},
        )
        for each in performance["items"]
        if each["started"]
    ]
    return sorted(found, key=lambda row: (-(row.late + row.breached), row.promise, row.department))


@dataclass(frozen=True, slots=True)
class Share:
    """An indicator: a promise without a time, as a share of the cases that count for it."""

    promise: str
    department: str
    said: str
    percent: float | None


def shares(performance: Mapping[str, Any]) -> list[Share]:
    """The indicators for which any case counts."""
    return [_share(each) for each in performance["indicators"] if each["counted"]]


def _share(indicator: Mapping[str, Any]) -> Share:
    percent = round(100 * indicator["kept"] / indicator["counted"], 1)
    said = f"{percent:g} %, {indicator['kept']} of {indicator['counted']}"
    if indicator["goal"] is not None:
        said = f"{said}; the goal is {100 * indicator['goal']:g} %"
    return Share(indicator["promise"], indicator["group"] or "", said, percent)


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the Regulator's measures, with the number of the cases behind it."""

    id: str
    title: str
    source: str
    said: str
    count: int


def measures(answer: Mapping[str, Any]) -> list[Measure]:
    """The measures of a year."""
    return [measure_in_words(each) for each in answer["items"]]


def measure_in_words(measure: Mapping[str, Any]) -> Measure:
    """A measure with its counts: "94.1: 16 of 17"."""
    value = "" if measure["value"] is None else f"{measure['value']}: "
    of = "" if measure["denominator"] is None else f" of {measure['denominator']}"
    said = f"{value}{measure['numerator']}{of}"
    return Measure(measure["measure"], measure["title"], measure["source"], said, len(measure["cases"]))


def as_csv(table: Iterable[Row]) -> str:
    """The table as a file of rows, whose cells no spreadsheet takes for a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADER)
    for row in table:
        texts: Sequence[str] = (row.promise, row.standard, row.department)
        counts = (getattr(row, name) for name in COUNTS)
        share = "" if row.percent is None else f"{row.percent:g}"
        writer.writerow([*(_cell(text) for text in texts), *counts, share])
    return written.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
