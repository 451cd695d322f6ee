"""Amounts of the right to repair, from rates.toml beside this file, which an officer can change."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import TypeAdapter

FILE = Path(__file__).with_name("rates.toml")


@dataclass(frozen=True, slots=True)
class Rates:
    """The largest cost that qualifies, and the compensation for a late repair, in pounds, from a day on."""

    in_force_from: date
    largest_repair: Decimal
    for_missing_it: Decimal
    for_each_day: Decimal
    at_most: Decimal


RATES: Sequence[Rates] = TypeAdapter(tuple[Rates, ...]).validate_python(
    tomllib.loads(FILE.read_text(encoding="utf-8"))["rates"]
)


def rates_on(day: date, rates: Sequence[Rates] = RATES) -> Rates:
    """The rates of that day; before the first of them, those."""
    in_force = [given for given in rates if given.in_force_from <= day]
    return max(in_force, key=lambda given: given.in_force_from) if in_force else rates[0]
