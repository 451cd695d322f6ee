"""A walk through a JSON schema: every field, with the forms that it may take."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
Place = tuple[str, ...]


class Walk:
    """A walk through schemas that refer to named ones."""

    def __init__(self, named: Mapping[str, Schema]) -> None:
        self._named = named

    def forms(self, schema: Schema) -> list[Schema]:
        """The forms of a value that are not null, with references followed."""
        if "$ref" in schema:
            return self.forms(self._named[schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            return [form for choice in schema["anyOf"] for form in self.forms(choice)]
        return [] if schema.get("type") == "null" else [schema]

    def is_nullable(self, schema: Schema) -> bool:
        """Tell whether null is a value too."""
        return {"type": "null"} in schema.get("anyOf", ())

    def fields(self, schema: Schema) -> Iterator[tuple[Place, Schema]]:
        """Every field of an object, and of those in it: its place, and its schema."""
        for form in self.forms(schema):
            for name, inner in form.get("properties", {}).items():
                yield (name,), inner
                for place, deeper in self.fields(inner):
                    yield (name, *place), deeper


def value_at(body: Any, place: Place) -> Any:
    """The value at a place; raises LookupError where the body has none."""
    for name in place:
        if not isinstance(body, dict):
            raise LookupError(place)
        body = body[name]
    return body


def with_value(body: Any, place: Place, value: Any) -> Any:
    """The body with another value at the place."""
    if not place:
        return value
    return {**body, place[0]: with_value(body.get(place[0], {}), place[1:], value)}
