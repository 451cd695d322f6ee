"""The OpenAPI document of a service, as generators of clients like it: short operation ids, one Problem."""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from shared.http.problems import Problem


def operation_id(route: APIRoute) -> str:
    """The name of a route's function, which becomes that of a client's method."""
    return route.name


def describe_problems(app: FastAPI) -> None:
    """Add the schemas that `problems()` refers to; of itself FastAPI adds only models that routes name."""
    describe = app.openapi
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = {**problem.pop("$defs"), "Problem": problem}

    def described() -> dict[str, Any]:
        document = describe()
        document.setdefault("components", {}).setdefault("schemas", {}).update(schemas)
        return document

    app.openapi = described  # type: ignore[method-assign]
