"""Text that people type: the form in which it is kept, and the form in which two texts are compared.

Text that reads the same is the same, whichever keyboard it came from: a phone types ’ where a desk types ',
and some write ë as two characters. Nothing invisible is kept, or an empty field would pass as filled in.
"""

import hashlib
import re
from unicodedata import category, normalize

LINE_BREAKS = re.compile("\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
# Unicode calls these letters and symbols, and they show nothing: fillers of Hangul, Braille without a dot.
BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
APOSTROPHES = frozenset("'`´‘’‛′‵ʹʻʼʽʾʿˈ＇")
# Persian and the scripts of India need joiners between letters, emoji between parts; elsewhere they hide.
JOINERS = frozenset("\u200c\u200d")
STRAY_JOINERS = re.compile(
    r"(?<![^\u0000-\u058f\s\u200c\u200d])[\u200c\u200d]|[\u200c\u200d](?![^\u0000-\u058f\s\u200c\u200d])"
)
# in the order in which a postcode is read out: RM1 3SL
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")


class _Kept(dict[int, str]):
    """Translation table of text that is kept, filled in as characters are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kind = category(character)
        if character.isspace() or character in BLANK_LETTERS or kind[0] == "Z":
            self[code] = " "
        else:
            self[code] = "" if kind in {"Cc", "Cf"} and character not in JOINERS else character
        return self[code]


class _Compared(dict[int, str]):
    """Translation table of text that is compared: dashes are blanks, apostrophes and what is not seen go."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if category(character) == "Pd" or character == "−":
            self[code] = " "
        else:
            goes = character in APOSTROPHES or character in JOINERS or "\ufe00" <= character <= "\ufe0f"
            self[code] = "" if goes else character
        return self[code]


_KEPT, _COMPARED = _Kept(), _Compared()


def kept(text: str) -> str:
    """The form in which a line of text is kept: NFC, nothing invisible, single blanks.

    Empty if nobody would see any of it.
    """
    if not (text.isascii() and text.isprintable()):
        visible = normalize("NFC", text.translate(_KEPT))
        text = normalize("NFC", STRAY_JOINERS.sub("", visible))
        if all(category(character)[0] in "MZC" for character in text):
            return ""
    return " ".join(text.split())


def kept_lines(text: str) -> str:
    """The form in which a longer text is kept: lines as `kept` has them, at most one empty between two."""
    lines = "\n".join(kept(line) for line in LINE_BREAKS.split(text))
    return re.sub("\n{3,}", "\n\n", lines).strip("\n")


def compared(text: str) -> str:
    """The form in which texts are compared: compatibility forms, letter case, apostrophes, dashes, blanks.

    It is stored beside a text where an index or a unique key compares.
    """
    plain = kept(text).translate(_COMPARED)
    if not plain.isascii():
        plain = normalize("NFKC", normalize("NFKC", normalize("NFD", plain).casefold()).casefold())
        plain = kept(plain).translate(_COMPARED)
    return kept(plain.casefold())


def same(one: str | None, other: str | None) -> bool:
    """Compare two texts as people read them; none is the same as none alone."""
    if one is None or other is None:
        return one is other
    return compared(one) == compared(other)


def digest_of(text: str) -> str:
    """A digest by which two texts are known to be the same, and neither is told."""
    return hashlib.sha256(text.encode()).hexdigest()


def same_name(one: str, other: str) -> bool:
    """Compare two full names, either of which may have the surname first: "Reyes, Ola"."""
    return compared(_in_order(one)) == compared(_in_order(other))


def is_surname(surname: str, name: str) -> bool:
    """Tell whether a full name ends with that surname, one word or several: "van der Berg", "Smith-Jones"."""
    last = compared(surname)
    return last != "" and f" {compared(_in_order(name))}".endswith(f" {last}")


def _in_order(name: str) -> str:
    """The name with the surname last, as it is spoken."""
    surname, _, others = kept(name).partition(",")
    return f"{others} {surname}"


def postcode_in(address: str) -> str | None:
    """The postcode that an address ends with, in its one form; None where there is none."""
    words = compared(address).replace(",", " ").split()
    return canonical_postcode("".join(words[-2:])) or canonical_postcode("".join(words[-1:]))


def canonical_postcode(text: str) -> str | None:
    """A postcode of the United Kingdom in its one form, RM1 3SL; None for what does not look like one."""
    parts = POSTCODE.fullmatch("".join(compared(text).split()).upper())
    return f"{parts[1]} {parts[2]}" if parts else None
