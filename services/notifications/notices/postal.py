"""Postal addresses of letters: three to seven lines, of which the last is a real postcode.

Whoever prints and posts for us (GOV.UK Notify) refuses other addresses, or misdirects them: an address that
is none must be known before a letter is thought to be on its way.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from shared.cases.contact import NO_HOME, is_no_address, is_placeholder
from shared.text import canonical_postcode, compared, kept

FEWEST_LINES, MOST_LINES = 3, 7

MARKUP = re.compile(r"<[^<>]*>")
NO_BEGINNING = "@()=[]\"'”’\\/,<>~*#-_ "
"""Characters that no line may begin with; the printers take them for something of their own."""

COUNTRIES = frozenset(
    [
        *("united kingdom", "uk", "u.k", "great britain", "gb", "britain"),
        *("england", "wales", "scotland", "northern ireland"),
    ]
)
AREA = re.compile(
    "A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]"
    "|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?"
    "|YO|ZE"
)
"""The areas that postcodes begin with."""


def postal_lines(address: str | None, name: str | None = None) -> Sequence[str] | None:
    """The lines to print on an envelope, the postcode last; None for what no letter can be posted to.

    Commas and line breaks end a line. Lines beyond the seventh are joined to others; the country is left out.
    """
    lines = [line for line in map(_tidy, re.split(r"[,\n]", MARKUP.sub("", address or ""))) if line]
    while lines and compared(lines[-1]) in COUNTRIES:
        lines.pop()
    if not lines:
        return None
    before, postcode = _parted(lines[-1])
    lines = [*lines[:-1], *filter(None, [before])]
    if postcode is None or not lines or is_no_address(" ".join(lines)) or any(map(_is_none, lines)):
        return None
    addressee = _tidy(MARKUP.sub("", kept(name or "")))
    whole = [*filter(None, [addressee]), *_joined(lines, MOST_LINES - 1 - bool(addressee)), postcode]
    return whole if len(whole) >= FEWEST_LINES else None


def _is_none(line: str) -> bool:
    return is_placeholder(line) or compared(line) in NO_HOME


def _tidy(line: str) -> str:
    return kept(line).lstrip(NO_BEGINNING).rstrip(" .;")


def _parted(line: str) -> tuple[str, str | None]:
    """A line that ends with a postcode: what stands before it, and the postcode in its one form."""
    words = line.split()
    for count in (2, 1):
        found = canonical_postcode("".join(words[-count:]))
        if found and len(words) >= count and AREA.fullmatch(_area(found)):
            return " ".join(words[:-count]), found
    return line, None


def _area(postcode: str) -> str:
    return "".join(takewhile(str.isalpha, postcode))


def _joined(lines: Sequence[str], most: int) -> Sequence[str]:
    """The lines, of which so many of the first are joined that no more are left than that."""
    surplus = max(0, len(lines) - most)
    return [", ".join(lines[: surplus + 1]), *lines[surplus + 1 :]]
