"""Formats of values in requests: instants, dates, sums of money and digits, each with one spelling.

pydantic's own types, in strict mode too, take "20261123" for a day of 1970, "1700000000" for an instant of
2023 and other scripts' digits for a sum. Here the text is matched before it is read. Objects of Python pass,
for answers are made of them.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, PlainSerializer, StringConstraints

from shared.standards.calendar import FIRST_YEAR, LAST_YEAR

Value = TypeVar("Value")
AnyDate = TypeVar("AnyDate", bound=date)

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
"""The years of every date that callers give: the calendar's, or no working day could be told."""

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(DAY.pattern + r"T[0-9:]{5,8}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})")
POUNDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,2})?")


def _read(given: Any, spelling: re.Pattern[str], read: Callable[[str], Value], example: str) -> Value:
    try:
        if isinstance(given, str) and spelling.fullmatch(given):
            return read(given)
    except ValueError:  # a 30 February; the words of Python's own error would repeat what was sent
        pass
    raise ValueError(f'give this as text, as in "{example}"')


def _in_known_years(found: AnyDate) -> AnyDate:
    if found.year not in YEARS:
        raise ValueError(f"give a date of the years {FIRST_YEAR} to {LAST_YEAR}")
    return found


def _day(given: Any) -> date:
    if isinstance(given, date):
        return given
    return _in_known_years(_read(given, DAY, date.fromisoformat, "2026-11-23"))


def _instant(given: Any) -> datetime:
    if isinstance(given, datetime):
        return given
    local = _in_known_years(_read(given, INSTANT, datetime.fromisoformat, "2026-11-23T09:30:00Z"))
    return _in_known_years(local.astimezone(UTC))


def _pounds(given: Any) -> Decimal:
    return given if isinstance(given, Decimal) else _read(given, POUNDS, Decimal, "120.00")


def _zulu(instant: datetime) -> str:
    in_utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return in_utc.isoformat()[: -len("+00:00")] + "Z"


def _with_pence(pounds: Decimal) -> str:
    return f"{pounds:.2f}"


def _without_leading_zeros(uprn: str) -> str:
    if significant := uprn.lstrip("0"):
        return significant
    raise ValueError("a UPRN has a digit that is not 0")


Day = Annotated[date, BeforeValidator(_day)]
"""A date of the calendar, as in "2026-11-23"."""

Instant = Annotated[AwareDatetime, BeforeValidator(_instant), PlainSerializer(_zulu, return_type=str)]
"""An instant with its offset, as in "2026-11-23T09:30:00Z"; it is kept and shown in UTC."""

_Text = Annotated[str, Field(pattern=f"^{POUNDS.pattern}$", examples=["120.00"])]
_READ = BeforeValidator(_pounds, json_schema_input_type=_Text)
_SHOWN = PlainSerializer(_with_pence, return_type=str)

Pounds = Annotated[Decimal, _READ, _SHOWN]
"""A sum of exact pounds and pence, under a million and never negative, as in "120.00"."""

PositivePounds = Annotated[Decimal, Field(gt=0), _READ, _SHOWN]
"""A sum of more than nothing."""

# "\d" takes every script's digits here, but ASCII's alone for the readers of an OpenAPI document (ECMA-262).
Uprn = Annotated[str, StringConstraints(pattern="^[0-9]{1,12}$"), AfterValidator(_without_leading_zeros)]
"""A Unique Property Reference Number, in digits; leading zeros do not count."""
