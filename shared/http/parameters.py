"""Query and path parameters, as strict as bodies: known, given once, and of one spelling."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError

from shared.http.problems import Error

# pydantic takes "yes" for true, and "+1" and "1.0" for 1
SPELLINGS = (
    (bool, re.compile("true|false"), "write true or false"),
    (int, re.compile("-?[0-9]{1,18}"), "write a whole number in digits"),
)


class Parameters:
    """The parameters of a route, each as its place ("query" or "path"), name and declared type."""

    def __init__(self, declared: Iterable[tuple[str, str, Any]] = ()) -> None:
        self._types = {(place, name): frozenset(_types(kind)) for place, name, kind in declared}

    def errors(self, request: Request) -> list[Error]:
        """The errors that FastAPI passes over; the others are its to tell."""
        query = request.query_params.multi_items() if request.scope["query_string"] else []
        times_given = Counter(name for name, _ in query)
        given = [("query", *pair) for pair in query]
        given += [("path", *pair) for pair in request.path_params.items() if ("path", pair[0]) in self._types]
        return [
            {"type": "parameter", "loc": (place, *at), "msg": why}
            for place, name, value in given
            for at, why in self._wrong(place, name, value, times_given[name])
        ]

    def _wrong(self, place: str, name: str, value: str, times: int) -> Iterator[tuple[tuple[str, ...], str]]:
        types = self._types.get((place, name))
        if types is None:  # its name is the caller's, and is not said back
            yield (), "an unknown query parameter is here"
            return
        if times > 1 and list not in types:
            yield (name,), "this is given more than once"
        if place == "query" and value and not _is_readable(value):
            yield (name,), "a text has a character that prints, and never NUL"
        for kind, spelling, words in SPELLINGS:
            if kind in types and not spelling.fullmatch(value):
                yield (name,), words


def _types(annotation: Any) -> Iterator[Any]:
    """The types in an annotation; `list[str] | None` has list, and None's."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _types(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for each in get_args(annotation):
            yield from _types(each)
    else:
        yield origin or annotation


def _is_readable(value: str) -> bool:
    return "\0" not in value and any(each.isprintable() for each in value)


def _takes_only(*declared: tuple[str, str, Any]) -> list[Any]:
    parameters = Parameters(declared)

    async def refuse_others(request: Request) -> None:
        if errors := parameters.errors(request):
            raise RequestValidationError(errors)

    return [Depends(refuse_others)]


NO_QUERY = _takes_only()
"""The `dependencies=` of a plain route of FastAPI's own: it takes no query parameter."""
PAGE_QUERY = _takes_only(("query", "limit", int), ("query", "cursor", str))
"""The `dependencies=` of a plain route that takes the parameters of a page, and no other."""
