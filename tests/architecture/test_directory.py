"""The directory of services is true: each row says of its service what the service's own code says."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import iter_route_contexts

from deploy.vocabulary import packages
from shared.directory import DIRECTORY, FrontEnd, ServiceRow
from shared.events import ABOUT_A_LETTER, ABOUT_NO_CASE, Facts
from tests.shared.example.directory import ROW, WITH_EXAMPLE
from tests.support.apps import app_of, service_of

ROOT = Path(__file__).parents[2]
PREFIX = re.compile(r'(?:new_reference\(|open_case\([^)]*?)"([A-Z]{3})"', re.DOTALL)
SCOPE = re.compile(r'requires\(SERVICE, scope="(\w+)"\)')

every_service = pytest.mark.parametrize("row", WITH_EXAMPLE.services, ids=lambda row: row.name)


def code_below(folder: str) -> str:
    return "\n".join(path.read_text() for path in sorted((ROOT / folder).rglob("*.py")))


@every_service
def test_a_row_has_the_name_of_its_service(row: ServiceRow) -> None:
    """Under that name it has its database, its queue, its client and its events."""
    assert service_of(row.name).name == row.name


@every_service
def test_every_public_route_of_a_service_is_below_a_path_of_its_row(row: ServiceRow) -> None:
    """Or the gateway would not know of it; and no path of the row leads to nothing."""
    app = app_of(row.name)
    paths = [str(route.path) for route in iter_route_contexts(app.routes)]
    public = {f"{path}/" for path in paths if path.startswith("/v1/")}
    led_to = {path: {each for each in row.paths if path.startswith(f"{each}/")} for path in public}
    assert {path for path, found in led_to.items() if len(found) != 1} == set()
    assert set().union(*led_to.values()) == set(row.paths)


@pytest.mark.parametrize("row", DIRECTORY.front_ends, ids=lambda row: row.name)
def test_every_page_of_a_front_end_is_below_a_path_of_its_row(row: FrontEnd) -> None:
    """Or nobody outside would get to it; health and metrics are for the inside."""
    pages = import_module(f"{row.package}.main").create_app().pages
    paths = [str(route.path) for route in iter_route_contexts(pages.routes)]
    outside = [path for path in paths if not path.startswith(("/health/", "/internal/"))]
    assert outside
    assert [
        path for path in outside if not f"{path}/".startswith(tuple(f"{each}/" for each in row.paths))
    ] == []


@every_service
def test_a_row_has_the_prefixes_of_its_services_references(row: ServiceRow) -> None:
    """By them everybody else knows whose case it is."""
    assert set(PREFIX.findall(code_below(row.package.replace(".", "/")))) == set(row.prefixes)


@every_service
def test_a_collection_is_listed_and_read_by_reference(row: ServiceRow) -> None:
    """By the path of a prefix the gateway gathers a resident's cases, and reads one."""
    app = app_of(row.name)
    paths = {str(route.path) for route in iter_route_contexts(app.routes) if "GET" in (route.methods or ())}
    assert len(row.collections) == len(row.prefixes)
    assert {path for each in row.collections.values() for path in (each, f"{each}/{{reference}}")} <= paths


@every_service
def test_a_row_names_the_lists_that_know_postcodes(row: ServiceRow) -> None:
    """These a search asks; one of anti-social behaviour knows none, or it would tell a neighbour's case."""
    listed = {
        str(route.path): {field.alias for field in get_flat_params(route.dependant)}
        for route in iter_route_contexts(app_of(row.name).routes)
        if "GET" in (route.methods or ()) and route.path in row.collections.values()
    }
    assert {row.collections[prefix] for prefix in row.by_postcode} == {
        path for path, taken in listed.items() if "postcode" in taken
    }


@every_service
def test_a_worker_runs_apart_or_beside_the_routes(row: ServiceRow) -> None:
    """All of a service's or none: in a process of its own, or in that of the routes, and never in both."""
    assert not row.runs_apart or {*row.runs_apart} == {*dict(service_of(row.name).workers), "consumer"}


def test_every_scope_that_a_service_asks_with_opens_an_internal_route() -> None:
    """A scope that no route demands would be held for nothing."""
    demanded = set(SCOPE.findall(code_below("shared/cases") + code_below("services")))
    assert {scope for row in DIRECTORY.services for scope in row.scopes} == demanded


@pytest.mark.parametrize("package", [*packages(), ROW.package])
def test_every_event_is_told_under_its_services_name(package: str) -> None:
    """And in words for a resident, but for those that are about no case."""
    module = import_module(f"{package}.events")
    facts = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Facts)]
    events = {each.type: each for each in facts if each is not Facts}
    service = ROW.name if package == ROW.package else package.rpartition(".")[2]
    assert events
    assert {type.partition(".")[0] for type in events} == {service}
    told_to_nobody = {type for type, each in events.items() if not hasattr(each, "plainly")}
    of_no_case = ABOUT_NO_CASE | ABOUT_A_LETTER
    assert told_to_nobody == {type for type in of_no_case if type.partition(".")[0] == service}
