"""The list of bank holidays is kept fresh from GOV.UK's feed; one that cannot be right is refused."""

from collections.abc import AsyncIterator, Mapping
from datetime import date
from pathlib import Path

import httpx
import orjson
import pytest
from prometheus_client import REGISTRY
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.notifications.calendar.bank_holidays import refresh
from services.notifications.deadlines.calendar_changes import plan_again
from shared import calendar_sync
from shared.app_state import AppState
from shared.calendar_sync import UNCHANGED, StoredCalendar
from shared.db.engine import open_database
from shared.db.transaction import transaction
from shared.messaging.outbox import history
from shared.standards.calendar import LONDON, official_holidays
from shared.standards.catalogue import BUNDLED, Catalogue
from tests.gateway.serving import served
from tests.services.callers import Callers
from tests.services.notifications.consuming import Case, consume, deadlines
from tests.services.repairs.reporting import london
from tests.shared.standards.riverton import FILE, ROW

CHRISTMAS_EVE = date(2026, 12, 24)
PROCLAIMED = {**official_holidays(), CHRISTMAS_EVE: "Bank holiday for the jubilee"}


class Feed:
    """A server that answers with whatever it is given."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b""

    def lists(self, days: Mapping[date, str], **elsewhere: Mapping[date, str]) -> None:
        """From now on these days are bank holidays in England and Wales, and those in other parts."""
        parts = {"england-and-wales": days, "scotland": {}, "northern-ireland": {}}
        parts |= {part.replace("_", "-"): listed for part, listed in elsewhere.items()}
        document = {
            part: {
                "events": [
                    {"title": name, "date": day.isoformat(), "notes": ""} for day, name in listed.items()
                ]
            }
            for part, listed in parts.items()
        }
        self.body = orjson.dumps(document)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            raise NotImplementedError("a feed needs no start")
        answer = Response(self.body, self.status, media_type="application/json")
        await answer(scope, receive, send)


@pytest.fixture
async def feed(resources: AppState) -> AsyncIterator[Feed]:
    """The feed that notifications is told to read."""
    answering = Feed()
    async with served(answering) as url:
        ours = {"bank_holidays_url": f"{url}/bank-holidays.json"}
        resources.settings = resources.settings.model_copy(update=ours)
        resources.clock = lambda: london("Tuesday 2026-12-22 15:00")
        yield answering


async def stored(resources: AppState) -> StoredCalendar:
    async with transaction(resources.database) as session:
        return await calendar_sync.stored(session)


def alarm() -> float | None:
    """The value of the metric that watches over the feed."""
    return REGISTRY.get_sample_value("bank_holiday_feed_refused")


async def test_a_good_list_is_stored_with_its_date_and_announced(
    feed: Feed, resources: AppState, notifications: httpx.AsyncClient, callers: Callers
) -> None:
    """Every service hears of it, and the calendar says how fresh it is."""
    feed.lists(official_holidays())
    assert await refresh(resources)

    kept = await stored(resources)
    assert kept.official_as_of == london("Tuesday 2026-12-22 15:00")
    assert kept.calendar() == UNCHANGED.calendar()
    async with transaction(resources.database) as session:
        [told] = (await history(session, ["calendar"]))["calendar"]
    assert told.facts["official"]["2026-12-25"] == "Christmas Day"
    shown = (await notifications.get("/v1/calendar?year=2026", headers=callers.resident())).json()
    assert shown["official_as_of"] == "2026-12-22T15:00:00Z"
    assert alarm() == 0


async def test_a_proclaimed_holiday_moves_what_is_open(feed: Feed, resources: AppState) -> None:
    """Due on Tuesday the 29th until Christmas Eve is proclaimed; by law too, and it says why."""
    case = Case()
    told = {"priority": 2, "fault": "tap-not-turning", "department": "repairs", "imported": False}
    case.event("repairs.repair-reported", london("Tuesday 2026-12-22 10:00"), **told)
    await consume(resources, *case.history)

    feed.lists(PROCLAIMED)
    assert await refresh(resources)
    assert await plan_again(resources) == 1

    found = await deadlines(resources, case.reference)
    assert found.keys() == {"repairs.priority-2.completed", "repairs.right-to-repair"}
    for row in found.values():
        assert f"{row.due_at.astimezone(LONDON):%A %Y-%m-%d}" == "Wednesday 2026-12-30"
        [move] = row.moves
        assert (
            move["because"]
            == "Thursday 24 December 2026 is now a bank holiday (Bank holiday for the jubilee)"
        )


async def test_a_holiday_proclaimed_elsewhere_moves_what_is_counted_on_it(
    feed: Feed, resources: AppState, tmp_path: Path
) -> None:
    """Christmas Eve in Scotland moves a promise by the United Kingdom's calendar, not the council's own."""
    national = FILE.replace("[]", '[]\nstatutory = true\ncalendar = "united-kingdom"') + ROW.replace(
        "5 days", "3 working days"
    )
    (own := tmp_path / "national.toml").write_text(national)
    resources.catalogue = Catalogue.load([own, *BUNDLED])
    case = Case()
    told = {"priority": 2, "fault": "other", "department": "repairs", "imported": False}
    case.event("repairs.repair-reported", london("Tuesday 2026-12-22 10:00"), **told)
    await consume(resources, *case.history)

    scottish = {**official_holidays("scotland"), CHRISTMAS_EVE: "Hogmanay come early"}
    irish = official_holidays("northern-ireland")
    feed.lists(official_holidays(), scotland=scottish, northern_ireland=irish)
    assert await refresh(resources)
    assert await plan_again(resources) == 1
    found = await deadlines(resources, case.reference)
    assert f"{found['repairs.done'].due_at.astimezone(LONDON):%A %Y-%m-%d}" == "Wednesday 2026-12-30"
    assert [move["because"] for move in found["repairs.done"].moves] == [
        "Thursday 24 December 2026 is now a bank holiday (Hogmanay come early bank holiday in Scotland)"
    ]
    council = found["repairs.priority-2.completed"]
    assert f"{council.due_at.astimezone(LONDON):%A %Y-%m-%d}" == "Tuesday 2026-12-29"
    assert council.moves == []

    feed.lists(official_holidays())
    assert await refresh(resources)
    assert not (await stored(resources)).calendar().united_kingdom.is_working(CHRISTMAS_EVE)
    feed.lists(official_holidays(), scotland={}, northern_ireland={date(2026, 7, 13): "Boyne"})
    assert await refresh(resources)
    feed.lists(official_holidays(), scotland=scottish, northern_ireland={date(2026, 7, 13): "Boyne"})
    assert not await refresh(resources)
    assert alarm() == 1


async def test_a_holiday_taken_back_counts_as_worked_again(feed: Feed, resources: AppState) -> None:
    """A list that had the day and has it no more, with as many holidays as were ever known without it."""
    feed.lists({**PROCLAIMED, date(2026, 12, 23): "Bank holiday for nothing"})
    assert await refresh(resources)
    assert not (await stored(resources)).calendar().is_working(CHRISTMAS_EVE)

    feed.lists({**official_holidays(), date(2026, 12, 22): "One", date(2026, 12, 23): "Other"})
    assert await refresh(resources)
    assert (await stored(resources)).calendar().is_working(CHRISTMAS_EVE)


async def test_council_closures_outlive_a_new_list(feed: Feed, resources: AppState) -> None:
    """Closures that officers entered are no part of the official list."""
    entered = StoredCalendar(4, None, None, {"2026-12-24": "party"})
    async with transaction(resources.database) as session:
        await calendar_sync.store(session, entered)
    feed.lists(official_holidays())
    assert await refresh(resources)
    kept = await stored(resources)
    assert (kept.version, kept.closures) == (5, {"2026-12-24": "party"})


def _short_of_a_day() -> dict[date, str]:
    return {day: name for day, name in official_holidays().items() if day != date(2026, 12, 25)}


def _short_of_the_last_year() -> dict[date, str]:
    last = max(official_holidays()).year
    return {day: name for day, name in official_holidays().items() if day.year < last}


@pytest.mark.parametrize(
    "listed",
    [
        {},
        _short_of_a_day(),
        _short_of_the_last_year(),
        {**official_holidays(), date(2026, 12, 26): "Boxing Day"},
    ],
    ids=["empty", "a day fewer", "a year fewer", "a Saturday"],
)
async def test_a_list_that_cannot_be_right_is_refused_and_alarmed(
    feed: Feed, resources: AppState, caplog: pytest.LogCaptureFixture, listed: dict[date, str]
) -> None:
    """The list in use stays; the alarm ends with the next good one."""
    feed.lists(PROCLAIMED)
    assert await refresh(resources)
    before = await stored(resources)

    feed.lists(listed)
    assert not await refresh(resources)
    assert alarm() == 1
    assert "is refused" in caplog.text
    assert await stored(resources) == before

    feed.lists(PROCLAIMED)
    assert await refresh(resources)
    assert alarm() == 0


@pytest.mark.parametrize(
    "body", [b"", b"<html>Sorry</html>", b"null", b"[]", b'{"england-and-wales": 1}', b"\xff\xfe"]
)
async def test_what_is_no_list_is_refused_and_alarmed(feed: Feed, resources: AppState, body: bytes) -> None:
    """A page that says sorry with status 200 is no list either."""
    feed.body = body
    assert not await refresh(resources)
    assert alarm() == 1
    assert await stored(resources) == UNCHANGED


async def test_a_feed_that_is_down_is_asked_again_later(
    feed: Feed, resources: AppState, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody is alarmed where there is no network; the list in use stays."""
    feed.lists(official_holidays())
    assert await refresh(resources)
    feed.status = 503
    assert not await refresh(resources)
    nowhere = {"bank_holidays_url": "http://127.0.0.1:1/bank-holidays.json"}
    resources.settings = resources.settings.model_copy(update=nowhere)
    assert not await refresh(resources)
    assert alarm() == 0
    assert {record.levelname for record in caplog.records if "official list" in record.message} == {"WARNING"}
    assert (await stored(resources)).version == 1


async def test_a_list_that_cannot_be_kept_is_fetched_again_later(feed: Feed, resources: AppState) -> None:
    """With its own database away, notifications does not ask GOV.UK every second."""
    feed.lists(official_holidays())
    reachable = resources.database
    resources.database = open_database("postgresql://nobody@127.0.0.1:1/nothing")
    assert not await refresh(resources)
    resources.database = reachable
    assert await refresh(resources)
