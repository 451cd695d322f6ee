"""Text messages: their alphabet, their parts, and the telephones that take them."""

import pytest

from services.notifications.notices.texts import (
    GSM_7,
    UCS_2,
    Alphabet,
    alphabet_of,
    in_gsm,
    is_sendable,
    parts_of,
    plain,
    takes_texts,
)
from shared.cases.contact import e164

REMINDER = "We promised to mend your tap by Friday 27 November. It's late, and we owe you £10."


@pytest.mark.parametrize(
    ("text", "alphabet", "parts"),
    [
        ("", GSM_7, 1),
        (REMINDER, GSM_7, 1),
        ("a" * 160, GSM_7, 1),
        ("a" * 161, GSM_7, 2),
        ("a" * 306, GSM_7, 2),
        ("a" * 307, GSM_7, 3),
        ("{" * 80, GSM_7, 1),
        ("{" * 81, GSM_7, 2),
        # an escape and its character stay together: 76 of them fill a part, and leave one septet of it empty
        ("{" * 152, GSM_7, 2),
        ("{" * 153, GSM_7, 3),
        ("Dear {Ada}", GSM_7, 1),
        ("Siân Ŵyn", UCS_2, 1),
        ("Ŵ" * 70, UCS_2, 1),
        ("Ŵ" * 71, UCS_2, 2),
        ("Ŵ" * 134, UCS_2, 2),
        ("Ŵ" * 135, UCS_2, 3),
        ("🔧" * 35, UCS_2, 1),
        ("🔧" * 36, UCS_2, 2),
        # a pair of surrogates is not cut in two: 33 of them fill a part, and leave one unit of it empty
        ("🔧" * 66, UCS_2, 2),
        ("🔧" * 67, UCS_2, 3),
    ],
)
def test_a_text_is_counted_in_the_parts_it_is_paid_by(text: str, alphabet: Alphabet, parts: int) -> None:
    """160 characters or 153 a part in GSM-7, where a brace is two; 70 or 67 in UCS-2, where it is one."""
    assert (alphabet_of(text), parts_of(text)) == (alphabet, parts)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("It’s late – we owe you £10…", "It's late - we owe you £10..."),
        ("“Ring us”", '"Ring us"'),
        ("by\u00a0noon", "by noon"),
        ("a\u200bb", "ab"),
    ],
)
def test_a_templates_punctuation_is_made_plain(typed: str, sent: str) -> None:
    """So that the whole of the text stays in the alphabet of which 160 characters are one part."""
    assert plain(typed) == sent
    assert alphabet_of(plain(typed)) is GSM_7


@pytest.mark.parametrize("name", ["Siân Ŵyn", "Zoë Čapek", "李雷", "{Ada}"])
def test_a_name_keeps_its_letters(name: str) -> None:
    """Whatever that costs: a name without its accent is somebody else's."""
    assert plain(name) == name


def test_a_text_of_more_than_six_parts_is_not_sent() -> None:
    """918 characters are the end; UCS-2 comes to it at 402."""
    assert is_sendable("a" * 918)
    assert not is_sendable("a" * 919)
    assert is_sendable("Ŵ" * 402)
    assert not is_sendable("Ŵ" * 403)


@pytest.mark.parametrize(
    ("typed", "dialled", "takes"),
    [
        ("07700 900123", "+447700900123", True),
        ("+44 (0)7700 900123", "+447700900123", True),
        ("0044 7700 900123", "+447700900123", True),
        ("07911 123456", "+447911123456", True),
        ("+33 6 12 34 56 78", "+33612345678", True),
        ("01708 434000", "+441708434000", False),
        ("0300 123 4567", "+443001234567", False),
        ("07699 123456", "+447699123456", False),
        ("07011 234567", "+447011234567", False),
    ],
    ids=["mobile", "with (0)", "with 00", "real", "French", "landline", "03", "pager", "personal"],
)
def test_a_text_goes_to_a_mobile_telephone(typed: str, dialled: str, takes: bool) -> None:
    """However it was typed; nobody reads a text at a landline."""
    assert e164(typed) == dialled
    assert takes_texts(dialled) is takes


def test_what_is_no_number_takes_no_text() -> None:
    """A number without its area, or none at all, is for somebody to ring, or for another channel."""
    assert not takes_texts(None)
    assert not takes_texts("434000")


@pytest.mark.parametrize(
    ("text", "language", "names", "left"),
    [
        ("Skończymy pilną naprawę.", "pl", (), "Skonczymy pilna naprawe."),
        ("Przyjdzie firma Żabka.", "pl", ("Żabka",), "Przyjdzie firma Żabka."),
        ("Skończymy. Firma Ajax.", "pl", ("Ajax",), "Skonczymy. Firma Ajax."),
        ("Skończymy 🔧", "pl", (), "Skończymy 🔧"),
        ("Siân", "en", (), "Siân"),
        ("Już", "lt", (), "Już"),
    ],
)
def test_a_language_is_written_as_its_people_do_on_a_telephone(
    text: str, language: str, names: tuple[str, ...], left: str
) -> None:
    """Where that costs less, and never in a name: without its accent it is another one."""
    assert in_gsm(text, language, names) == left
