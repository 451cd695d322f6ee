"""One OpenAPI document of all services."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, create_model

from gateway.openapi import MergedDocument, merge
from gateway.routes import RoutingTable
from shared.directory import DIRECTORY
from tests.gateway.serving import calling, new_gateway

Document = dict[str, Any]


class Shared(BaseModel):
    """The same in every service."""

    trace_id: str


def service(path: str, field: str) -> FastAPI:
    """A service whose `Case` has this field, inside a `Page` that looks the same in every service."""
    case = create_model("Case", **{field: (str, ...)})  # type: ignore[call-overload]
    page = create_model("Page", items=(list[case], ...))  # type: ignore[valid-type]
    app = FastAPI()

    def answer(model: Any) -> Callable[[], Awaitable[Any]]:
        async def handler() -> Any:
            return None

        handler.__annotations__["return"] = model
        return handler

    app.get(path)(answer(page))
    app.get(f"{path}/shared")(answer(Shared))
    app.get("/internal/status")(answer(case))
    return app


def merged_of(of_repairs: str, of_notifications: str) -> Document:
    return merge(
        {
            "repairs": service("/v1/repairs", of_repairs).openapi(),
            "notifications": service("/v1/cases", of_notifications).openapi(),
        }
    )


def schema_of(document: Document, path: str) -> str:
    content = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    return str(content["schema"]["$ref"]).rpartition("/")[2]


def field_of(document: Document, page: str) -> list[str]:
    schemas = document["components"]["schemas"]
    case = schemas[page]["properties"]["items"]["items"]["$ref"].rpartition("/")[2]
    return list(schemas[case]["properties"])


def test_a_name_never_means_two_things() -> None:
    """Two services' `Case` differ, so one is renamed, and with it the `Page` that has it inside."""
    merged = merged_of("fault", "due_at")
    assert field_of(merged, schema_of(merged, "/v1/repairs")) == ["fault"]
    assert field_of(merged, schema_of(merged, "/v1/cases")) == ["due_at"]
    assert schema_of(merged, "/v1/cases") == "NotificationsPage"


def test_what_is_the_same_everywhere_stands_once() -> None:
    """A problem looks the same whoever answers it."""
    merged = merged_of("a", "a")
    assert set(merged["components"]["schemas"]) == {"Case", "Page", "Shared"}


def test_every_reference_leads_somewhere() -> None:
    """A document with a dangling reference cannot be read by any tool."""
    merged = merged_of("a", "b")
    for reference in references(merged):
        section, name = reference.removeprefix("#/components/").split("/")
        assert name in merged["components"][section]


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [node["$ref"]] if "$ref" in node else [r for value in node.values() for r in references(value)]
    return [r for value in node for r in references(value)] if isinstance(node, list) else []


async def test_only_what_the_gateway_leads_to_is_shown(tmp_path: Path) -> None:
    """Internal pages, and paths that belong to another service, are not in it; our own token route is."""
    services = {"repairs": service("/v1/repairs", "a"), "notifications": service("/v1/slots", "b")}
    async with calling(new_gateway(tmp_path, services)) as client:
        document = (await client.get("/openapi.json")).json()
    assert {path for path in document["paths"] if path.startswith(("/v1", "/internal"))} == {
        "/v1/repairs",
        "/v1/repairs/shared",
        "/v1/token",
        "/v1/me",
        "/v1/me/cases",
        "/v1/me/cases/claims",
        "/v1/search",
    }


async def test_a_service_that_is_down_is_shown_as_last_known() -> None:
    """The documentation does not shrink with every outage."""
    merged = MergedDocument(RoutingTable(DIRECTORY))
    await merged.read({}, {"repairs": service("/v1/repairs", "a")})
    down = FastAPI(openapi_url=None)
    document = await merged.read({}, {"repairs": down, "notifications": down})
    assert "/v1/repairs" in document["paths"]


def test_a_schema_is_called_what_its_title_says() -> None:
    """Generators name classes by the one and refer to them by the other; where they differ, both are lost."""
    page = service("/v1/repairs", "fault").openapi()
    page["components"]["schemas"]["Page_Union_A_B_"] = page["components"]["schemas"].pop("Page")
    operation = page["paths"]["/v1/repairs"]["get"]["responses"]["200"]
    operation["content"]["application/json"]["schema"]["$ref"] = "#/components/schemas/Page_Union_A_B_"
    merged = merge({"repairs": page, "notifications": service("/v1/cases", "due_at").openapi()})
    assert schema_of(merged, "/v1/repairs") == "Page"
    titles = {name: schema["title"] for name, schema in merged["components"]["schemas"].items()}
    assert titles == {name: name for name in titles}


async def test_a_token_is_given_or_got_by_signing_in(tmp_path: Path) -> None:
    """Every operation that needs one says both ways; the document says where the gateway is."""
    async with calling(new_gateway(tmp_path, {})) as client:
        document = (await client.get("/openapi.json")).json()
    schemes = document["components"]["securitySchemes"]
    assert schemes["clientCredentials"]["flows"] == {
        "clientCredentials": {"tokenUrl": "/v1/token", "scopes": {}}
    }
    assert document["paths"]["/metrics"]["get"]["security"] == [
        {"clientCredentials": []},
        {"accessToken": []},
    ]
    assert document["servers"][0]["url"] == "/"
