"""The calendar is everybody's to read, closures are officers', reconciling and dead letters are ops'."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.notifications.intake.consumer import CONSUMES
from services.notifications.models import DiscardedLetter
from shared.app_state import AppState
from shared.clock import system_clock
from shared.db.transaction import transaction
from shared.events import Event
from shared.messaging import local
from shared.messaging.local import LocalBroker
from shared.settings import Settings
from tests.services.callers import Callers, Headers
from tests.services.notifications.consuming import ago, deadlines, emergency

Who = Callable[[Callers], Headers]


async def test_the_calendar_is_shown_year_by_year(notifications: httpx.AsyncClient, callers: Callers) -> None:
    """Official years and computed ones; as bundled it has no date of its own."""
    headers = callers.resident()
    shown = (await notifications.get("/v1/calendar?year=2026", headers=headers)).json()
    assert (shown["version"], shown["official_as_of"], shown["closures"]) == (0, None, [])
    assert [day["date"] for day in shown["bank_holidays"]] == [
        "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25",
        "2026-12-28",
    ]  # fmt: skip
    computed = (await notifications.get("/v1/calendar?year=2035", headers=headers)).json()
    assert {"date": "2035-03-23", "reason": "Good Friday"} in computed["bank_holidays"]


@pytest.mark.parametrize("year", ["1989", "2101", "soon"])
async def test_a_year_that_the_calendar_does_not_know_is_refused(
    notifications: httpx.AsyncClient, callers: Callers, year: str
) -> None:
    """Nobody can say which days are worked then."""
    refused = await notifications.get(f"/v1/calendar?year={year}", headers=callers.resident())
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/year"


CLOSURE = {"date": "2026-12-30", "reason": "stocktaking"}
ACTS = [
    ("POST", "/v1/calendar/closures", Callers.resident),
    ("POST", "/v1/calendar/closures", Callers.contractor),
    ("POST", "/v1/calendar/closures", Callers.ops),
    ("POST", "/v1/calendar/closures", Callers.officer),
    ("POST", "/v1/calendar/closures/2026-12-30/withdrawal", Callers.frontend),
    ("POST", "/v1/reconciliations", Callers.officer),
    ("GET", "/v1/reconciliations", Callers.officer),
    ("GET", "/v1/dead-letters?queue=notifications", Callers.officer),
    ("POST", "/v1/dead-letters/replay", Callers.resident),
    ("POST", "/v1/dead-letters/discard", Callers.officer),
]


BODIES: dict[str, Any] = {
    "/v1/dead-letters/replay": {"queue": "notifications"},
    "/v1/dead-letters/discard": {"queue": "notifications", "ids": ["x"], "reason": "x"},
}


@pytest.mark.parametrize(("method", "path", "who"), ACTS)
async def test_others_may_not(
    notifications: httpx.AsyncClient, callers: Callers, method: str, path: str, who: Who
) -> None:
    """Each act is one role's."""
    body = CLOSURE if path.endswith("closures") else {"reason": "x"}
    body = BODIES.get(path, body)
    refused = await notifications.request(
        method, path, json=body if method == "POST" else None, headers=who(callers)
    )
    assert refused.status_code == 403


def bury(settings: Settings, event: Event) -> None:
    """Leave an event among the dead letters of notifications."""
    folder: Path = settings.var / "dead-letters" / "notifications"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{len(list(folder.glob('*.json'))) + 1:08d}.json"
    path.with_suffix(".reason").write_text("LookupError at a test")
    path.write_bytes(event.to_json())


async def test_dead_letters_are_listed_without_their_facts(
    notifications: httpx.AsyncClient, settings: Settings, callers: Callers
) -> None:
    """Which event, about which case, and how large; what it says is not shown."""
    case = emergency(ago(hours=1))
    bury(settings, case.history[0])
    listed = await notifications.get("/v1/dead-letters?queue=notifications", headers=callers.ops())
    [letter] = listed.json()["items"]
    assert (letter["type"], letter["reference"], letter["sequence"]) == (
        "repairs.repair-reported",
        case.reference,
        1,
    )
    assert "sam" not in listed.text


async def test_dead_letters_say_since_when_and_how_many_there_are(
    notifications: httpx.AsyncClient, settings: Settings, callers: Callers
) -> None:
    """When each event was recorded and when it was given up on; all are counted, a hundred are shown."""
    case = emergency(ago(hours=1))
    for _ in range(101):
        bury(settings, case.history[0])
    listed = (await notifications.get("/v1/dead-letters?queue=notifications", headers=callers.ops())).json()
    assert (len(listed["items"]), listed["total"], listed["waiting"]) == (100, 101, 0)
    assert listed["reasons"] == [{"reason": "LookupError at a test", "count": 101}]
    letter = listed["items"][0]
    assert datetime.fromisoformat(letter["recorded_at"]) == case.history[0].recorded_at
    assert abs(datetime.fromisoformat(letter["died_at"]) - system_clock()) < timedelta(minutes=5)
    assert letter["replayed_at"] is None


@pytest.mark.parametrize("recorded", [None, 7, "soon", "2026-11-23T09:30:00", "0001-01-01T00:00:00+01:00"])
async def test_a_dead_letter_that_is_no_event_has_no_instant_of_one(
    notifications: httpx.AsyncClient, settings: Settings, callers: Callers, recorded: object
) -> None:
    """Whatever stands in its place."""
    folder: Path = settings.var / "dead-letters" / "notifications"
    folder.mkdir(parents=True)
    (folder / "00000001.json").write_text(json.dumps({"recordedtime": recorded}))
    listed = await notifications.get("/v1/dead-letters?queue=notifications", headers=callers.ops())
    [letter] = listed.json()["items"]
    assert letter["recorded_at"] is None
    assert letter["died_at"]


async def test_dead_letters_of_an_unknown_queue_are_refused(
    notifications: httpx.AsyncClient, callers: Callers
) -> None:
    """A name that could lead out of the folder is no queue either."""
    for queue in ("nobody", "../notifications", ""):
        answer = await notifications.get("/v1/dead-letters", params={"queue": queue}, headers=callers.ops())
        assert answer.status_code in {404, 422}


async def test_a_replay_that_nobody_takes_keeps_the_letters(
    notifications: httpx.AsyncClient, resources: AppState, settings: Settings, callers: Callers
) -> None:
    """Without a consumer it is refused, to be tried again later, and the letter is still there."""
    assert isinstance(resources.broker, LocalBroker)
    resources.broker.declare(CONSUMES.queue)
    case = emergency(ago(hours=1))
    bury(settings, case.history[0])
    body = {"queue": "notifications"}
    answer = await notifications.post("/v1/dead-letters/replay", json=body, headers=callers.ops())
    assert answer.status_code == 503
    assert (await resources.broker.dead_letters("notifications")).total == 1
    assert await deadlines(resources, case.reference) == {}


async def test_a_dead_letter_is_discarded_with_a_reason(
    notifications: httpx.AsyncClient, resources: AppState, settings: Settings, callers: Callers
) -> None:
    """It is there no more, and who discarded it, and why, is kept with it; the others stay."""
    cases = [emergency(ago(hours=1)) for _ in range(2)]
    for case in cases:
        bury(settings, case.history[0])
    path = "/v1/dead-letters?queue=notifications"
    first, second = (await notifications.get(path, headers=callers.ops())).json()["items"]
    assert first["reason"] == "LookupError at a test"
    body = {"queue": "notifications", "ids": [first["id"]], "reason": "A copy of an event that was handled"}
    discarded = await notifications.post("/v1/dead-letters/discard", json=body, headers=callers.ops())
    assert discarded.status_code == 201, discarded.text
    assert discarded.json()["items"] == [first]
    assert (await notifications.get(path, headers=callers.ops())).json()["items"] == [second]
    async with transaction(resources.database) as session:
        [kept] = await session.scalars(select(DiscardedLetter))
    assert (kept.letter_id, kept.reason, kept.body) == (
        first["id"],
        body["reason"],
        cases[0].history[0].to_json(),
    )
    assert kept.discarded_by


async def test_a_stop_in_the_middle_of_a_discard_loses_no_record(
    notifications: httpx.AsyncClient,
    resources: AppState,
    settings: Settings,
    callers: Callers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The record is committed before its letter goes; discarding what stayed takes it out."""
    bury(settings, emergency(ago(hours=1)).history[0])
    path = "/v1/dead-letters?queue=notifications"
    [letter] = (await notifications.get(path, headers=callers.ops())).json()["items"]
    body = {"queue": "notifications", "ids": [letter["id"]], "reason": "A copy"}
    with monkeypatch.context() as stopped:

        def stop(path: Path) -> None:
            raise asyncio.CancelledError

        stopped.setattr(local, "_remove", stop)
        with pytest.raises(asyncio.CancelledError):
            await notifications.post("/v1/dead-letters/discard", json=body, headers=callers.ops())
    async with transaction(resources.database) as session:
        [kept] = await session.scalars(select(DiscardedLetter))
    assert (kept.letter_id, kept.reason) == (letter["id"], "A copy")
    assert (await notifications.get(path, headers=callers.ops())).json()["items"] == [letter]
    again = await notifications.post("/v1/dead-letters/discard", json=body, headers=callers.ops())
    assert again.json()["items"] == [letter]
    assert (await notifications.get(path, headers=callers.ops())).json()["items"] == []


class FrozenBroker(LocalBroker):
    """A broker that accepts connections and never answers."""

    async def backlog(self, queue: str) -> int:
        await asyncio.Event().wait()
        return 0


async def test_a_frozen_broker_does_not_keep_the_status_waiting(
    resources: AppState, notifications: httpx.AsyncClient, tmp_path: Path
) -> None:
    """The gateway waits for a second, and would say that notifications is down, whose database is well."""
    resources.broker = FrozenBroker(tmp_path)
    async with asyncio.timeout(5):
        told = (await notifications.get("/internal/status")).json()
    assert (told["database"], told["consumer_backlog"]) == ("ok", None)
