"""Case references such as REP-7K3M-Q9TX: readable over the phone, and not to be guessed.

Seven random characters of Crockford's base 32 (no I, L, O, U) and a check character (Luhn mod 32),
which finds every single wrong character and nearly every swap of neighbours.
"""

import secrets
from collections.abc import Iterable

from shared.text import compared

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_reference(prefix: str) -> str:
    """A new reference; 35 random bits, so the table's primary key has the last word on its being new."""
    bits = secrets.randbits(35)
    body = "".join(ALPHABET[bits >> place & 31] for place in range(0, 35, 5))
    return _shown(prefix, body + check_character(body))


def normalised(text: str) -> str | None:
    """A reference as typed or read out (case, O for 0, I or L for 1, any dash or blank), or None."""
    letters = "".join(compared(text).split()).upper()
    prefix, body = letters[:3], letters[3:].translate(MISREAD)
    if (
        len(body) != 8
        or not (prefix.isascii() and prefix.isalpha())
        or any(character not in ALPHABET for character in body)
    ):
        return None
    return _shown(prefix, body) if check_character(body[:7]) == body[7] else None


def all_normalised(texts: Iterable[str]) -> list[str]:
    """Those of these texts that are references, each in the form it is stored in."""
    return [form for text in texts if (form := normalised(text))]


def prefix_of(reference: str) -> str:
    """The prefix of a reference in the form it is stored in, which tells whose case it is."""
    return reference.partition("-")[0]


def check_character(body: str) -> str:
    """Luhn mod 32 over the characters before it."""
    total = 0
    for place, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def _shown(prefix: str, body: str) -> str:
    return f"{prefix}-{body[:4]}-{body[4:]}"
