"""Generator of the vocabulary that standards are read with, from the events that services publish.

`python -m deploy.vocabulary` writes the product's; with names of packages it prints theirs.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields
from enum import Enum
from importlib import import_module
from pkgutil import iter_modules
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import services
from shared.cases.events import OF_EVERY_SERVICE
from shared.directory import DIRECTORY
from shared.events import Facts, NeedsScope

HEADER = """\
# Generated from the services' events by `make docs`; change those, and not this.
#
# The events that a standard may name, under the service that publishes them: how each is told to a
# resident (the beginning of a sentence, "… on Friday 5 December 2025 at 16:55"), and its facts.
# A fact is "text", "texts", "number", "yes or no", "date" (a date or an instant), or the list of its values.
# `scopes` names facts that only callers with a scope may read. An `acknowledged` event opens a case. That one
# `for_staff` happened is told to officers who work the case, and to nobody else. An act `by_letter` meets no
# promise while its letter has come back.
"""
KINDS = {str: "text", int: "number", bool: "yes or no"}
TEXTS = "texts"
LINE = 110


def packages() -> list[str]:
    """The packages of all services, those included that only have their events so far."""
    front_ends = {row.package for row in DIRECTORY.front_ends}
    found = [module.name for module in iter_modules(services.__path__, "services.")]
    return [package for package in found if package not in front_ends]


def render(names: Iterable[str]) -> str:
    """The vocabulary of these packages' `events`, as TOML."""
    tables = ("\n".join(_table(type, event)) for name in names for type, event in _events(name))
    return "\n".join([HEADER, *tables])


def _events(package: str) -> Iterator[tuple[str, type[Facts]]]:
    """The events of a service by their types: its own, and where any is about a case, those that all have."""
    service = ""
    for found in vars(import_module(f"{package}.events")).values():
        if isinstance(found, type) and issubclass(found, Facts) and hasattr(found, "plainly"):
            service = found.type.partition(".")[0]
            yield found.type, found
    if service:
        yield from ((event.type_of(service), event) for event in OF_EVERY_SERVICE)


def _table(type: str, event: type[Facts]) -> Iterator[str]:
    """The table of one event; a kind that the vocabulary does not have raises KeyError."""
    hints = get_type_hints(event, include_extras=True)
    facts = {field.name: list(_parts(hints[field.name])) for field in fields(event)}  # type: ignore[arg-type]
    yield f"[{type}]"
    yield f"plainly = {_toml(event.plainly)}"
    if event.acknowledged:
        yield "acknowledged = true"
    if event.for_staff:
        yield "for_staff = true"
    if event.by_letter:
        yield "by_letter = true"
    for name, parts in facts.items():
        yield from _wrapped(f"facts.{name} = ", _kind(parts))
    for name, parts in facts.items():
        for mark in parts:
            if isinstance(mark, NeedsScope):
                yield f"scopes.{name} = {_toml(mark.scope)}"
    yield ""


def _parts(hint: Any) -> Iterator[Any]:
    """A fact's type and what it is annotated with; `None` only says that the fact may be missing."""
    if hint == list[str]:
        yield TEXTS
        return
    for part in get_args(hint) if get_origin(hint) not in {None, Literal} else (hint,):
        if part is hint:
            yield part
        elif part is not NoneType:
            yield from _parts(part)


def _kind(parts: list[Any]) -> str | list[Any]:
    """The most precise of what is said of a fact: its values, or that it is a date, or its type."""
    for part in parts:
        if get_origin(part) is Literal:
            return list(get_args(part))
        if isinstance(part, type) and issubclass(part, Enum):
            return [member.value for member in part]
    return next((kind for kind in ("date", TEXTS) if kind in parts), None) or KINDS[parts[0]]


def _wrapped(key: str, kind: str | list[Any]) -> Iterator[str]:
    """The line of a fact, or several where its values do not fit into one."""
    if len(line := key + _toml(kind)) <= LINE:
        yield line
        return
    yield f"{key}["
    line = " "
    for value in kind:
        if len(line) + len(_toml(value)) + 2 > LINE:
            yield line
            line = " "
        line += f" {_toml(value)},"
    yield line
    yield "]"


def _toml(value: Any) -> str:
    """A text, number or list, which TOML writes as JSON does."""
    return json.dumps(value, ensure_ascii=False)


def main(names: list[str]) -> None:
    """The command line."""
    if names:
        print(render(names), end="")
    else:
        DIRECTORY.vocabulary[0].write_text(render(packages()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
