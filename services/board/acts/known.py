"""Values that a case has already: with which forms are filled in, and words in the place of numbers."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from services.board.acts.forms import Choices, Form, Kind
from services.board.acts.repeating import NUMBER, Typed

Case = Mapping[str, Any]


def filled(form: Form, case: Case) -> Typed:
    """Initial values of a form's fields, from the case, as one would have typed them."""
    kinds = {field.name: field.kind for field in form.fields}
    found: dict[str, list[str]] = {}
    for name, path in form.filled.items():
        value: Any = case
        for part in path.split("."):
            value = (value or {}).get(part)
        for at, said in _typed(name, value):
            kind = kinds.get(NUMBER.sub("0", at))
            if kind is not None:
                found[at] = ["\n".join(said)] if kind is Kind.LINES else said
    return found


def _typed(name: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    match value:
        case None:
            return
        case bool():
            yield name, ["yes" if value else "no"]
        case dict():
            for key, inner in value.items():
                yield from _typed(f"{name}.{key}", inner)
        case list() if any(isinstance(each, dict) for each in value):
            for number, inner in enumerate(value):
                yield from _typed(f"{name}.{number}", inner)
        case list():
            yield name, [str(each) for each in value]
        case _:
            yield name, [str(value)]


def _promised(case: Case) -> Choices:
    still = [each for each in case["actions"] if not each["completed_at"] and not each["failed_at"]]
    return {str(each["number"]): each["description"] for each in still}


def _points(case: Case) -> Choices:
    return {str(number): point["text"] for number, point in enumerate(case["points"], start=1)}


def _damages(case: Case) -> Choices:
    ends = ("made_safe_at", "not_ours_at")
    still = [each for each in case["damages"] if not any(each[end] for end in ends)]
    return {str(each["number"]): f"{each['number']}: {each['fault'] or 'Damage'}" for each in still}


def _recommendations(case: Case) -> Choices:
    """Those of the one review that has any; of several reviews each numbers its own."""
    of_reviews = [each["recommendations"] for each in case["case_reviews"] if each["recommendations"]]
    if len(of_reviews) != 1:
        return {}
    still = [each for each in of_reviews[0] if not each["completed_on"]]
    return {str(each["number"]): f"{each['recommendation']} ({each['body']})" for each in still}


def _follow_ups(case: Case) -> Choices:
    return {str(each["number"]): each["element"] for each in case["follow_ups"]}


def _clearances(case: Case) -> Choices:
    return {
        str(each["number"]): " with ".join(filter(None, (_day(each["date"]), each["partner"])))
        for each in case["clearances"]
    }


def _day(written: str) -> str:
    on = date.fromisoformat(written)
    return f"{on:%A} {on.day} {on:%B}"


# By the kind of case, the act and the field: nothing is called by its number alone.
NUMBERED: Mapping[tuple[str, str, str], Callable[[Case], Choices]] = {
    ("CMP", "acknowledgement", "not_ours.0.point"): _points,
    ("CMP", "response", "points.0.point"): _points,
    ("CMP", "actions/{n}/completion", "n"): _promised,
    ("CMP", "actions/{n}/failure", "n"): _promised,
    ("CAS", "damage/outcome", "damage"): _damages,
    ("CAS", "case-review/completion", "recommendation"): _recommendations,
    ("SIT", "follow-ups/{number}/resolution", "number"): _follow_ups,
    ("SIT", "clearances/{number}/outcome", "number"): _clearances,
}


def numbered(prefix: str, form: Form, case: Case) -> Mapping[str, Choices]:
    """The choices in words of fields that the interface wants a number for, by their names."""
    found = {}
    for field in form.fields:
        if choices_of := NUMBERED.get((prefix, form.act, NUMBER.sub("0", field.name))):
            found[field.name] = choices_of(case)
    return found
