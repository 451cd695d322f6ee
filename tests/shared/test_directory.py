"""The directory of services: a value that is handed in, and what is asked of a service that it lacks."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.app import Consumes, Service, worker_jobs
from shared.app_state import AppState, open_app_state
from shared.directory import Directory, FrontEnd, ServiceRow, UnknownService
from shared.messaging.broker import Queue
from shared.messaging.local import LocalBroker
from shared.settings import Settings
from shared.standards.catalogue import Catalogue
from shared.standards.vocabulary import UnknownWord
from tests.shared.example.directory import ALONE, ROW, WITH_EXAMPLE
from tests.shared.example.main import SERVICE

OTHER = ServiceRow(name="boats", port=8198, paths=("/v1/boats",), prefixes=("BOA",), departments=("harbour",))


def with_other(row: ServiceRow) -> Directory:
    return replace(ALONE, services=(ROW, row))


def test_a_service_is_found_by_its_name() -> None:
    """With the package of its code, which by default is named for it."""
    directory = with_other(OTHER)
    assert directory.row("boats") is OTHER
    assert (OTHER.package, ROW.package) == ("services.boats", "tests.shared.example")
    assert "boats" in directory
    assert "boats" not in ALONE
    with pytest.raises(UnknownService, match="called boats; the directory has permits"):
        ALONE.row("boats")


def test_owners_are_the_services_with_cases_of_their_own() -> None:
    """Notifications watches over others' and has none; departments are those of all."""
    assert "notifications" in WITH_EXAMPLE
    assert set(WITH_EXAMPLE.names) - set(WITH_EXAMPLE.owners) == {"notifications"}
    assert with_other(OTHER).departments == {"permits", "harbour"}


def test_a_front_end_is_served_and_is_no_service() -> None:
    """It has an address and paths; whoever walks the services does not meet it."""
    screens = FrontEnd(name="screens", port=8197, paths=("/screens",))
    directory = replace(ALONE, front_ends=(screens,))
    assert "screens" not in directory
    assert directory.served == (ROW, screens)
    assert (directory.port("screens"), directory.port("permits")) == (8197, ROW.port)
    with pytest.raises(ValueError, match="2 services have the port"):
        replace(directory, front_ends=(replace(screens, port=ROW.port),))


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"name": "permits"}, "name permits"),
        ({"port": ROW.port}, f"port {ROW.port}"),
        ({"paths": ("/v1/boats", "/v1/permits")}, "path /v1/permits"),
        ({"prefixes": ("PER",)}, "prefix PER"),
    ],
    ids=["name", "port", "path", "prefix"],
)
def test_no_two_services_share_what_tells_them_apart(changes: dict[str, object], what: str) -> None:
    """It is found when the directory is made, and not by whoever is led to the wrong service."""
    with pytest.raises(ValueError, match=f"2 services have the {what}"):
        with_other(replace(OTHER, **changes))  # type: ignore[arg-type]


def test_a_process_is_told_of_another_directory_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting is JSON, like every one that is no text."""
    monkeypatch.setenv("DIRECTORY", TypeAdapter(Directory).dump_json(WITH_EXAMPLE).decode())
    assert Settings().directory == WITH_EXAMPLE


@pytest.mark.parametrize("setting", ["SERVICE_URLS", "DATABASE_URLS"])
def test_an_address_of_an_unknown_service_is_refused(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Misspelt, it would be read by nobody; the address, which may hold a password, is not repeated."""
    monkeypatch.setenv(setting, '{"repair": "http://user:xyzzy@elsewhere"}')
    with pytest.raises(ValidationError, match=f"{setting} names repair, and the directory has") as refused:
        Settings()
    assert "xyzzy" not in str(refused.value)


def test_a_service_that_the_directory_lacks_does_not_start(tmp_path: Path) -> None:
    """It would have neither a way to it nor a client to ask others with."""
    with pytest.raises(UnknownService):
        open_app_state("repairs", Settings(directory=ALONE, var=tmp_path), broker=LocalBroker(tmp_path))


async def test_asking_a_service_that_the_directory_lacks_is_an_error_of_ours(state: AppState) -> None:
    """Told from one that is away, which is asked again."""
    with pytest.raises(UnknownService):
        state.settings.service_url("repairs")


async def nothing(_: object) -> None:
    """Do a worker's work."""


def test_a_worker_that_asks_a_service_that_nobody_knows_keeps_its_own_from_starting(state: AppState) -> None:
    """A misspelt name would else be noticed only by whom it keeps waiting."""
    asking = replace(SERVICE, workers=(("asking", nothing),), asks={"asking": "repears"})
    with pytest.raises(UnknownService, match="the worker asking asks repears"):
        worker_jobs(asking, state)


def test_a_worker_that_asks_a_service_still_to_come_is_not_started(
    state: AppState, caplog: pytest.LogCaptureFixture
) -> None:
    """And said once: its events are known, and started it would fail for as long as it is not there."""
    state.catalogue = Catalogue.bundled()
    asking = replace(SERVICE, workers=(("asking", nothing), ("idle", nothing)), asks={"asking": "repairs"})
    with caplog.at_level(logging.WARNING):
        assert set(worker_jobs(asking, state)) == {"idle", "consumer"}
    [said] = [record.__dict__ for record in caplog.records if record.name == "shared.app"]
    assert (said["worker"], said["upstream"]) == ("asking", "repairs")
    state.settings.directory = WITH_EXAMPLE
    assert set(worker_jobs(asking, state)) == {"asking", "idle", "consumer"}


def consuming(*bindings: str) -> Service:
    async def use_case(_: object, __: object) -> None:
        """Take events in."""

    return replace(SERVICE, consumes=Consumes(Queue("permits", bindings), use_case))


@pytest.mark.parametrize("binding", ["permits.permit-isued", "boats.boat-hired"])
def test_a_binding_to_an_event_that_nobody_publishes_is_refused(state: AppState, binding: str) -> None:
    """Nothing would ever match it."""
    with pytest.raises(UnknownWord, match=binding):
        worker_jobs(consuming("permits.permit-issued", binding), state)


def test_a_binding_names_an_event_or_a_pattern(state: AppState) -> None:
    """Also an event of a service that is still to come: the vocabulary has it."""
    assert "consumer" in worker_jobs(consuming("permits.permit-issued", "boats.#", "*.done"), state)
