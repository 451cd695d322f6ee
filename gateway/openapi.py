"""One OpenAPI document of all services: what each says of itself, joined so that no name means two things."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp

from gateway.asking import get_json
from gateway.routes import RoutingTable

Document = dict[str, Any]
Part = tuple[str, str]
"""The key of a component: its section and its name, as in `("schemas", "Problem")`."""

INFO = {
    "title": "Housing service standards",
    "version": "1",
    "description": "Report, follow and work cases; every answer says by when each promise falls due.",
}
SERVERS = [{"url": "/", "description": "The gateway that this document was read from"}]
SIGN_IN = {
    "type": "oauth2",
    "description": "With a client's id and secret, exchanged for a token.",
    "flows": {"clientCredentials": {"tokenUrl": "/v1/token", "scopes": {}}},
}
REF = "#/components/"


WRITING_SECONDS = 10.0
"""A service writes its document when it is first asked; seven that do so in one process take seconds."""


class MergedDocument:
    """Asks each service for its document; one that is down is shown as it was last known."""

    def __init__(self, routes: RoutingTable) -> None:
        self._routes = routes
        self._known: dict[str, Document] = {}
        self._merged_from: dict[str, Document] = {}
        self._merged: Document = {}

    async def read(self, own: Document, services: Mapping[str, ASGIApp]) -> Document:
        """The gateway's own document and those of all services, as one."""
        asked = (get_json(app, "/openapi.json", WRITING_SECONDS) for app in services.values())
        answers = await asyncio.gather(*asked)
        for name, document in zip(services, answers, strict=True):
            if document is not None:
                self._known[name] = self._public(document, name)
        documents = {"gateway": own} | {name: self._known[name] for name in services if name in self._known}
        if documents != self._merged_from:  # anybody may ask, and merging takes a quarter of a second
            self._merged_from, self._merged = documents, merge(documents)
        return self._merged

    def _public(self, document: Document, service: str) -> Document:
        """The paths of a document that lead through the gateway to this service."""
        routes = (
            (path, item, self._routes.route_of(path)) for path, item in document.get("paths", {}).items()
        )
        return {**document, "paths": {path: item for path, item, r in routes if r and r.service == service}}


def merge(documents: Mapping[str, Document]) -> Document:
    """Join documents by service; a component that differs from its namesake gets the service's name."""
    merged: Document = {"openapi": "3.1.0", "info": INFO, "servers": SERVERS, "paths": {}, "components": {}}
    for service, given in documents.items():
        document = _named_by_title(given)
        components = _flat(document.get("components", {}))
        names = _new_names(service, components, _flat(merged["components"]))
        for (section, name), content in _used(document.get("paths", {}), components).items():
            kept = names.get((section, name), name)
            renamed = _renamed(content, names)
            merged["components"].setdefault(section, {})[kept] = (
                {**renamed, "title": kept} if section == "schemas" else renamed
            )
        for path, item in document.get("paths", {}).items():
            merged["paths"][path] = _tagged(_renamed(item, names), service)
    merged["components"].setdefault("securitySchemes", {})["clientCredentials"] = SIGN_IN
    return merged


def _named_by_title(document: Document) -> Document:
    """Components named as their schemas' titles say: RepairPage, where FastAPI has Page_Union_RepairOut_…."""
    schemas = document.get("components", {}).get("schemas", {})
    titles = Counter(schema.get("title") for schema in schemas.values())
    names = {
        ("schemas", name): schema["title"]
        for name, schema in schemas.items()
        if titles[schema.get("title")] == 1 and str(schema.get("title")).isidentifier()
    }
    renamed = {
        names.get(("schemas", name), name): _renamed(schema, names) for name, schema in schemas.items()
    }
    components = {**document.get("components", {}), "schemas": renamed}
    return {**document, "paths": _renamed(document.get("paths", {}), names), "components": components}


def _flat(components: Mapping[str, Mapping[str, Any]]) -> dict[Part, Any]:
    return {
        (section, name): content for section, named in components.items() for name, content in named.items()
    }


def _new_names(service: str, components: dict[Part, Any], taken: dict[Part, Any]) -> dict[Part, str]:
    """New names for what differs from its namesake, or refers to something that gets a new name."""
    renamed = {part for part, content in components.items() if part in taken and taken[part] != content}
    while True:
        more = {
            part
            for part, content in components.items()
            if part in taken and part not in renamed and renamed & _references(content)
        }
        if not more:
            return {(section, name): f"{service.title()}{name}" for section, name in renamed}
        renamed |= more


def _used(paths: Any, components: dict[Part, Any]) -> dict[Part, Any]:
    """The components that the paths need, and those that these need; a hidden path's are left out."""
    needed: set[Part] = set()
    waiting = _references(paths) | {part for part in components if part[0] == "securitySchemes"}
    while waiting:
        part = waiting.pop()
        if part in components and part not in needed:
            needed.add(part)
            waiting |= _references(components[part])
    return {part: content for part, content in components.items() if part in needed}


def _references(node: Any) -> set[Part]:
    if isinstance(node, dict):
        here = {_part(node["$ref"])} if isinstance(node.get("$ref"), str) else set()
        return here.union(*(_references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(_references(value) for value in node))
    return set()


def _part(reference: str) -> Part:
    section, _, name = reference.removeprefix(REF).partition("/")
    return section, name


def _renamed(node: Any, names: Mapping[Part, str]) -> Any:
    if isinstance(node, list):
        return [_renamed(value, names) for value in node]
    if not isinstance(node, dict):
        return node
    copy = {key: _renamed(value, names) for key, value in node.items()}
    if isinstance(node.get("$ref"), str) and (part := _part(node["$ref"])) in names:
        copy["$ref"] = f"{REF}{part[0]}/{names[part]}"
    return copy


def _tagged(item: Document, service: str) -> Document:
    """Operations stand under their service; a token for one is given, or got by signing in."""
    tagged = {}
    for method, operation in item.items():
        either = [{"clientCredentials": []}, *operation["security"]] if operation.get("security") else []
        tagged[method] = {**operation, "tags": [service]} | ({"security": either} if either else {})
    return tagged
