"""A walk through an application: hostile requests for every parameter, header and field."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import FastAPI

from tests.services.callers import Callers, Headers
from tests.services.strict import hostile
from tests.services.strict.hostile import SENT
from tests.services.strict.requests import ITEMS
from tests.services.strict.schemas import Place, Schema, Walk, value_at, with_value
from tests.services.strict.valid.common import Valid

Route = tuple[str, str]
Table = Mapping[Route, Valid]

RANGES = (("from", "to"), ("starts_at", "ends_at"), ("received_from", "received_to"))
MARK = '"in the place of this"'


@dataclass
class Tries:
    """Requests of which each must be refused at one field, and those that were not."""

    client: httpx.AsyncClient
    callers: Callers
    fields: set[tuple[Route, str, str]] = field(default_factory=set)
    count: int = 0
    wrong: list[str] = field(default_factory=list)

    async def send(self, route: Route, valid: Valid, **changed: Any) -> httpx.Response:
        """A valid request, but for what is changed: `path`, `query`, `headers`, or the `content`."""
        method, path = route
        places = {**valid.path, **changed.get("path", {})}
        for name, value in places.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        headers: Headers = {**valid.headers(self.callers), **changed.get("headers", {})}
        content = changed.get("content")
        if valid.bodies and content is None:
            content = json.dumps(valid.bodies[0]).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        if valid.file is not None:
            headers["Content-Type"], content = valid.file[0], changed.get("file", valid.file[1])
        query = changed.get("query", list(valid.query.items()))
        return await self.client.request(method, path, params=query, headers=headers, content=content)

    async def try_one(
        self,
        route: Route,
        valid: Valid,
        where: str,
        pointer: str,
        *,
        tried: object = "",
        also: str | None = None,
        **changed: Any,
    ) -> None:
        """Send one, and note if it is not refused at the pointer (or at `also`), or says anything back."""
        answer = await self.send(route, valid, **changed)
        self.fields.add((route, where, pointer))
        self.count += 1
        status, found = refusal_in(answer)
        if status != 422 or not found or not found <= {pointer, also} or SENT in answer.text:
            at = f"{' '.join(route)} {where} {pointer}"
            self.wrong.append(f"{at}: {tried!r:.60} → {status} {sorted(found)} {answer.text:.300}")


def refusal_in(answer: httpx.Response) -> tuple[int, set[str]]:
    """The status and the pointers of an answer, or of the one item of a batch or register in it."""
    document = answer.json() if answer.headers["content-type"].endswith("json") else {}
    if "results" in document:
        [document] = document["results"]
    if "lines" in document:
        [document] = document["lines"]
    problem = document.get("problem") or document
    return problem.get("status", answer.status_code), {e["pointer"] for e in problem.get("errors") or ()}


def pointer(place: Place) -> str:
    return "".join(f"/{name}" for name in place)


async def walk_through(app: FastAPI, table: Table, tries: Tries) -> None:
    """Try every parameter, every header and every field of the bodies of an application."""
    document = app.openapi()
    walk = Walk(document["components"]["schemas"])
    for route, valid in table.items():
        operation = document["paths"][route[1]][route[0]]
        await try_parameters(tries, walk, route, valid, operation.get("parameters", ()))
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content and route not in ITEMS:
            await try_bodies(tries, walk, route, valid, content["application/json"]["schema"])


async def try_parameters(tries: Tries, walk: Walk, route: Route, valid: Valid, given: Any) -> None:
    query = list(valid.query.items())
    await tries.try_one(route, valid, "query", "", query=[*query, (SENT, SENT)])
    for parameter in given:
        name, forms = parameter["name"], walk.forms(parameter["schema"])
        if parameter["in"] == "header":
            await try_header(tries, route, valid, name)
        elif parameter["in"] == "path":
            for value in path_values(forms):
                await tries.try_one(route, valid, "path", f"/{name}", tried=value, path={name: value})
        else:
            others = [] if name in valid.alone else [pair for pair in query if pair[0] != name]
            if forms[0].get("type") != "array":
                once = (name, {**valid.query, **valid.alone}.get(name, "1"))
                twice = [*others, once, once]
                await tries.try_one(route, valid, "query", f"/{name}", query=twice)
            for value in hostile.of_parameter(forms):
                hostiles = [*others, (name, value)]
                await tries.try_one(route, valid, "query", f"/{name}", tried=value, query=hostiles)
    for first, last in RANGES:
        if {first, last} <= valid.query.keys():
            turned = {**valid.query, first: valid.query[last], last: valid.query[first]}
            await tries.try_one(route, valid, "query", f"/{last}", query=list(turned.items()))


def path_values(forms: list[Schema]) -> list[str]:
    """A reference of any letters may be unknown (404), but not without end; what has a form must have it."""
    values = [value for form in forms for value in hostile.of_text(form)]
    formed = any("format" in form for form in forms)
    return [value for value in values if value.strip() and "/" not in value and (formed or len(value) > 40)]


async def try_header(tries: Tries, route: Route, valid: Valid, name: str) -> None:
    values = {"Idempotency-Key": ("", "x" * 256), "If-Match": (SENT, "3", '"3', "W/3", '"3" "4"')}[name]
    for value in values:
        await tries.try_one(route, valid, "header", f"/{name.lower()}", tried=value, headers={name: value})


async def try_bodies(tries: Tries, walk: Walk, route: Route, valid: Valid, schema: Schema) -> None:
    for body in valid.bodies:
        for place, inner, value in present(walk, schema, body):
            for tried in hostile.of_field(walk, inner, value):
                content = json.dumps(with_value(body, place, tried)).encode()
                await tries.try_one(route, valid, "body", pointer(place), tried=tried, content=content)
            marked = json.dumps(with_value(body, place, json.loads(MARK)))
            for raw, at in (("1e999", pointer(place)), ("NaN", ""), ("-Infinity", "")):
                content = marked.replace(MARK, raw).encode()
                await tries.try_one(route, valid, "body", at, tried=raw, content=content)
        for place, inner in objects(walk, schema, body):
            await try_object(tries, route, valid, body, place, inner)


async def try_object(
    tries: Tries, route: Route, valid: Valid, body: Any, place: Place, inner: dict[str, Any]
) -> None:
    """An unknown field, a key that stands twice, and a range that ends before it begins."""
    if valid.role != "provider":  # of a callback, what is not known is passed over
        unknown = json.dumps(with_value(body, (*place, SENT), SENT)).encode()
        await tries.try_one(route, valid, "body", pointer(place), content=unknown)
    name, value = next(iter(inner.items()))
    twice = f"{json.dumps(inner)[:-1]}, {json.dumps(name)}: {json.dumps(value)}}}"
    content = json.dumps(with_value(body, place, json.loads(MARK))).replace(MARK, twice).encode()
    await tries.try_one(route, valid, "body", pointer(place), also="", content=content)
    for first, last in RANGES:
        if {first, last} <= inner.keys():
            turned = {**inner, first: inner[last], last: inner[first]}
            content = json.dumps(with_value(body, place, turned)).encode()
            await tries.try_one(route, valid, "body", pointer((*place, last)), content=content)


def present(walk: Walk, schema: Schema, body: Any) -> Iterator[tuple[Place, Schema, Any]]:
    """The fields of a schema that a body has, each with its value."""
    for place, inner in walk.fields(schema):
        try:
            yield place, inner, value_at(body, place)
        except LookupError:
            continue


def objects(walk: Walk, schema: Schema, body: Any) -> Iterator[tuple[Place, dict[str, Any]]]:
    yield (), body
    for place, _, value in present(walk, schema, body):
        if isinstance(value, dict):
            yield place, value
