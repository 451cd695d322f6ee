"""Types of text: kept in one form, measured by what is left, and never empty."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from shared.cases.words import Line, ShortLine, Words


class Form(BaseModel):
    """A form with a field of each type."""

    line: Line | None = None
    short: ShortLine | None = None
    words: Words | None = None


def error_of(**fields: Any) -> tuple[str, str]:
    """The field at fault, and the kind of its error."""
    with pytest.raises(ValidationError) as refused:
        Form(**fields)
    [error] = refused.value.errors()
    return str(error["loc"][0]), error["type"]


def test_what_is_typed_is_kept_in_one_form() -> None:
    """A line without its breaks, longer words with them."""
    form = Form(line=" High\u00a0Street\n12 ", short="Bronte\u0308", words="One.\r\n\r\n\r\nTwo.\u200b ")
    assert (form.line, form.short, form.words) == ("High Street 12", "Brontë", "One.\n\nTwo.")


@pytest.mark.parametrize("field", ["line", "short", "words"])
@pytest.mark.parametrize("given", ["", "  ", "\u200b\u2060", "\u3164", "\n\n"], ids=ascii)
def test_a_field_with_nothing_left_is_not_filled_in(field: str, given: str) -> None:
    """Blank, or of characters that nobody sees."""
    assert error_of(**{field: given}) == (field, "string_too_short")


def test_lengths_are_those_of_what_is_left() -> None:
    """Blanks at the ends and invisible characters do not count; what is left does."""
    assert Form(line="\u200b" * 500 + "a" * 200).line == "a" * 200
    assert error_of(line="a" * 201) == ("line", "string_too_long")
    assert error_of(words="a" * 5001) == ("words", "string_too_long")


@pytest.mark.parametrize(
    ("given", "kind"), [("a\0b", "value_error"), ("a\ud83d", "string_unicode"), (7, "string_type")]
)
def test_what_cannot_be_kept_is_refused(given: Any, kind: str) -> None:
    """NUL, half a letter, a number."""
    assert error_of(line=given) == ("line", kind)
