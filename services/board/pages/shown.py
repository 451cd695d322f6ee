"""The case in words, and the choices, that the page of an act showed: carried in its form, sealed.

Whoever was signed out, or got no answer, is shown the filled form again, for which nothing can be asked then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import FormData

from services.board.state import state_of

FIELD = "shown"
Choices = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A case in words, and the choices of its form's fields by their names."""

    named: str = ""
    choices: Choices = field(default_factory=dict)


NOTHING = Shown()


def sealed(request: Request, reference: str, shown: Shown) -> str:
    """The value of the hidden field."""
    return state_of(request).sealer.seal(FIELD, [reference, shown.named, shown.choices])


def shown_before(request: Request, reference: str, sent: FormData) -> Shown:
    """The values that the page of a sent form showed of this case; none for a page that was not ours."""
    known = state_of(request).sealer.open(FIELD, str(sent.get(FIELD, "")))
    if not isinstance(known, list) or known[0] != reference:
        return NOTHING
    return Shown(*known[1:])
