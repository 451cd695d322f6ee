"""Text messages: the alphabet they leave in, the parts they are paid by, and the telephones that take them.

A text in the GSM 7-bit alphabet (3GPP TS 23.038) has 160 characters, or 153 a part; one character outside it
makes the whole text UCS-2, of 70, or 67 a part. So one curly quotation mark from a template can triple what
a text costs. Punctuation is made plain; letters stay, for a name without its accent is another name.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
"""Characters that are two septets: an escape, and one of another table."""

PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼʹ`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−•·", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\t", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
        "…": "...",
    }
)

WITHOUT_MARKS: Mapping[str, Mapping[int, int]] = {
    "pl": str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ"),
}
"""By language, the letters that people who write it on a telephone do without; the GSM alphabet has none."""

MOST_PARTS = 6
"""Six parts are 918 characters: providers take no longer text."""

MOBILE_TYPES = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
BRITISH_MOBILE = "+447"


@dataclass(frozen=True, slots=True)
class Alphabet:
    """An encoding of texts: the units of a text alone, and of each part of a longer one."""

    name: str
    alone: int
    a_part: int


GSM_7 = Alphabet("GSM-7", 160, 153)
UCS_2 = Alphabet("UCS-2", 70, 67)


def plain(text: str) -> str:
    """The text with punctuation of the GSM alphabet in place of the typographer's; letters stay."""
    return text.translate(PLAIN)


def in_gsm(text: str, language: str, names: Collection[str] = ()) -> str:
    """The text without the marks of its language, if it then leaves in GSM-7; `names` stay as they are."""
    marks = WITHOUT_MARKS.get(language)
    if marks is None or alphabet_of(text) is GSM_7:
        return text
    pieces = re.split(f"({'|'.join(map(re.escape, names))})", text) if names else [text]
    unmarked = "".join(piece if piece in names else piece.translate(marks) for piece in pieces)
    return unmarked if alphabet_of(unmarked) is GSM_7 else text


def alphabet_of(text: str) -> Alphabet:
    """The alphabet in which a text leaves."""
    return GSM_7 if BASIC.issuperset({*text} - EXTENDED) else UCS_2


def parts_of(text: str) -> int:
    """The number of parts that a text is sent and paid as; no character is cut in two between parts."""
    alphabet = alphabet_of(text)
    sizes = [_units(character, alphabet) for character in text]
    if sum(sizes) <= alphabet.alone:
        return 1
    return _packed(sizes, alphabet.a_part)


def is_sendable(text: str) -> bool:
    """Tell whether providers take a text of that length."""
    return parts_of(text) <= MOST_PARTS


def takes_texts(phone: str | None) -> bool:
    """Tell whether texts can be read at a number in E.164: at a mobile one, of any country.

    Numbers that Ofcom set aside for drama and tests are of no type, and count as what they look like.
    """
    if phone is None:
        return False
    try:
        number = phonenumbers.parse(phone)
    except NumberParseException:
        return False
    kind = phonenumbers.number_type(number)
    looks_mobile = kind == PhoneNumberType.UNKNOWN and phone.startswith(BRITISH_MOBILE)
    return kind in MOBILE_TYPES or looks_mobile


def _units(character: str, alphabet: Alphabet) -> int:
    if alphabet is GSM_7:
        return 2 if character in EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1


def _packed(sizes: Iterable[int], room: int) -> int:
    parts, left = 1, room
    for size in sizes:
        if size > left:
            parts, left = parts + 1, room
        left -= size
    return parts
