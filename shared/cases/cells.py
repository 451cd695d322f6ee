"""Cells of CSV files that officers open in a spreadsheet: text stays text, whatever it begins with."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

FORMULA = re.compile(r"[=+\-@\t\r]")
A_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?|\+[0-9][0-9 ()-]{5,20}")
"""A number, or a telephone number, which an apostrophe would only spoil."""


def cell(value: object) -> str:
    """A value as a cell; text that a spreadsheet would take for a formula has an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if FORMULA.match(text) and not A_NUMBER.fullmatch(text) else text


def written(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV (RFC 4180)."""
    file = StringIO()
    csv.writer(file).writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()
