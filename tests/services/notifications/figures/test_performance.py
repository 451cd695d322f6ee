"""Performance figures: how well each promise was kept in a time."""

from datetime import date

import httpx

from shared.app_state import AppState
from shared.standards.periods import civil_date
from tests.services.callers import Callers
from tests.services.notifications.consuming import COMPLETED, Case, consume, emergency
from tests.services.notifications.reading import read
from tests.services.repairs.reporting import london
from tests.support.clock import house_clock

DONE = {"clean_and_tidy": True, "identification_shown": True}


async def test_performance_counts_what_started_in_a_time(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """The share is of what has ended; what still runs or was called off is counted apart."""
    day = "Tuesday 2024-06-04"
    received = london(f"{day} 08:00")
    kept = [emergency(received) for _ in range(3)]
    for case in kept:
        case.event("repairs.repair-completed", london(f"{day} 10:00"), **DONE)
    late = emergency(london(f"{day} 00:00"))
    late.event("repairs.repair-completed", london(f"{day} 23:59"), **DONE)
    missed = emergency(london(f"{day} 23:59:59"))
    called_off = emergency(received)
    called_off.event("repairs.repair-cancelled", london(f"{day} 09:00"))
    day_before, day_after = (
        emergency(london("Monday 2024-06-03 23:59")),
        emergency(london("Wednesday 2024-06-05 00:00")),
    )
    for case in (*kept, late, missed, called_off, day_before, day_after):
        await consume(resources, *case.history)
    on_the_day = {"from": "2024-06-04", "to": "2024-06-04"}
    figures = await read(notifications, "/v1/performance", callers.officer(), **on_the_day)
    completed = next(row for row in figures["items"] if row["standard"] == COMPLETED)
    assert completed == {
        "standard": COMPLETED,
        "regime": "havering",
        "group": None,
        "started": 6,
        "met": 3,
        "late": 1,
        "breached": 1,
        "running": 0,
        "cancelled": 1,
        "share_met": 0.6,
    }
    ever = await read(notifications, "/v1/performance", callers.officer())
    assert next(row for row in ever["items"] if row["standard"] == COMPLETED)["started"] == 8


async def test_figures_are_told_apart_by_channel_and_department(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """The channel is that of the event that opened the case; the others' are not mixed in."""
    opened = {"department": "enquiries", "imported": False, "acknowledge": True}
    for channel, resolved in (("email", False), ("letter", False), ("phone", True), ("phone", False)):
        case = Case("ENQ")
        first = {"channel": channel, "resolved_at_first_contact": resolved, **opened}
        case.event("enquiries.enquiry-received", london("Tuesday 2024-06-04 08:00"), **first)
        if channel == "email":
            case.event("enquiries.enquiry-answered", london("Wednesday 2024-06-05 08:00"))
        await consume(resources, *case.history)
    officer = callers.officer("enquiries")
    answer = await read(notifications, "/v1/performance", officer, by="channel")
    answered = [row for row in answer["items"] if row["standard"] == "enquiries.response"]
    assert {row["group"]: (row["started"], row["met"]) for row in answered} == {
        "email": (1, 1),
        "letter": (1, 0),
    }
    shares = [row for row in answer["indicators"] if row["indicator"] == "enquiries.first-contact"]
    assert {row["group"]: (row["kept"], row["counted"]) for row in shares} == {
        "email": (0, 1), "letter": (0, 1), "phone": (1, 2),
    }  # fmt: skip
    by_department = await read(notifications, "/v1/performance", officer, by="department")
    assert {row["group"] for row in by_department["items"]} == {"enquiries"}


async def test_performance_may_be_asked_for_any_dates_of_the_calendar(
    notifications: httpx.AsyncClient, callers: Callers
) -> None:
    """The first and the last day of the calendar, and one day alone, hold nothing."""
    today, first_day, last_day = civil_date(house_clock()), date(1990, 1, 1), date(2100, 12, 31)
    for first, last in ((first_day, last_day), (today, today)):
        query = {"from": first.isoformat(), "to": last.isoformat()}
        answer = await read(notifications, "/v1/performance", callers.officer(), **query)
        assert answer["items"] == []
        assert {(share["counted"], share["share"]) for share in answer["indicators"]} == {(0, None)}
