"""Tracking: a case is followed by its reference, and by a surname and a postcode that are both right.

A front end acts for people whom it cannot tell apart, so it says what the resident knows; in a body, never in
a path or a query, which stand in logs and histories. Every refusal is the same 404, whatever was wrong.
"""

from collections.abc import Mapping
from typing import Any

from shared.cases.columns import CaseColumns
from shared.cases.schemas import RequestModel
from shared.cases.words import Line
from shared.text import canonical_postcode, is_surname


class Tracking(RequestModel):
    """The surname of a case's resident and the postcode of the home."""

    surname: Line
    postcode: Line


class ForATracker(RequestModel):
    """The part of an act by which a front end says for whom it acts, on a case that it did not report."""

    surname: Line | None = None
    postcode: Line | None = None


def is_followed_by(
    case: CaseColumns, home: Mapping[str, Any], surname: str | None, postcode: str | None
) -> bool:
    """Tell whether whoever says these may follow a case about that home.

    Nobody follows one that was imported: what the old system had as a postcode may be anything.
    """
    both_are_right = [
        is_surname(surname or "", case.contact.get("name") or ""),
        home["postcode"] == canonical_postcode(postcode or ""),
    ]
    return all(both_are_right) and may_be_followed(case) and not case.imported


def may_be_followed(case: CaseColumns) -> bool:
    """Tell whether a front end may do anything about a case, its own report included.

    Not where the resident must not be written to: whoever shares the home knows surname and postcode, and
    finds the reference on a letter or in a browser's history.
    """
    return bool(case.contact.get("safe_to_contact", True))
