"""The worklist on a Monday at 8:55: every open case once, by the promise that is to be kept next."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from services.notifications.models import WatchedDeadline
from services.notifications.worklist import queries
from services.notifications.worklist.policy import Group, group_of, spans
from services.notifications.worklist.queries import Filters
from shared.app_state import AppState
from shared.caller import OFFICER, Caller
from shared.clock import Clock
from shared.db.transaction import transaction
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.notifications.consuming import Case, ago, consume, emergency
from tests.services.notifications.reading import listed, read
from tests.services.repairs.reporting import london
from tests.support.clock import house_clock

WORKLIST = "/v1/worklist"
DONE = {"clean_and_tidy": True, "identification_shown": True}
ADA = Caller("officer-7", OFFICER, frozenset(), frozenset({"repairs"}), None)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Monday, five to nine; the house's clock goes on from there."""
    house_clock.show(london("Monday 2026-11-23 08:55"))
    yield house_clock
    house_clock.show(None)


@pytest.fixture
async def cases(resources: AppState) -> dict[str, Case]:
    """A case in each group, one of high risk, and whatever is on no worklist."""
    found = {
        "late": emergency(ago(hours=5)),
        "high risk": emergency(ago(hours=4, minutes=30), high_risk=True),
        "within the hour": emergency(ago(hours=3, minutes=30)),
        "today": emergency(ago(hours=1)),
        "later": emergency(ago(minutes=5), priority=3),
        "imported": emergency(ago(days=9), imported=True),
        "completed": emergency(ago(hours=6)),
        "cancelled late": emergency(ago(hours=7)),
        "another department's": emergency(ago(hours=5), department="estates"),
        "the officer's own": emergency(ago(hours=5), department="estates", resident="officer-7"),
        "anti-social behaviour": Case("CAS"),
    }
    found["completed"].event("repairs.repair-completed", ago(hours=5), **DONE)
    found["cancelled late"].event("repairs.repair-cancelled", ago(hours=1))
    found["anti-social behaviour"].event(
        "asb.case-opened", ago(days=20), priority=1, department="repairs", needs_scope="asb"
    )
    given = {"contractor": "Fixit", "department": "repairs"}
    found["late"].event("repairs.repair-assigned", ago(hours=2), **given, handler="officer-7")
    found["today"].event("repairs.repair-assigned", ago(minutes=50), **given, handler="officer-7")
    found["today"].event("repairs.repair-assigned", ago(minutes=40), **given, handler="")
    await consume(resources, *(event for case in found.values() for event in case.history))
    return found


def named(cases: dict[str, Case], rows: list[dict[str, Any]]) -> list[str]:
    """The names of the cases that rows are about, in their order."""
    names = {case.reference: name for name, case in cases.items()}
    return [names[row["reference"]] for row in rows]


async def test_every_open_case_has_one_row_with_high_risk_first(
    notifications: httpx.AsyncClient, cases: dict[str, Case], callers: Callers
) -> None:
    """Of the officer's departments; nothing cancelled, imported or guarded, and no case twice."""
    whole = await read(notifications, WORKLIST, callers.officer())
    assert whole["counts"] == {"late": 2, "within_hour": 1, "today": 1, "later": 1}
    assert named(cases, whole["items"]) == ["high risk", "late", "within the hour", "today", "later"]
    assert [row["group"] for row in whole["items"]] == ["late", "late", "within_hour", "today", "later"]
    assert [row["promises"] for row in whole["items"]] == [2, 2, 2, 2, 1]
    assert [row["state"] for row in whole["items"]] == ["breached", "breached", *["running"] * 3]
    assert [row["high_risk"] for row in whole["items"]] == [True, *[False] * 4]
    assert whole["next"] is None
    late = whole["items"][1]
    assert late["handler"] == {"department": "repairs", "subject": "officer-7"}
    assert late["next_deadline"]["standard"] == "repairs.emergency.made-safe"
    assert (late["service"], late["department"]) == ("repairs", "repairs")


async def test_the_next_promise_is_the_cases_own(
    notifications: httpx.AsyncClient, resources: AppState, cases: dict[str, Case], callers: Callers
) -> None:
    """The row shows what the case's deadlines do, and goes on to the next once one is kept."""
    case = cases["late"]
    await consume(resources, case.event("repairs.repair-made-safe", ago(minutes=1)))
    rows = await listed(notifications, WORKLIST, callers.officer(), due="late")
    [row] = [row for row in rows if row["reference"] == case.reference]
    explained = await read(notifications, f"/v1/cases/{case.reference}/deadlines", callers.officer())
    assert row["next_deadline"]["standard"] == "repairs.priority-1.completed"
    assert row["next_deadline"].items() <= explained["next_deadline"].items()
    assert row["promises"] == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"handler": "me"}, ["late"]),
        ({"handler": "officer-7"}, ["late"]),
        ({"handler": "somebody-else"}, []),
        ({"unassigned": "true"}, ["high risk", "within the hour", "later"]),
        ({"unassigned": "false"}, ["late", "today"]),
        ({"department": "Repairs"}, ["high risk", "late", "within the hour", "today", "later"]),
        ({"department": "estates"}, []),
        ({"due": "late"}, ["high risk", "late"]),
        ({"due": "later"}, ["later"]),
        ({"limit": "1"}, ["high risk", "within the hour", "today", "later"]),
    ],
)
async def test_it_is_filtered(
    notifications: httpx.AsyncClient,
    cases: dict[str, Case],
    callers: Callers,
    query: dict[str, str],
    expected: list[str],
) -> None:
    """By whom it is with and by when it is due; a limit is of each group."""
    answer = await read(notifications, WORKLIST, callers.officer(), **query)
    assert named(cases, answer["items"]) == expected


async def test_a_group_is_read_page_by_page(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """High risk first on the first page, and everything once; a cursor is of its group alone."""
    late = [emergency(ago(hours=5, minutes=n), high_risk=n % 3 == 0) for n in range(7)]
    await consume(resources, *(case.history[0] for case in late))
    officer = callers.officer()
    rows = await listed(notifications, WORKLIST, officer, due="late", limit=2)
    ordered = sorted(range(7), key=lambda n: (n % 3 != 0, -n))
    assert [row["reference"] for row in rows] == [late[n].reference for n in ordered]
    first = await read(notifications, WORKLIST, officer, due="late", limit=2)
    assert first["counts"]["late"] == 7
    for query in ({"due": "today"}, {}):
        other = await notifications.get(WORKLIST, params={**query, "cursor": first["next"]}, headers=officer)
        assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "/cursor")


async def test_who_asks_again_is_told_when_nothing_has_changed(
    notifications: httpx.AsyncClient, resources: AppState, cases: dict[str, Case], callers: Callers
) -> None:
    """Though time has passed; not once a case was taken, or a promise has come within the hour."""
    first = await notifications.get(WORKLIST, headers=callers.officer())
    known = {**callers.officer(), "If-None-Match": first.headers["ETag"]}
    again = await notifications.get(WORKLIST, headers=known)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    given = {"contractor": "Fixit", "department": "repairs", "handler": "officer-7"}
    await consume(resources, cases["later"].event("repairs.repair-assigned", ago(minutes=1), **given))
    taken = await notifications.get(WORKLIST, headers=known)
    assert (taken.status_code, taken.json()["items"][-1]["handler"]["subject"]) == (200, "officer-7")
    house_clock.show(london("Monday 2026-11-23 11:30"))
    known["If-None-Match"] = taken.headers["ETag"]
    moved = (await notifications.get(WORKLIST, headers=known)).json()
    assert moved["counts"] == {"late": 3, "within_hour": 1, "today": 0, "later": 1}
    assert moved["as_of"].startswith("2026-11-23T11:30")


async def test_a_resident_has_no_worklist(notifications: httpx.AsyncClient, callers: Callers) -> None:
    """It is the officers' own."""
    assert (await notifications.get(WORKLIST, headers=callers.resident())).status_code == 403


async def test_the_database_and_the_rule_agree(resources: AppState) -> None:
    """A case is listed and counted in the group that its row shows, to the microsecond, paused or not."""
    case = emergency(ago(hours=1))
    await consume(resources, *case.history)
    now = house_clock().replace(microsecond=500_000)
    edges = [edge for span in spans(now).values() for edge in span][1:-1]
    for due_at in {edge + step for edge in edges for step in (timedelta(0), -timedelta(microseconds=1))}:
        for paused_at in (None, now):
            async with transaction(resources.database) as session:
                at = update(WatchedDeadline).where(WatchedDeadline.on_worklist)
                await session.execute(at.values(due_at=due_at, paused_at=paused_at))
            async with unit_of_work(resources, ADA, now=now) as work:
                counted = await queries.counts(work, Filters())
                shown = [group for group in Group if await queries.rows(work, Filters(), group, None, 1)]
            group = group_of(due_at, paused_at, now)
            assert ([group], 1) == (shown, counted[group])


async def test_what_is_urgent_stands_first_in_its_group(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Needles, which are dealt with before everything else that is due on the day."""
    graffiti, needles = Case("EST"), Case("EST")
    told = {"department": "estates", "channel": "online"}
    graffiti.event("estates.issue-reported", ago(hours=21), kind="graffiti", offensive=True, **told)
    needles.event("estates.issue-reported", ago(minutes=5), kind="needles", urgent=True, **told)
    await consume(resources, *graffiti.history, *needles.history)
    page = await read(notifications, WORKLIST, callers.officer("estates"))
    assert [row["reference"] for row in page["items"]] == [needles.reference, graffiti.reference]
    assert [row["group"] for row in page["items"]] == ["today", "today"]
