"""Forms are true: each act of the interface has one, with the names, values and needs of the interface."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from services.board.acts.forms import Field, Form, Kind
from services.board.acts.tables import BY_PREFIX, NEXT_STEPS, WITHOUT_A_FORM, form_of, next_step
from services.board.presenting.duty_list import step_of
from shared.directory import DIRECTORY
from tests.support.apps import app_of

ACT = re.compile(r"(/v1/[^{]+)/\{reference\}/(.+)")
Schema = Mapping[str, Any]


def acts() -> Iterator[tuple[str, str, Schema, Schema]]:
    """The prefix, name and body of every act on a case, with the components that the body refers to."""
    for row in DIRECTORY.owner_rows:
        document = app_of(row.name).openapi()
        schemas = document["components"]["schemas"]
        prefixes = {path: prefix for prefix, path in row.collections.items()}
        for path, methods in document["paths"].items():
            found = ACT.fullmatch(path)
            if found and "post" in methods and found[2] not in WITHOUT_A_FORM:
                content = methods["post"].get("requestBody", {}).get("content", {})
                yield prefixes[found[1]], found[2], content["application/json"]["schema"], schemas


ACTS = {f"{prefix} {act}": (prefix, act, schema, schemas) for prefix, act, schema, schemas in acts()}


def resolved(schema: Schema, schemas: Mapping[str, Schema]) -> list[Schema]:
    """The forms that a value may have, null left out."""
    if "$ref" in schema:
        return resolved(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return [each for one in schema["anyOf"] for each in resolved(one, schemas)]
    return [] if schema.get("type") == "null" else [schema]


def at(name: str, schema: Schema, schemas: Mapping[str, Schema]) -> list[Schema]:
    """The schemas at a field's name: a dot leads into an object, a number into a list."""
    found = resolved(schema, schemas)
    for part in name.split("."):
        inner = [
            each["items"] if part.isdecimal() else each.get("properties", {}).get(part) for each in found
        ]
        found = [each for one in inner if one for each in resolved(one, schemas)]
    return found


def in_body(form: Form) -> list[Field]:
    return [field for field in form.fields if not field.in_path]


@pytest.mark.parametrize("name", ACTS)
def test_every_act_has_a_form_with_the_names_of_the_interface(name: str) -> None:
    """None is forgotten, none is invented, and what is not asked for has its reason."""
    prefix, act, schema, schemas = ACTS[name]
    form = form_of(prefix, act)
    assert form is not None
    [body] = resolved(schema, schemas)
    asked = {field.name.partition(".")[0] for field in in_body(form)} | {
        name.partition(".")[0] for name in form.left_out
    }
    assert asked | ({"occurred_at"} if form.dated else set()) == set(body.get("properties", {}))
    needed = {field.name for field in in_body(form) if field.required and "." not in field.name}
    assert set(body.get("required", ())) - needed <= {
        field.name.partition(".")[0] for field in in_body(form) if "." in field.name
    } | set(form.left_out) | {field.name for field in form.fields if field.kind is Kind.LINES}
    assert {field.name for field in form.fields if field.in_path} == set(re.findall(r"\{(\w+)\}", act))


@pytest.mark.parametrize("name", ACTS)
def test_every_field_is_of_the_kind_that_the_interface_reads(name: str) -> None:
    """A choice has just its values; of several forms of a value the field gives one."""
    prefix, act, schema, schemas = ACTS[name]
    form = form_of(prefix, act)
    assert form is not None
    for field in in_body(form):
        found = at(field.name, schema, schemas)
        assert found, field.name
        values = {value for each in found for value in each.get("enum", ())}
        if field.kind is Kind.CHOICE:
            assert set(field.choices) == values or not field.choices, field.name
        elif field.kind is Kind.CHECKS:
            items = {
                value
                for each in found
                for one in resolved(each["items"], schemas)
                for value in one.get("enum", ())
            }
            assert set(field.choices) <= items, field.name
        else:
            assert {each.get("type") for each in found} & TYPES[field.kind], field.name


TYPES = {
    Kind.LINE: {"string"},
    Kind.WORDS: {"string"},
    Kind.LINES: {"array"},
    Kind.YES_NO: {"boolean"},
    Kind.NUMBER: {"integer"},
    Kind.MONEY: {"string"},
    Kind.DAY: {"string"},
    Kind.INSTANT: {"string"},
}


def test_no_form_is_of_an_act_that_is_not_there() -> None:
    """An act that went away takes its form along."""
    formed = {f"{prefix} {act}" for prefix, forms in BY_PREFIX.items() for act in forms}
    assert formed == set(ACTS)


def statuses(prefix: str) -> set[str]:
    """The statuses by which the list of a kind of case can be filtered."""
    [row] = [row for row in DIRECTORY.owner_rows if prefix in row.prefixes]
    document = app_of(row.name).openapi()
    parameters = document["paths"][row.collections[prefix]]["get"]["parameters"]
    [status] = [each["schema"] for each in parameters if each["name"] == "status"]
    return {value for each in resolved(status, document["components"]["schemas"]) for value in each["enum"]}


@pytest.mark.parametrize("prefix", BY_PREFIX)
def test_the_next_steps_are_acts_of_statuses_that_there_are(prefix: str) -> None:
    """The button of the duty list leads to a form."""
    steps = {status: acts for (of, status), acts in NEXT_STEPS.items() if of == prefix}
    assert steps
    assert set(steps) <= statuses(prefix), statuses(prefix)
    assert [act for acts in steps.values() for act in acts if form_of(prefix, act) is None] == []


def test_the_next_step_is_the_first_that_is_allowed() -> None:
    """None of the table: a person has to look at the case first."""
    give, update = (
        next_step("REP", "reported", ["assignment", "updates"]),
        next_step("REP", "reported", ["updates"]),
    )
    assert (give.button if give else None, update.button if update else None) == (
        "Give to a firm",
        "Record an update",
    )
    assert next_step("REP", "completed", ["recharge"]) is None
    given = next_step("REP", "reported", ["assignment", "updates"], is_with_somebody=True)
    assert given is not None
    assert given.act == "updates"


@pytest.mark.parametrize(("firm", "act"), [(None, "assignment"), ("Example Plumbing", "updates")])
def test_a_repair_that_a_firm_handed_back_is_given_to_another(firm: str | None, act: str) -> None:
    """Though an officer answers for it: what waits is a firm."""
    repair = {
        "reference": "REP-7K3M-Q9TX",
        "status": "made_safe",
        "contractor": firm,
        "handler": {"name": "Pat Smith", "department": "repairs"},
        "allowed": ["assignment", "contact", "updates"],
    }
    step = step_of(repair)
    assert step is not None
    assert step.act == act
