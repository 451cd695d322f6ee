"""Attempts at an act: a form with what was typed, as officers and residents send it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self
from uuid import uuid4

from fastapi import Request
from starlette.datastructures import FormData

from services.board.acts.forms import Form
from services.board.acts.known import filled
from services.board.acts.reading import Errors, Typed
from services.board.acts.repeating import ADD, with_items
from services.board.client import Answer
from services.board.pages.shown import NOTHING, Shown, shown_before
from services.board.presenting.duty_list import Show
from services.board.presenting.timeline import Happened
from services.board.signin import FIELD

LONGEST = 64


def _key() -> str:
    return uuid4().hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A form with what was typed; `key` names the attempt, so that pressing twice acts once.

    `before` is what its page showed last. `trouble` is the status with which the last attempt ended, `since`
    what had happened meanwhile. `adds` names a list of which one more item was asked for. `came_from` is the
    duty list from which an officer came, if from one.
    """

    reference: str
    form: Form
    typed: Typed
    key: str = field(default_factory=_key)
    etag: str = ""
    came_from: str = ""
    token: str = ""
    before: Shown = NOTHING
    trouble: int = 0
    errors: Errors | None = None
    since: Sequence[Happened] = ()
    adds: str = ""

    @classmethod
    def new(cls, reference: str, form: Form, case: Answer | None, came_from: str = "") -> Self:
        """A form as one begins with it: empty, but for what the case has already."""
        form, typed = with_items(form, filled(form, case.body) if case else {})
        etag = case.etag if case else ""
        return cls(reference=reference, form=form, typed=typed, etag=etag, came_from=came_from)

    @classmethod
    def sent(cls, request: Request, reference: str, form: Form, sent: FormData) -> Self:
        """A form as it came from the browser."""
        hidden = {name: str(sent.get(name, "")) for name in ("key", "etag", "from", FIELD, ADD)}
        given = {name: [*map(str, sent.getlist(name))] for name in sent}
        form, typed = with_items(form, given, more=hidden[ADD])
        return cls(
            reference=reference,
            form=form,
            typed=typed,
            key=hidden["key"][:LONGEST] or _key(),
            etag=hidden["etag"][:LONGEST],
            came_from=hidden["from"] if hidden["from"] in list(Show) else "",
            token=hidden[FIELD],
            before=shown_before(request, reference, sent),
            adds=hidden[ADD],
        )

    def again(self, trouble: int, errors: Errors | None = None, since: Sequence[Happened] = ()) -> Self:
        """The form once more, after an answer: the next attempt is another, with a key of its own."""
        return replace(self, trouble=trouble, key=_key(), errors=errors, since=since)
