"""Values that are no value of a field, by the form that its schema gives it."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.services.strict.schemas import Schema, Walk

SENT = "Zzyzx"  # stands in what is sent, and in no answer
INVISIBLE = ("\u200b" * 5, "\u2060", "\u00ad", "\ufeff", "\0")
OTHER_DIGITS = ("١٢٣٤", "１２３", "१२")

NEITHER = ("20261123", "1700000000", "-1", "1.5", "20261123T093000Z", "today", SENT)
DATES = (
    *NEITHER,
    "23/11/2026",
    "٢٠٢٦-١١-٢٣",
    "2026-W48-1",
    "2026-02-30",
    " 2026-11-23",
    "0001-01-01",
    "1989-12-31",
    "2101-01-01",
    "9999-12-31",
)
INSTANTS = (
    *NEITHER,
    "2026-11-23",
    "2026-11-23 09:30:00Z",
    "2026-11-23T09:30:00",
    "2026-11-23T٠٩:30:00Z",
    "2026-11-23T09:30:00+01",
    "2026-11-23T25:30:00Z",
    "0001-01-01T00:00:00+01:00",
    "1989-12-31T23:59:59Z",
    "2101-01-01T00:00:00Z",
    "9999-12-31T23:59:59-01:00",
    "1990-01-01T00:30:00+01:00",
)
TEXTS = {
    "date": DATES,
    "date-time": INSTANTS,
    "uuid": (SENT, "1", *OTHER_DIGITS),
    "email": (SENT, f"{SENT}@", f"a b@{SENT}.org"),
}
NUMBERS = (0, 1, 1.5, 1700000000, 10**30)


def of_field(walk: Walk, schema: Schema, valid: Any) -> list[Any]:
    """The hostile values of a field in a body, as Python has them, in the place of a valid one."""
    forms = walk.forms(schema)
    types = {form.get("type") for form in forms}
    values: list[Any] = [] if walk.is_nullable(schema) else [None]
    if "array" not in types:
        values += [[], [SENT]]
    if "object" not in types:
        values += [{}, {SENT: 1}]
    if "boolean" not in types:
        values.append(True)
    if "integer" not in types:
        values += NUMBERS
    if "string" not in types:
        values += [SENT, "1", "true", "off", "yes", *INVISIBLE]
    for form in forms:
        values += _of_form(form, valid)
    return values


def _of_form(form: Schema, valid: Any) -> Iterator[Any]:
    match form.get("type"):
        case "boolean":
            yield from (0, 1)
        case "integer":
            yield from (1.0, 1.5, 10**30, -(10**30))
        case "string" if isinstance(valid, str):
            yield from of_text(form)


def of_text(form: Schema) -> Sequence[str]:
    """The hostile texts for one form of text: in a body, a query or a path."""
    if "enum" in form or "const" in form:
        return (SENT, "", " ", *INVISIBLE)
    if "[0-9]{1," in form.get("pattern", ""):
        return (SENT, "", "+5", " 5", "1e3", "NaN", *OTHER_DIGITS, *INVISIBLE)
    too_long = ["x" * (form["maxLength"] + 1)] if "maxLength" in form else []
    return (*TEXTS.get(form.get("format", ""), ()), *INVISIBLE, *too_long)


def of_parameter(forms: Sequence[Schema]) -> Sequence[str]:
    """The hostile texts for a query parameter: those that are none of its forms."""
    [first, *others] = [_of_one(form) for form in forms]
    return [text for text in first if all(text in texts for texts in others)]


def _of_one(form: Schema) -> Sequence[str]:
    match form.get("type"):
        case "boolean":
            return ("yes", "no", "on", "off", "1", "0", "True", "t", "", SENT)
        case "integer":
            return ("1.0", "+1", " 1", "1_0", "1e0", "true", "", "9" * 30, *OTHER_DIGITS, SENT)
        case _:
            return of_text(form)
