"""`/docs`: the merged OpenAPI document as one readable page, which needs no network and no script."""

import json
from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")

STYLE = """
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
nav a{margin-right:1rem} h2{margin-top:3rem;border-bottom:2px solid #ddd}
details{border:1px solid #ddd;border-radius:4px;margin:.5rem 0;padding:.4rem .8rem}
summary{cursor:pointer} summary code{font-weight:600} .what{color:#555;margin-left:.6rem}
.method{display:inline-block;min-width:3.6rem;font:600 .8rem monospace;text-transform:uppercase;color:#05509e}
table{border-collapse:collapse;width:100%;margin:.4rem 0} td,th{text-align:left;vertical-align:top;
padding:.2rem .6rem .2rem 0;border-bottom:1px solid #eee} td:first-child{white-space:nowrap}
pre{background:#f6f6f6;padding:.6rem;overflow:auto} .needed{color:#a33;font-size:.8rem}
"""

Document = Mapping[str, Any]


def render(document: Document) -> str:
    """The page; every text from the document is escaped."""
    operations = sorted(_operations(document), key=lambda operation: operation[0])
    groups = {tag: list(found) for tag, found in groupby(operations, key=lambda operation: operation[0])}
    links = "".join(f'<a href="#{escape(tag)}">{escape(tag)}</a>' for tag in groups)
    body = "".join(
        f'<h2 id="{escape(tag)}">{escape(tag)}</h2>' + "".join(_operation(document, *of[1:]) for of in found)
        for tag, found in groups.items()
    )
    models = document.get("components", {}).get("schemas", {})
    shapes = "".join(_model(name, schema) for name, schema in sorted(models.items()))
    title, about = escape(document["info"]["title"]), escape(document["info"].get("description", ""))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f'<body><h1>{title}</h1><p>{about} <a href="/openapi.json">As OpenAPI.</a></p>'
        f'<nav>{links}<a href="#shapes">shapes</a></nav>{body}'
        f'<h2 id="shapes">shapes</h2>{shapes}</body></html>'
    )


def _operations(document: Document) -> Iterable[tuple[str, str, str, Document]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield item[method].get("tags", ["other"])[0], path, method, item[method]


def _operation(document: Document, path: str, method: str, operation: Document) -> str:
    parts = [f"<p>{escape(operation.get('description', ''))}</p>"]
    if operation.get("security"):
        parts.append("<p>Needs an access token.</p>")
    parts.append(_table([_parameter(given) for given in operation.get("parameters", ())]))
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        parts.append(f"<p>Body, {escape(media)}:</p>" + _body(document, content.get("schema", {})))
    parts.append(_table([_response(status, answer) for status, answer in operation["responses"].items()]))
    return (
        f'<details><summary><span class="method">{method}</span><code>{escape(path)}</code>'
        f'<span class="what">{escape(operation.get("summary", ""))}</span></summary>'
        f"{''.join(parts)}</details>"
    )


def _parameter(parameter: Document) -> tuple[str, ...]:
    needed = _needed(bool(parameter.get("required")))
    name = f"<code>{escape(parameter['name'])}</code> {escape(parameter['in'])} {needed}"
    return name, _type(parameter.get("schema", {})), escape(parameter.get("description", ""))


def _response(status: str, answer: Document) -> tuple[str, ...]:
    schemas = [content.get("schema", {}) for content in answer.get("content", {}).values()]
    return f"<b>{escape(status)}</b>", escape(answer.get("description", "")), " ".join(map(_type, schemas))


def _body(document: Document, schema: Document) -> str:
    name = _name_of(schema)
    known: Document = document.get("components", {}).get("schemas", {}).get(name, schema)
    return _fields(known) or f"<p>{_type(schema)}</p>"


def _model(name: str, schema: Document) -> str:
    about = f"<p>{escape(schema.get('description', ''))}</p>"
    return (
        f'<details id="shape-{escape(name)}"><summary><code>{escape(name)}</code></summary>'
        f"{about}{_fields(schema) or _type(schema)}</details>"
    )


def _fields(schema: Document) -> str:
    required = schema.get("required", ())
    return _table(
        (f"<code>{escape(name)}</code> {_needed(name in required)}", _type(field), _about(field))
        for name, field in schema.get("properties", {}).items()
    )


def _about(field: Document) -> str:
    default = f" Default {json.dumps(field['default'])}." if field.get("default") is not None else ""
    return escape(field.get("description", "") + default)


def _type(schema: Document) -> str:
    """A schema in a few words, with links to the shapes it names."""
    if name := _name_of(schema):
        return f'<a href="#shape-{escape(name)}">{escape(name)}</a>'
    for either in ("anyOf", "oneOf", "allOf"):
        if either in schema:
            return " or ".join(_type(one) for one in schema[either])
    if "enum" in schema:
        return escape(" | ".join(str(value) for value in schema["enum"]))
    if "const" in schema:
        return escape(str(schema["const"]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(str(schema.get("format") or schema.get("type") or "anything"))


def _name_of(schema: Document) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _needed(needed: bool) -> str:
    return '<span class="needed">needed</span>' if needed else ""


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{lines}</table>" if lines else ""
