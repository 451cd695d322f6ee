"""Text as people type it: kept without what nobody sees, and the same if it reads the same."""

import unicodedata
from typing import Literal

import pytest
from hypothesis import given, strategies as st

from shared.text import (
    canonical_postcode,
    compared,
    is_surname,
    kept,
    kept_lines,
    postcode_in,
    same,
    same_name,
)

# what phones, spreadsheets and other scripts send, oftener than chance would
AWKWARD = st.sampled_from(
    "aZ1 '’`´-–‐\u00a0\t\n\r\u2028\u200b\u200c\u200d\u2060\ufeff\u00ad\u0308\u0301\ufe0f\u3164ﬁßİıſŉΐǰᾳ"
    "\u0345\u212b\u0958क्षمی👩💻🏳"
)
texts = st.text(st.one_of(AWKWARD, st.characters(exclude_categories=["Cs"])), max_size=30)


@given(texts)
def test_a_text_is_kept_once_and_for_all(text: str) -> None:
    """Normalising is idempotent: text that was kept is kept as it is, and long text too."""
    assert kept(kept(text)) == kept(text)
    assert kept_lines(kept_lines(text)) == kept_lines(text)


@given(texts)
def test_a_text_is_compared_whether_or_not_it_was_kept_first(text: str) -> None:
    """And whether or not it was compared before."""
    assert compared(kept(text)) == compared(compared(text)) == compared(text)


@given(texts, st.sampled_from(["NFC", "NFD"]))
def test_no_form_of_unicode_tells_texts_apart(text: str, form: Literal["NFC", "NFD"]) -> None:
    """Text is the same however its accents are written."""
    assert same(text, unicodedata.normalize(form, text))


@given(texts)
def test_what_is_kept_is_seen(text: str) -> None:
    """Neither control nor format characters, but for joiners inside words and emoji; single blanks."""
    line = kept(text)
    assert {unicodedata.category(character) for character in line} <= {
        *("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No"),
        *("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Co", "Cn", "Cf"),
    }
    assert {each for each in line if unicodedata.category(each) == "Cf"} <= {"\u200c", "\u200d"}
    assert line == " ".join(line.split())


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("  High\u00a0 Street\t12 ", "High Street 12"),
        ("two\r\nlines", "two lines"),
        ("Bronte\u0308", "Brontë"),
        ("e\u200b\u0308", "ë"),
        ("soft\u00adly\ufeff, \u202eright to left\u202c", "softly, right to left"),
        ("👩‍💻 ❤️", "👩‍💻 ❤️"),
        ("می‌خواهم", "می‌خواهم"),
        ("Jo\u200dnes\u200c", "Jones"),
        ("\u0007bell", "bell"),
    ],
)
def test_a_line_is_kept_as_it_is_read(typed: str, line: str) -> None:
    """Emoji of several parts and words of other scripts keep their joiners."""
    assert kept(typed) == line


@pytest.mark.parametrize(
    "typed",
    ["", " \u00a0\u3000\t", "\u200b" * 5, "\u2060", "\u200d\u200c", "\ufe0f\u034f", "\u3164\u2800", "\u00ad"],
)
def test_of_what_nobody_sees_nothing_is_left(typed: str) -> None:
    """Blanks, fillers, joiners of nothing, accents over nothing."""
    assert (kept(typed), kept_lines(f"{typed}\n\n{typed}")) == ("", "")


def test_a_longer_text_keeps_its_lines() -> None:
    """Whichever system broke them, and with at most one empty line between two."""
    assert kept_lines("\nFirst \u00a0line\r\n second\u2028third\r\r \t\r\rlast\n\n") == (
        "First line\nsecond\nthird\n\nlast"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Brontë", "BRONTE\u0308"),
        ("O'Brien", "o’brien"),
        ("O`Brien", "Oʼ Brien".replace(" ", "")),
        ("Demo-Contractor", "demo contractor"),
        ("Smith–Jones", "Smith-Jones"),
        ("Straße", "STRASSE"),
        ("Ｆｉｘｉｔ", "fixit"),
        ("ﬁrm", "FIRM"),
        ("1  High\u00a0Street", "1 High Street"),
    ],
)
def test_texts_that_read_the_same_are_the_same(one: str, other: str) -> None:
    """In another case, with other marks, in wide letters."""
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Bronte", "Brontë"), ("Fixit", "Fixit Ltd"), ("1 High", "11 High"), (None, ""), ("a", None)],
)
def test_texts_that_read_otherwise_are_not(one: str | None, other: str | None) -> None:
    """An accent is part of a name, and no text is not an empty one."""
    assert not same(one, other)
    assert same(None, None)


def test_a_name_is_the_same_with_the_surname_first() -> None:
    """Lists of tenants have "Reyes, Ola"."""
    assert same_name("Reyes, Ola", "ola reyes")
    assert same_name("O’Neill-Ross,  Sam", "Sam O'Neill Ross")
    assert not same_name("Reyes Ola", "Ola Reyes")


@pytest.mark.parametrize(
    ("surname", "name", "found"),
    [
        ("Jones", "Sam Jones", True),
        ("jones\u00a0", "Jones", True),
        ("van der Berg", "Anna van der Berg", True),
        ("Berg", "Anna van der Berg", True),
        ("Smith Jones", "Ann Smith-Jones", True),
        ("Smith-Jones", "Ann Smith Jones", True),
        ("Jones", "Ann Smith-Jones", True),
        ("O'Brien", "Mary O’Brien", True),
        ("Reyes", "Reyes, Ola", True),
        ("Ola", "Reyes, Ola", False),
        ("ones", "Sam Jones", False),
        ("Sam", "Sam Jones", False),
        ("Smith", "Ann Smith-Jones", False),
        ("-", "Sam Jones", False),
        ("Jones", "", False),
        ("%", "Sam Jones", False),
    ],
)
def test_a_surname_is_the_end_of_a_name(surname: str, name: str, found: bool) -> None:
    """One word or several, joined by a dash or a blank; or its beginning, where the surname comes first."""
    assert is_surname(surname, name) is found


@pytest.mark.parametrize(
    "typed",
    [
        "RM1 3SL",
        "rm13sl",
        "RM1  3SL",
        "RM1\u00a03SL",
        "RM1\t3SL",
        "RM1-3SL",
        "rm1–3sl",
        "ＲＭ１ ３ＳＬ",
        " R M13 SL ",
    ],
)
def test_a_postcode_has_one_form(typed: str) -> None:
    """Whatever stands between its halves, or nothing."""
    assert canonical_postcode(typed) == "RM1 3SL"


@pytest.mark.parametrize(
    "typed", ["SW1A 1AA", "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 0AX", "EC1A 1BB"]
)
def test_every_shape_of_postcode_is_one(typed: str) -> None:
    """One or two letters, one or two digits or a digit and a letter, then a digit and two letters."""
    assert canonical_postcode(typed.replace(" ", "").lower()) == typed


@pytest.mark.parametrize(
    "typed", ["", "?????", "unknown", "RM1", "3SL", "RM1 3S", "11377", "RM1 3SLX", "ÄM1 3SL", "RM१ 3SL"]
)
def test_what_looks_like_no_postcode_is_none(typed: str) -> None:
    """Half of one, one of another country, letters and digits of other scripts."""
    assert canonical_postcode(typed) is None


@pytest.mark.parametrize(
    ("address", "postcode"),
    [
        ("1 Mercury Gardens, Romford, RM1 3SL", "RM1 3SL"),
        ("1 Mercury Gardens\u00a0rm13sl", "RM1 3SL"),
        ("1 Mercury Gardens RM1-3SL,", "RM1 3SL"),
        ("RM1 3SL, 1 Mercury Gardens", None),
        ("1 Mercury Gardens, Romford", None),
        ("", None),
    ],
    ids=ascii,
)
def test_an_address_ends_with_its_postcode(address: str, postcode: str | None) -> None:
    """Or it is taken to have none: what stands elsewhere may be anything."""
    assert postcode_in(address) == postcode
