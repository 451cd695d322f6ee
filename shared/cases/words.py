"""The types of text that a caller gives: kept as shared/text.py says, and with something left of it."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints

from shared.text import kept, kept_lines


def _text(form: Callable[[str], str]) -> BeforeValidator:
    def keep(given: Any) -> Any:
        if not isinstance(given, str):
            return given
        if "\0" in given or "\uffff" in given:  # see RequestModel.can_be_kept; before either is cleaned away
            raise ValueError("a text may have neither NUL nor half of a surrogate pair in it")
        return form(given)

    return BeforeValidator(keep)


def _joined_lines(given: str) -> str:
    """One line, with a comma where a line ended: who posts a letter must know where each of them ends."""
    return ", ".join(filter(None, (line.rstrip(", ") for line in kept_lines(given).splitlines())))


# Before the limits of a length, which count what is left.
ONE_LINE, LINES, JOINED_LINES = _text(kept), _text(kept_lines), _text(_joined_lines)

Line = Annotated[str, StringConstraints(min_length=1, max_length=200), ONE_LINE]
ShortLine = Annotated[str, StringConstraints(min_length=2, max_length=50), ONE_LINE]
Words = Annotated[str, StringConstraints(min_length=1, max_length=5000), LINES]
