"""`/status`: how every service is doing."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

import pytest
from fastapi import FastAPI

from gateway.status import State, overall
from tests.gateway.serving import calling, new_gateway

FIGURES: Mapping[str, float] = {"oldest_unpublished_seconds": 1.5, "cases_without_promises": 3}


def service(broker: str = "ok", seconds: float = 0.0, figures: Mapping[str, float] = FIGURES) -> FastAPI:
    """A service that says how it is, after a while."""
    app = FastAPI()

    @app.get("/internal/status")
    async def status() -> dict[str, object]:
        await asyncio.sleep(seconds)
        return {
            "service": "repairs",
            "database": "ok",
            "broker": broker,
            "last_case": "REP-7K3M-Q9TX",
            **figures,
        }

    return app


async def test_it_shows_what_each_service_says_and_nothing_of_a_case(tmp_path: Path) -> None:
    """Only the figures that are meant to be seen."""
    async with calling(new_gateway(tmp_path, {"repairs": service()})) as client:
        answer = await client.get("/status")
    assert answer.json()["state"] == "ok"
    reported = answer.json()["services"]["repairs"]["reported"]
    assert (reported["database"], reported["oldest_unpublished_seconds"]) == ("ok", 1.5)
    assert reported["cases_without_promises"] == 3
    assert "REP" not in answer.text


async def test_a_front_end_is_there_or_it_is_not(tmp_path: Path) -> None:
    """It has no database, and owes nothing; without it the services go on."""
    board = FastAPI()

    @board.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    for app, state in ((board, "ok"), (FastAPI(), "down")):
        async with calling(new_gateway(tmp_path, {"repairs": service(), "board": app})) as client:
            status = (await client.get("/status")).json()
        assert (status["front_ends"], set(status["services"])) == ({"board": state}, {"repairs"})
        assert status["state"] == ("ok" if state == "ok" else "degraded")


async def test_a_service_that_does_not_answer_is_down_and_holds_nobody_up(tmp_path: Path) -> None:
    """A second at most, and the others are shown as they are."""
    services = {"repairs": service(broker="away"), "notifications": service(seconds=30)}
    started = monotonic()
    async with calling(new_gateway(tmp_path, services)) as client:
        answer = await client.get("/status")
    assert monotonic() - started < 2
    assert answer.status_code == 200
    assert {name: one["state"] for name, one in answer.json()["services"].items()} == {
        "repairs": "degraded",
        "notifications": "down",
    }


@pytest.mark.parametrize(
    ("figure", "seconds", "state"),
    [
        ("oldest_unpublished_seconds", 60, "ok"),
        ("oldest_unpublished_seconds", 61, "degraded"),
        ("oldest_owed_notice_seconds", 300, "ok"),
        ("oldest_owed_notice_seconds", 301, "degraded"),
    ],
)
async def test_a_service_that_owes_for_too_long_is_degraded(
    tmp_path: Path, figure: str, seconds: float, state: str
) -> None:
    """Its database and its broker are well, and residents are not told all the same."""
    services = {"repairs": service(), "notifications": service(figures={figure: seconds})}
    async with calling(new_gateway(tmp_path, services)) as client:
        shown = (await client.get("/status")).json()
    assert shown["services"]["notifications"]["state"] == shown["state"] == state
    assert shown["services"]["notifications"]["reported"][figure] == seconds


async def test_a_service_that_lags_behind_the_calendar_is_named(tmp_path: Path) -> None:
    """Notifications says which calendar all should have by now; who tells of none is not judged."""
    services = {
        "notifications": service(figures={"calendar_version": 4, "calendar_version_due": 3}),
        "repairs": service(figures={"calendar_version": 3}),
        "complaints": service(figures={"calendar_version": 2}),
        "residents": service(),
    }
    async with calling(new_gateway(tmp_path, services)) as client:
        shown = (await client.get("/status")).json()
    assert shown["behind_calendar"] == ["complaints"]
    assert {name: one["state"] for name, one in shown["services"].items()} == {
        "notifications": "ok",
        "repairs": "ok",
        "complaints": "degraded",
        "residents": "ok",
    }
    assert shown["state"] == "degraded"


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        (["ok", "ok"], "ok"),
        (["ok", "down"], "degraded"),
        (["ok", "degraded"], "degraded"),
        (["down", "down"], "down"),
    ],
)
def test_the_whole_is_down_only_when_everything_is(states: list[State], whole: State) -> None:
    """Some services work without the others."""
    assert overall(states) == whole
