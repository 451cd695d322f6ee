"""Lists of a form: as many items as were typed, and one more for whoever asks for another; all pure.

A field whose name has a number in it, as in `actions.0.by`, stands for that part of every item of a list.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from services.board.acts.forms import Field, Form

ADD = "add"
"""The field by which one more item of a list is asked for; its value is the list."""

MOST_ITEMS = 20
NUMBER = re.compile(r"(?<=\.)[0-9]{1,4}(?=\.)")

Typed = Mapping[str, Sequence[str]]


def with_items(form: Form, typed: Typed, *, more: str = "") -> tuple[Form, Typed]:
    """The form with a field for each part of each item, and what was typed, without items left empty.

    Those after an empty one move up, so that the number of each is that of the body, by which a refusal names
    it. `more` is a list that gets one more.
    """
    known = {field.name for field in form.fields if NUMBER.search(field.name)}
    inside = {name: values for name, values in typed.items() if NUMBER.sub("0", name) in known}
    tidy = dict(_flat(_moved_up(_tree(inside))))
    others = {name: values for name, values in typed.items() if name not in inside}
    return replace(form, fields=tuple(_repeated(form.fields, tidy, more))), others | tidy


def _repeated(fields: Sequence[Field], typed: Typed, more: str, depth: int = 0) -> Iterator[Field]:
    for listed, group in groupby(fields, lambda field: _list_of(field.name, depth)):
        parts = list(group)
        if not listed:
            yield from parts
            continue
        for number in range(_items(listed, typed) + (more == listed)):
            item = [_numbered(part, listed, number) for part in parts]
            yield from _repeated(item, typed, more, len(listed.split(".")) + 1)


def _list_of(name: str, depth: int) -> str:
    """The outermost list, from that part of a name on, of which it names an item; empty for none."""
    parts = name.split(".")
    at = next((place for place in range(depth, len(parts)) if parts[place].isdecimal()), None)
    return "" if at is None else ".".join(parts[:at])


def _items(listed: str, typed: Typed) -> int:
    begun = [name.removeprefix(f"{listed}.") for name in typed if name.startswith(f"{listed}.")]
    return max((int(rest.partition(".")[0]) + 1 for rest in begun), default=1)


def _numbered(field: Field, listed: str, number: int) -> Field:
    if not number:
        return field
    name = f"{listed}.{number}{field.name.removeprefix(f'{listed}.0')}"
    return replace(field, name=name, label=f"{number + 1}. {field.label}", required=False)


def adding(form: Form) -> Mapping[str, Sequence[tuple[str, str]]]:
    """The lists that can take another item, by the field after which one asks for it, the innermost first.

    Each has the words of its first field, which tell it from others.
    """
    first, last = dict[str, Field](), dict[str, Field]()
    full = set()
    for field in form.fields:
        for number in NUMBER.finditer(field.name):
            listed = field.name[: number.start() - 1]
            first.setdefault(listed, field)
            last[listed] = field
            if int(number[0]) + 1 >= MOST_ITEMS:
                full.add(listed)
    found: dict[str, list[tuple[str, str]]] = {}
    for listed in sorted(last.keys() - full, key=len, reverse=True):
        found.setdefault(last[listed].name, []).append((listed, first[listed].label))
    return found


def first_of_last(form: Form, listed: str) -> str:
    """The first field of the last item of a list; empty for a list that the form does not have."""
    inside = re.compile(rf"{re.escape(listed)}\.([0-9]+)\.")
    found: dict[int, str] = {}
    for field in form.fields:
        if number := inside.match(field.name):
            found.setdefault(int(number[1]), field.name)
    return found[max(found)] if found else ""


def _tree(typed: Typed) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, values in typed.items():
        *parents, leaf = name.split(".")
        node = tree
        for part in parents:
            node = node.setdefault(part, {})
        node[leaf] = values
    return tree


def _moved_up(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    inner = {name: _moved_up(child) for name, child in node.items()}
    if not all(name.isdecimal() for name in inner):
        return inner
    filled = [inner[name] for name in sorted(inner, key=int) if any(_said(inner[name]))]
    return {str(number): item for number, item in enumerate(filled)}


def _said(node: Any) -> Iterator[str]:
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, str):
            yield child.strip()
        else:
            yield from _said(child)


def _flat(node: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Sequence[str]]]:
    for name, child in node.items():
        if isinstance(child, dict):
            yield from _flat(child, f"{before}{name}.")
        else:
            yield f"{before}{name}", child
