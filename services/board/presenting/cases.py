"""A case in a few words: what it is, where, who has it; by literal tables, the same for lists and pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.board.acts.common import DEPARTMENTS as DEPARTMENTS
from shared.directory import DIRECTORY
from shared.references import prefix_of

Case = Mapping[str, Any]

NOBODY_YET = "Nobody yet"
GUARDED = "CAS"
"""The prefix of anti-social behaviour: such a case is shown in lists by its reference and time alone."""

IN_PAIRS = "Two people must go"
HIGH_RISK = "High risk"
FLAGS: Sequence[tuple[str, Callable[[Case], Any]]] = (
    (IN_PAIRS, lambda case: case.get("visit_in_pairs")),
    (HIGH_RISK, lambda case: (case.get("risk") or {}).get("score") == "high"),
    ("Vulnerable household", lambda case: case.get("vulnerable")),
    ("Urgent", lambda case: case.get("urgent")),
)
"""The flags of a case, the safety of whoever goes there first."""

MOST_FLAGS = 3


@dataclass(frozen=True, slots=True)
class InWords:
    """A case as a person would name it."""

    what: str
    where: str
    having: str
    flags: Sequence[str]


COLLECTIONS: Mapping[str, str] = {
    "REP": "/v1/repairs",
    "APP": "/v1/appliances",
    "TEN": "/v1/tenancies",
    "WEL": "/v1/welfare",
    "CMP": "/v1/complaints",
    "CAS": "/v1/asb",
    "SIT": "/v1/estates/sites",
    "EST": "/v1/estates/issues",
    "ENQ": "/v1/enquiries",
    "CAL": "/v1/calls",
    "MTG": "/v1/appointments",
    "VIS": "/v1/visits",
    "FBK": "/v1/feedback",
}
"""The paths of the API under which each kind of case is read, by the prefix of its references."""

OWNERS: Mapping[str, str] = {prefix: row.name for row in DIRECTORY.owner_rows for prefix in row.prefixes}
"""The service whose each kind of case is; it bears the name of its department."""

WITH_PHOTOS = frozenset({"REP", "CMP", "CAS", "EST", "ENQ"})
"""The kinds of case to which whoever reports one may add photos."""

KEEPS_PHOTOS = WITH_PHOTOS | {"TEN"}
"""The kinds of case with which photos are kept."""


def spoken(code: str) -> str:
    """A code of the API as words: "total-loss-of-water" is "Total loss of water"."""
    plain = code.replace("_", " ").replace("-", " ")
    return plain[:1].upper() + plain[1:]


# What a person would call such a case; all others by the first sentence of their summary.
WHAT: Mapping[str, Callable[[Case], str]] = {
    "CMP": lambda case: f"Complaint about {spoken(case['about']).lower()}",
    "ENQ": lambda case: str(case["subject"]),
    "EST": lambda case: str(case["summary"]).partition(": ")[0],
    "MTG": lambda case: str(case["subject"]),
    "VIS": lambda case: str(case["subject"] or "A visit to the office"),
    "FBK": lambda case: f"Feedback about {spoken(case['about']).lower()}",
}
SINCE = ". With us since "
"""The end of a summary's first sentence; what follows stands in columns of its own."""


def collection_of(reference: str) -> str:
    """The path of the API under which a case is read; raises KeyError for a kind that there is not."""
    return COLLECTIONS[prefix_of(reference)]


def department_of(case: Case) -> str:
    """The department that has a case, or whose kind of case it is."""
    handler = case["handler"] or {}
    return DEPARTMENTS.get(handler.get("department") or OWNERS[prefix_of(case["reference"])], "")


def in_words(case: Case) -> InWords:
    """A case as the API shows it, in words."""
    prefix = prefix_of(case["reference"])
    if prefix == GUARDED:
        return InWords(case["reference"], "", _having(case), ())
    words, place = what(case), where(case)
    return InWords(words, "" if place in words else place, _having(case), flags(case))


def what(case: Case) -> str:
    """The subject of a case."""
    in_other_words = WHAT.get(prefix_of(case["reference"]))
    return in_other_words(case) if in_other_words else str(case["summary"]).partition(SINCE)[0]


def where(case: Case) -> str:
    """The address of a case, or its place on an estate, with the name of the site."""
    home = case.get("property")
    address = f"{home['address']}, {home['postcode']}" if home else ""
    place = str(case.get("location") or "")
    parts = ("" if place and place in address else place, case.get("site_name"), address)
    return ", ".join(filter(None, parts)) or str(case.get("address") or "")


def named(case: Case) -> str:
    """A case by its name, in one line: what it is, and where; a guarded one by its reference alone."""
    words = in_words(case)
    return ", ".join(filter(None, (words.what, words.where)))


def _having(case: Case) -> str:
    """The holder of the case: the firm with how far it is, or the officer."""
    handler = (case.get("handler") or {}).get("name")
    firm = case.get("contractor")
    if firm:
        progress = "" if case["status"] == "reported" else f", {spoken(case['status']).lower()}"
        return f"{firm}{progress}"
    return handler or NOBODY_YET


def flags(case: Case, *, visit_in_pairs: bool = False) -> Sequence[str]:
    """The flags of a case in words; `visit_in_pairs` where another case at its home says so."""
    known = {**case, "visit_in_pairs": case.get("visit_in_pairs") or visit_in_pairs}
    return [words for words, holds in FLAGS if holds(known)]
