"""Reading a form that was sent: the body of its act as the API wants it, or what is missing; all pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.board.acts.forms import Field, Form, Kind

LONDON = ZoneInfo("Europe/London")
WHEN, WHEN_AT, EARLIER = "when", "when_at", "earlier"
OCCURRED_AT = "occurred_at"
MOST_DIGITS = 9

Typed = Mapping[str, Sequence[str]]
"""Everything that was typed and ticked, by the names of the fields."""

Errors = Mapping[str, str]
"""The errors by the names of their fields; under the empty name those about none of them."""


@dataclass(frozen=True, slots=True)
class Read:
    """A form as it was read: the path of the act below its case, its body, and what is wrong."""

    path: str
    body: Mapping[str, Any]
    errors: Errors


def read(form: Form, typed: Typed) -> Read:
    """The act that a form asks for; what was left empty is left out."""
    errors: dict[str, str] = {}
    body: dict[str, Any] = {}
    path = form.act
    for field in form.fields:
        given = [each.strip() for each in typed.get(field.name, ()) if each.strip()]
        if not given:
            if field.required:
                errors[field.name] = f"Answer this: {field.label}"
            continue
        try:
            value = _value(field, given)
        except ValueError as wrong:
            errors[field.name] = str(wrong)
            continue
        if field.in_path:
            path = path.replace(f"{{{field.name}}}", str(value))
        else:
            _put(body, field.name.split("."), value)
    if form.dated and _first(typed, WHEN) == EARLIER:
        try:
            body[OCCURRED_AT] = _instant(_first(typed, WHEN_AT))
        except ValueError as wrong:
            errors[WHEN_AT] = str(wrong)
    none_given: Mapping[str, Any] = {name: [] for name in form.emptied}
    return Read(path, {**none_given, **_without_gaps(body)}, errors)


def named_by_pointer(form: Form, refused: Sequence[Mapping[str, str]]) -> Errors:
    """The errors of the API by the fields of the form; what has no field stands together."""
    errors: dict[str, str] = {}
    for each in refused:
        name = each["pointer"].lstrip("/").replace("/", ".")
        at = WHEN_AT if name == OCCURRED_AT else _field_at(form, name)
        said = each["detail"][:1].upper() + each["detail"][1:]
        errors[at] = f"{errors[at]} {said}" if at in errors else said
    return errors


def _field_at(form: Form, name: str) -> str:
    """The field that gives the value at a place of the body, or a part of it, or a list that it is in."""
    names = [field.name for field in form.fields if name]
    inside = (each for each in names if each == name or each.startswith(f"{name}."))
    around = (each for each in names if name.startswith(f"{each}."))
    return next(inside, next(around, ""))


def _value(field: Field, given: Sequence[str]) -> Any:
    match field.kind:
        case Kind.YES_NO:
            return given[0] == "yes"
        case Kind.NUMBER:
            if not given[0].isascii() or not given[0].isdecimal() or len(given[0]) > MOST_DIGITS:
                raise ValueError("Give a whole number.")
            return int(given[0])
        case Kind.MONEY:
            return given[0].removeprefix("£")
        case Kind.CHECKS:
            return list(given)
        case Kind.LINES:
            return [line.strip() for line in given[0].splitlines() if line.strip()]
        case Kind.INSTANT:
            return _instant(given[0])
        case _:
            return given[0].replace("\r\n", "\n")


def _instant(typed: str) -> str:
    """A date and a time of day on London's clocks as an instant; the API has it with its offset."""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        raise ValueError("Give a date and a time of day.") from None
    return at.replace(tzinfo=LONDON).astimezone(UTC).isoformat().replace("+00:00", "Z")


def _first(typed: Typed, name: str) -> str:
    return next(iter(typed.get(name, ())), "")


def _put(body: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Put a value where its path leads; an object stands for a list until the whole is read."""
    *parents, last = path
    for part in parents:
        body = body.setdefault(part, {})
    body[last] = value


def _without_gaps(node: Any) -> Any:
    """The body with lists in the place of objects whose names are numbers."""
    if not isinstance(node, dict):
        return node
    if node and all(name.isdecimal() for name in node):
        return [_without_gaps(node[name]) for name in sorted(node, key=int)]
    return {name: _without_gaps(value) for name, value in node.items()}
