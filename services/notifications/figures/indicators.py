"""Indicators: promises without a time, kept as a share of cases, read from TOML."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter

from shared.standards.vocabulary import Value, Vocabulary

_FILE = Path(__file__).with_name("indicators.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One promised share: the event by which a case counts, and the value of its fact that keeps it.

    `goal` is the share that its source promises, where it promises one.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    promise: str
    source: str
    counts: str
    fact: str
    kept_when: Value
    goal: float | None = None


_ROWS = TypeAdapter(dict[str, tuple[Indicator, ...]])


@cache
def bundled() -> tuple[Indicator, ...]:
    """The indicators that ship with the product, read once."""
    return _ROWS.validate_python(tomllib.loads(_FILE.read_text(encoding="utf-8")))["indicator"]


def check(indicators: tuple[Indicator, ...], vocabulary: Vocabulary) -> None:
    """Raise UnknownWord for an indicator whose event lacks its fact, or whose fact never has that value."""
    for indicator in indicators:
        vocabulary.check_value(indicator.counts, indicator.fact, indicator.kept_when)
