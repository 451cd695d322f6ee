"""Other cases at the home of a case, as far as whoever looks may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.board.presenting.cases import GUARDED, Case, spoken, what
from services.board.presenting.times import moment, parsed
from shared.references import prefix_of
from shared.text import same


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another case at a home, in a line."""

    reference: str
    what: str
    status: str
    received: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHome:
    """The other cases at a home; `silent` are the services that did not say theirs."""

    cases: Sequence[Other]
    silent: Sequence[str] = ()
    has_more: bool = False
    visit_in_pairs: bool = False


def postcode_of(case: Case) -> str:
    """The postcode by which the other cases at its home are looked for; none for a guarded case."""
    is_guarded = prefix_of(case["reference"]) == GUARDED
    return "" if is_guarded else (case.get("property") or {}).get("postcode") or ""


def at_home(case: Case, found: Mapping[str, Any], now: datetime) -> AtHome:
    """The cases of a search by postcode that are at the same home, without the case itself."""
    others = [each for each in found["items"] if _is_other(each, case)]
    return AtHome(
        cases=[
            Other(
                reference=each["reference"],
                what=what(each),
                status=spoken(each["status"]),
                received=moment(parsed(each["received_at"]), now),
            )
            for each in others
        ],
        silent=[spoken(service) for service in found["unavailable"]],
        has_more=found["next"] is not None,
        visit_in_pairs=any(each.get("visit_in_pairs") for each in others),
    )


def _is_other(each: Case, case: Case) -> bool:
    if each["reference"] == case["reference"] or prefix_of(each["reference"]) == GUARDED:
        return False
    return is_same_home(each.get("property") or {}, case["property"])


def is_same_home(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell if two homes are one: by their UPRN where both have it, else as people write addresses."""
    numbers = [str(home.get("uprn") or "").lstrip("0") for home in (one, other)]
    if all(numbers):
        return numbers[0] == numbers[1]
    return same(one.get("address"), other.get("address")) and same(one.get("postcode"), other.get("postcode"))
