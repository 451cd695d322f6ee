"""Addressing of letters: who really reads one, in which form it leaves, and to which address."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from services.notifications.notices.channels import Form, Recipient
from services.notifications.notices.languages import ENGLISH, code_of
from services.notifications.notices.postal import postal_lines
from services.notifications.notices.texts import takes_texts
from shared.cases.contact import Weekday
from shared.cases.schemas import Channel
from shared.standards.calendar import LONDON
from shared.text import compared

# Words for access needs that a letter in print does not meet; others are about visits.
OTHER_FORMATS = (
    *("large print", "big print", "braille", "easy read", "audio", "read aloud", "read out"),
    *("sign language", "bsl", "cannot read", "can not read", "cant read", "blind"),
)
LARGE_PRINT = ("large print", "big print")


PREFERRED: Mapping[str, Form] = {
    Channel.EMAIL: Form.EMAIL,
    Channel.ONLINE: Form.EMAIL,
    Channel.LETTER: Form.LETTER,
    Channel.MOBILE: Form.TEXT,
    Channel.PHONE: Form.CALL,
    Channel.IN_PERSON: Form.CALL,
}
NEEDS: Mapping[Form, str] = {
    Form.EMAIL: "email",
    Form.LETTER: "address",
    Form.TEXT: "phone",
    Form.CALL: "phone",
}


SAFE: Mapping[str, Form] = {**PREFERRED, Channel.OFFICER: Form.CALL}
"""The form by which each channel that is safe reaches a resident."""


def is_safe(contact: Mapping[str, Any], *, kept: bool = False) -> bool:
    """Tell whether a resident may be reached in the form that would be chosen; no other does."""
    return bool(contact.get("safe_to_contact", True)) and form_for(contact, kept=kept) in _safe_forms(contact)


def is_safe_online(contact: Mapping[str, Any]) -> bool:
    """Tell whether a resident may be shown their letters where they sign in."""
    channels = contact.get("safe_channels")
    return bool(contact.get("safe_to_contact", True)) and (channels is None or Channel.ONLINE in channels)


def is_safe_at(contact: Mapping[str, Any], now: datetime) -> bool:
    """Tell whether a resident may be reached at an instant, by London's clocks and days."""
    times = contact.get("safe_times")
    if not times:
        return True
    local = now.astimezone(LONDON)
    day, clock = list(Weekday)[local.weekday()], f"{local:%H:%M}"
    return any(day in each["days"] and each["from"] <= clock < each["to"] for each in times)


def _safe_forms(contact: Mapping[str, Any]) -> Collection[Form]:
    channels = contact.get("safe_channels")
    return [*Form] if channels is None else [SAFE[each] for each in channels if each in SAFE]


class NoFormLeft(LookupError):
    """A resident whom nothing that may be sent to them reaches: somebody has to find another way."""


def choose(
    contact: Mapping[str, Any],
    *,
    may_be: Collection[Form] = tuple(Form),
    failed: Collection[str] = (),
    kept: bool = False,
    guarded: bool = False,
) -> Form:
    """The form of a letter to a resident: of those that it `may_be` the first that has not `failed`.

    Raises NoFormLeft.
    """
    for form in forms_for(contact, kept=kept, guarded=guarded):
        if form in may_be and form not in failed:
            return form
    raise NoFormLeft


def forms_for(contact: Mapping[str, Any], *, kept: bool = False, guarded: bool = False) -> list[Form]:
    """The forms that reach a resident, the best first: what comes back in one leaves in the next.

    Where it was agreed what is safe, or the case is guarded by a scope, there is one and no other: who reads
    the next may be the one from whom it is kept.
    """
    first = form_for(contact, kept=kept)
    if guarded or contact.get("safe_channels") is not None:
        return [first]
    written = (Form.EMAIL, Form.LETTER) if kept else (Form.EMAIL, Form.LETTER, Form.TEXT)
    return [first, *(form for form in written if form is not first and _can_take(contact, form))]


def _can_take(contact: Mapping[str, Any], form: Form) -> bool:
    """Tell whether an address is one to which that form can be sent; a letter needs what can be posted to."""
    if form is Form.TEXT:
        return takes_texts(contact.get("phone_e164"))
    if form is Form.LETTER:
        return postal_lines(contact.get("address"), contact.get("name")) is not None
    return bool(contact.get(NEEDS[form]))


def form_for(contact: Mapping[str, Any], *, kept: bool = False) -> Form:
    """The form that a resident prefers where it is safe and reaches them, else the first that is and does.

    A telephone is rung unless it is a mobile one. What is to be `kept` is no text for a telephone. Where
    nothing is safe it is the one that would be chosen if all were.
    """
    reaching, safe = _reaching(contact, kept=kept), _safe_forms(contact)
    return next((form for form in reaching if form in safe), reaching[0])


def _reaching(contact: Mapping[str, Any], *, kept: bool) -> list[Form]:
    """The forms that reach a resident, the best first; somebody can always be told by a call."""
    preferred = PREFERRED.get(contact.get("preferred_channel") or "")
    order = [*([preferred] if preferred else []), Form.EMAIL, Form.LETTER, Form.TEXT]
    able = [form for form in order if _can_take(contact, form)]
    if kept:
        able = [Form.CALL if form is Form.TEXT else form for form in able]
    return [*able, Form.CALL]


def needs_help(contact: Mapping[str, Any], written_in: str = ENGLISH) -> bool:
    """Tell a resident whom our letter does not reach by itself, for its language or the form they need."""
    needs = compared(contact.get("access_needs") or "")
    return code_of(contact.get("language")) != written_in or any(words in needs for words in OTHER_FORMATS)


def needs_large_print(contact: Mapping[str, Any]) -> bool:
    """Tell a resident whose letters on paper must be in large print."""
    needs = compared(contact.get("access_needs") or "")
    return any(words in needs for words in LARGE_PRINT)


def resident(contact: Mapping[str, Any], form: Form) -> Recipient:
    """The resident at the address that a form needs, and no other."""
    at = NEEDS[form]
    return Recipient(contact.get("name"), **{at: contact.get(at)})
