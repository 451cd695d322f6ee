"""Tracking: a case is followed by its reference, and by a surname and a postcode that are both right.

A front end acts for people whom it cannot tell apart, so it says what the resident knows; in a body, never in
a path or a query, which stand in logs and histories. Every refusal is the same 404, whatever was wrong.
"""

from collections.abc import Mapping
from typing import Any

from shared.caller import Caller
from shared.cases.columns import CaseColumns
from shared.cases.schemas import RequestModel
from shared.cases.words import Line
from shared.text import canonical_postcode, is_surname


class Tracking(RequestModel):
    """The surname of a case's resident and the postcode of the home."""

    surname: Line
    postcode: Line


def is_followed_by(
    case: CaseColumns, home: Mapping[str, Any], surname: str | None, postcode: str | None
) -> bool:
    """Tell whether whoever says these may follow a case about that home.

    Nobody follows one that was imported: what the old system had as a postcode may be anything. Nor one
    whose home has no postcode, for nobody can then say the right one.
    """
    given = canonical_postcode(postcode or "")
    both_are_right = [
        is_surname(surname or "", case.contact.get("name") or ""),
        given is not None and given == home["postcode"],
    ]
    return all(both_are_right) and may_be_followed(case) and not case.imported


def is_brought_by(case: CaseColumns, caller: Caller) -> bool:
    """Tell whether a front end may act on a case for its resident: one that it brought, and may follow.

    Of others it is told, and acts on none: whoever it acts for there may only have found a letter.
    """
    return case.reported_by == caller.identity and may_be_followed(case)


def may_be_followed(case: CaseColumns) -> bool:
    """Tell whether a front end may do anything about a case, its own report included.

    Not where the resident must not be written to: whoever shares the home knows surname and postcode, and
    finds the reference on a letter or in a browser's history.
    """
    return bool(case.written_to.get("safe_to_contact", True))
