"""Scope of Awaab's law: the reason for which the law of the day of awareness covers a hazard or does not."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.repairs.events import HazardReported
from shared.standards.rows import Standard

LAW = "awaabs_law"

NOT_IN_THE_FILES = "The standards in use have no law on hazards."
NOT_OF_THIS_TENURE = "The law does not cover licences, long leases and shared ownership."


def why_not_covered(rows: Sequence[Standard], facts: Mapping[str, Any], aware_on: date) -> str | None:
    """Explain to a person why the law does not cover a hazard named with these facts; None if it does.

    `rows` are the law's that a naming may start, in all their versions.
    """
    in_force = [row for row in rows if row.is_in_force(aware_on)]
    if any(_starts(row, facts) for row in in_force):
        return None
    if not rows:
        return NOT_IN_THE_FILES
    if not in_force:
        first = min(row.in_force_from for row in rows)
        return f"The law is in force from {_in_words(first)}, and we became aware of the hazard before."
    if not rows[0].regime.covers(facts):
        return NOT_OF_THIS_TENURE
    later = [row.in_force_from for row in rows if row.in_force_from > aware_on and _starts(row, facts)]
    if later:
        return (
            f"The law covers such a hazard from {_in_words(min(later))}, and we became aware of it before; "
            "a material change from that day on counts anew."
        )
    return "The law of that day covers such a hazard only where it is an emergency."


def _starts(row: Standard, facts: Mapping[str, Any]) -> bool:
    starts = (start for start in row.starts_on if start.event == HazardReported.type)
    return row.regime.covers(facts) and any(start.fits(facts) for start in starts)


def _in_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
