"""The bank holidays that ship with the product: GOV.UK's list, and the computed ones of the years around it.

They are a file that `make docs` writes. The libraries that know them compute a century for half a second and
keep 11 MB, in each process.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from sys import intern
from types import MappingProxyType
from typing import NamedTuple

FILE = Path(__file__).with_name("bank_holidays.json")
OFFICIAL, COMPUTED = "official", "computed"


class Listed(NamedTuple):
    """The bank holidays of one division: of the years that the official list speaks of, and of all others."""

    official: Mapping[date, str]
    computed: Mapping[date, str]


@cache
def bundled() -> Mapping[str, Listed]:
    """The lists of each division, by the name that GOV.UK gives it."""
    divisions = json.loads(FILE.read_bytes())
    return MappingProxyType(
        {
            name: Listed(_by_date(lists[OFFICIAL]), _by_date(lists[COMPUTED]))
            for name, lists in divisions.items()
        }
    )


def _by_date(days: Mapping[str, str]) -> Mapping[date, str]:
    return MappingProxyType({date.fromisoformat(day): intern(name) for day, name in days.items()})
