"""Each night the owners' open cases are compared with the events received; whatever is missing is found."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import delete, select, text

from services.notifications.models import CaseEvent, Reconciliation, WatchedCase, WatchedDeadline
from services.notifications.reconciliation import nightly
from services.notifications.reconciliation.nightly import Pace, next_night, reconcile
from shared.app_state import AppState
from shared.db.engine import open_database
from shared.db.transaction import transaction
from shared.standards.calendar import LONDON
from tests.services.callers import Callers
from tests.services.clocks import SteppedClock
from tests.services.lines import Line
from tests.services.notifications.consuming import consume_history, deadlines, notices
from tests.services.notifications.reconciliation.drills import REPAIRS_ALONE
from tests.services.repairs.reporting import london, reported
from tests.support.eventually import eventually

DONE: Mapping[str, Any] = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}


@pytest.fixture(autouse=True)
def _at_once(resources: AppState, owner: Line) -> None:
    """No grace for events on their way; the owner can be asked."""
    resources.settings = resources.settings.model_copy(update=REPAIRS_ALONE)


async def report(repairs: httpx.AsyncClient, callers: Callers) -> tuple[str, int]:
    """A repair whose events go nowhere, since nobody listens to this owner, and how many these are."""
    case = await reported(repairs, callers.resident())
    return case["reference"], case["version"]


async def update(repairs: httpx.AsyncClient, callers: Callers, reference: str, **body: Any) -> int:
    """Something more happens; answers how many events the case has then."""
    path = f"/v1/repairs/{reference}/updates"
    answer = await repairs.post(path, json=body, headers=callers.officer())
    assert answer.status_code == 201, answer.text
    return int(answer.json()["version"])


def found(done: Reconciliation) -> list[tuple[str, int, int]]:
    """Which cases were missing, how much the owner had of each, and how much was here."""
    return [(case["reference"], case["owner_version"], case["heard_version"]) for case in done.missing]


async def acknowledgements(resources: AppState, reference: str) -> int:
    """The number of times that the resident is told that we have their report."""
    return [notice.kind for notice in await notices(resources, reference)].count("acknowledgement")


def alarm() -> float | None:
    """The number of missing cases that the last reconciliation found, as the metric has it."""
    return REGISTRY.get_sample_value("reconciliation_missing_cases")


async def test_a_case_that_never_arrived_is_found_alarmed_and_taken_in(
    repairs: httpx.AsyncClient, resources: AppState, callers: Callers, caplog: pytest.LogCaptureFixture
) -> None:
    """From then on its promises are watched and its resident is told; the next night finds nothing."""
    reference, events = await report(repairs, callers)
    done = await reconcile(resources)
    assert (done.checked, found(done), done.unasked) == (1, [(reference, events, 0)], [])
    assert alarm() == 1
    assert [record.levelname for record in caplog.records if "never arrived" in record.message] == ["ERROR"]
    assert await deadlines(resources, reference)
    assert await acknowledgements(resources, reference) == 1

    again = await reconcile(resources)
    assert (again.checked, found(again)) == (1, [])
    assert alarm() == 0


@pytest.mark.parametrize(
    "tables",
    [(WatchedCase,), (WatchedDeadline,), (CaseEvent,), (WatchedDeadline, CaseEvent, WatchedCase)],
    ids=["cases", "deadlines", "events", "everything"],
)
async def test_a_case_deleted_by_hand_is_found_and_watched_again(
    repairs: httpx.AsyncClient, resources: AppState, callers: Callers, tables: tuple[Any, ...]
) -> None:
    """Whichever of our tables it was deleted from; the resident is not told a second time."""
    reference, events = await report(repairs, callers)
    await consume_history(resources, reference)
    before = await deadlines(resources, reference)
    async with transaction(resources.database) as session:
        for table in tables:
            await session.execute(delete(table).where(table.reference == reference))

    assert found(await reconcile(resources)) == [(reference, events, 0)]
    after = await deadlines(resources, reference)
    assert {row.standard: row.due_at for row in after.values()} == {
        row.standard: row.due_at for row in before.values()
    }
    assert await acknowledgements(resources, reference) == 1
    assert found(await reconcile(resources)) == []


@pytest.mark.parametrize("lost", [1, -1, -2], ids=["the first", "the last", "one before"])
async def test_a_history_with_a_gap_is_found_and_filled(
    repairs: httpx.AsyncClient, resources: AppState, callers: Callers, lost: int
) -> None:
    """One of its events did not arrive; which one makes no difference."""
    reference, _ = await report(repairs, callers)
    await update(repairs, callers, reference, type="accepted")
    events = await update(repairs, callers, reference, type="attended")
    await consume_history(resources, reference)
    async with transaction(resources.database) as session:
        sequence = lost if lost > 0 else events + 1 + lost
        gap = delete(CaseEvent).where(CaseEvent.reference == reference, CaseEvent.sequence == sequence)
        await session.execute(gap)

    assert found(await reconcile(resources)) == [(reference, events, events - 1)]
    assert found(await reconcile(resources)) == []


async def test_events_that_may_be_on_their_way_are_left_alone(
    repairs: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """A case of this moment is missing from nothing yet; it was not even looked at."""
    resources.settings = resources.settings.model_copy(update={"reconcile_after_seconds": 300.0})
    await report(repairs, callers)
    done = await reconcile(resources)
    assert (done.checked, found(done)) == (0, [])


async def test_only_open_cases_are_compared(
    repairs: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """A repair that is completed has no promise left to watch."""
    reference, _ = await report(repairs, callers)
    await update(repairs, callers, reference, **DONE)
    assert (await reconcile(resources)).checked == 0


async def test_more_cases_than_fit_on_a_page_are_all_compared(
    repairs: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Five cases in pages of two, none passed over and none asked for twice."""
    references = {(await report(repairs, callers))[0] for _ in range(5)}
    done = await reconcile(resources, page=2)
    assert done.checked == 5
    assert sorted(reference for reference, _, _ in found(done)) == sorted(references)


async def test_an_owner_that_is_down_is_named(
    resources: AppState, owner: Line, caplog: pytest.LogCaptureFixture
) -> None:
    """That nothing was found missing there means nothing, and the record says so."""
    owner.is_cut = True
    done = await reconcile(resources)
    assert (done.checked, done.missing, done.unasked) == (0, [], ["repairs"])
    assert [record.levelname for record in caplog.records if "not be reconciled" in record.message] == [
        "ERROR"
    ]


async def damage(url: str, reference: str) -> None:
    """Make the owner's record of a case one that is no event."""
    database = open_database(url)
    async with transaction(database) as session:
        spoil = text("UPDATE events SET facts = '[]' WHERE reference = :reference")
        await session.execute(spoil, {"reference": reference})
    await database.close()


async def test_one_case_that_cannot_be_read_keeps_no_other_from_being_found(
    repairs: httpx.AsyncClient, repairs_database: str, resources: AppState, callers: Callers,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Its owner's history is damaged: it stays an alarm, and the others are taken in."""
    (broken, _), (sound, _) = await report(repairs, callers), await report(repairs, callers)
    await damage(repairs_database, broken)
    done = await reconcile(resources)
    assert {reference for reference, _, _ in found(done)} == {broken, sound}
    assert await deadlines(resources, sound)
    assert "could not be taken in" in caplog.text


async def test_ops_may_reconcile_now_and_see_what_was_found(
    repairs: httpx.AsyncClient, notifications: httpx.AsyncClient, callers: Callers
) -> None:
    """The same as at night, over the API; the latest comes first."""
    reference, _ = await report(repairs, callers)
    for missing in ([reference], []):
        answer = await notifications.post("/v1/reconciliations", headers=callers.ops())
        assert answer.status_code == 201
        assert [case["reference"] for case in answer.json()["missing"]] == missing
    listed = (await notifications.get("/v1/reconciliations", headers=callers.ops())).json()["items"]
    assert [len(done["missing"]) for done in listed] == [0, 1]
    refused = await notifications.post("/v1/reconciliations", headers=callers.officer())
    assert refused.status_code == 403


async def test_a_night_left_out_is_tried_again_though_the_clock_is_put_back(
    resources: AppState, owner: Line, stepped: SteppedClock
) -> None:
    """Tried in vain with the clock ahead, it does not wait for as long as that was ahead."""
    resources.clock, owner.is_cut = stepped, True
    pace = Pace(poll_seconds=0.02, owner_away_seconds=0.02, again=timedelta(seconds=0.1))
    working = asyncio.create_task(nightly.run(resources, pace))
    await asyncio.sleep(0.1)
    stepped.ahead = timedelta(days=1)

    async def tried(*unasked: str) -> bool:
        async with transaction(resources.database) as session:
            done = await session.scalars(select(Reconciliation))
            return any(tuple(row.unasked) == unasked for row in done)

    await eventually(lambda: tried("repairs"))
    stepped.ahead, owner.is_cut = timedelta(0), False
    await eventually(lambda: tried())
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("Monday 2026-11-23 22:00", "Tuesday 2026-11-24 02:30"),
        ("Tuesday 2026-11-24 02:29", "Tuesday 2026-11-24 02:30"),
        ("Tuesday 2026-11-24 02:30", "Wednesday 2026-11-25 02:30"),
        ("Saturday 2026-03-28 12:00", "Sunday 2026-03-29 02:30"),
        ("Saturday 2026-10-24 12:00", "Sunday 2026-10-25 02:30"),
        ("Thursday 2026-12-31 23:59", "Friday 2027-01-01 02:30"),
    ],
)
def test_it_runs_at_half_past_two_in_london(now: str, night: str) -> None:
    """Also in the nights in which the clocks change, once."""
    assert spoken(next_night(london(now))) == night


def spoken(instant: datetime) -> str:
    return f"{instant.astimezone(LONDON):%A %Y-%m-%d %H:%M}"
