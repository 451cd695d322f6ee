"""Cases as officers and residents may read them: promises, notices and history."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from shared.app_state import AppState
from shared.standards.periods import civil_date
from tests.services.callers import Callers
from tests.services.notifications.consuming import (
    COMPLETED,
    MADE_SAFE,
    Case,
    ago,
    consume,
    emergency,
    swept,
)
from tests.services.notifications.reading import listed, read
from tests.services.repairs.reporting import london, zulu

UNKNOWN = "REP-7K3M-Q9TY"
DONE = {"clean_and_tidy": True, "identification_shown": True}


async def test_deadlines_are_listed_by_date_and_filtered(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Officers ask what is missed, what is due by when, of which service, standard or department."""
    missed, running = emergency(ago(hours=5)), emergency(ago(hours=1))
    late = emergency(ago(hours=8))
    late.event("repairs.repair-completed", ago(hours=3), **DONE)
    met = emergency(ago(hours=9))
    met.event("repairs.repair-completed", ago(hours=8), **DONE)
    cancelled = emergency(ago(hours=2))
    cancelled.event("repairs.repair-cancelled", ago(hours=1))
    by_state = {"breached": missed, "running": running, "late": late, "met": met, "cancelled": cancelled}
    for case in by_state.values():
        await consume(resources, *case.history)
    officer = callers.officer()
    everything = await listed(notifications, "/v1/deadlines", officer)
    assert [row["due_at"] for row in everything] == sorted(row["due_at"] for row in everything)
    assert len(everything) == 10
    for state, case in by_state.items():
        found = await listed(notifications, "/v1/deadlines", officer, state=state)
        assert {(row["reference"], row["state"]) for row in found} == {(case.reference, state)}
        assert {row["standard"] for row in found} == {MADE_SAFE, COMPLETED}
    dates = [str(civil_date(datetime.fromisoformat(row["started_at"]))) for row in everything]
    began = dates[0]
    filters: list[tuple[dict[str, Any], int]] = [
        ({"service": "repairs"}, 10),
        ({"service": "asb"}, 0),
        ({"standard": MADE_SAFE}, 5),
        ({"department": "Repairs"}, 10),
        ({"department": "complaints"}, 0),
        ({"reference": [missed.reference.lower(), met.reference]}, 4),
        ({"reference": "nonsense"}, 0),
        ({"due_before": zulu(ago(minutes=30))}, 6),
        ({"standard": MADE_SAFE, "state": "met"}, 1),
        ({"from": began, "to": began}, dates.count(began)),
        ({"from": began}, len([date for date in dates if date >= began])),
        ({"to": str(civil_date(ago(days=2)))}, 0),
        ({"from": str(civil_date(ago(days=-2)))}, 0),
    ]
    for query, count in filters:
        assert len(await listed(notifications, "/v1/deadlines", officer, **query)) == count, query


async def test_pages_of_deadlines_lose_none_that_are_due_at_one_instant(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Every promise is read once, though a page ends between two of the same second, and more come in."""
    at = ago(hours=1)
    cases = [emergency(at) for _ in range(3)]
    await consume(resources, *(case.history[0] for case in cases))
    first = await read(notifications, "/v1/deadlines", callers.officer(), limit=1)
    await consume(resources, *emergency(ago(hours=2)).history)
    rest = await listed(notifications, "/v1/deadlines", callers.officer(), limit=1, cursor=first["next"])
    seen = [(row["reference"], row["standard"]) for row in (*first["items"], *rest)]
    assert len(seen) == 6
    assert set(seen) == {(case.reference, name) for case in cases for name in (MADE_SAFE, COMPLETED)}


async def test_a_cases_deadlines_explain_themselves(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """The row, its version, what it counts from, each day left out and why, in words for a resident too."""
    case = emergency(london("Friday 2025-08-22 16:55"), priority=2)
    await consume(resources, *case.history)
    answer = await read(notifications, f"/v1/cases/{case.reference}/deadlines", callers.resident())
    assert (answer["reference"], answer["version"]) == (case.reference, 1)
    (promise,) = answer["deadlines"]
    assert answer["next_deadline"] == promise
    assert promise["standard"] == "repairs.priority-2.completed"
    assert promise["due_at"] == zulu(london("Thursday 2025-08-28 23:59:59"))
    assert promise["working"] == {
        "counted_from": zulu(case.history[0].occurred_at),
        "period": "3 working days",
        "skipped": [
            {"date": "2025-08-23", "reason": "Saturday"},
            {"date": "2025-08-24", "reason": "Sunday"},
            {"date": "2025-08-25", "reason": "Summer bank holiday"},
        ],
        "moved": [],
    }
    assert "Friday 22 August 2025 at 16:55" in promise["because"]


async def test_an_extension_is_shown_with_its_reason_though_heard_at_once(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Letter and holding reply may arrive together: the move is told all the same, and once."""
    letter = Case("ENQ")
    received_at = london("Monday 2025-06-02 10:00")
    letter.event("enquiries.enquiry-received", received_at, channel="letter", department="enquiries")
    held_at, respond_by = london("Monday 2025-06-09 10:00"), "2025-07-01"
    letter.event("enquiries.holding-reply-sent", held_at, respond_by=respond_by, reason="A survey")
    officer = callers.officer("enquiries")
    expected = [
        {
            "moved_from": zulu(london("Monday 2025-06-16 23:59:59")),
            "moved_to": zulu(london("Tuesday 2025-07-01 23:59:59")),
            "because": "A survey",
            "told_at": None,
        }
    ]
    await consume(resources, *letter.history)
    one_by_one = Case("ENQ")
    for event in letter.history:
        await consume(resources, one_by_one.event(event.type, event.occurred_at, **event.facts))
    for case in (letter, one_by_one):
        answer = await read(notifications, f"/v1/cases/{case.reference}/deadlines", officer)
        assert answer["deadlines"][0]["working"]["moved"] == expected


async def test_officers_see_facts_and_every_notice_residents_only_their_own(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """One history: the resident reads what happened and what they were told, the officer all of it."""
    case = emergency(ago(hours=5))
    case.event("repairs.repair-assigned", ago(hours=4), contractor="Fixit", department="repairs")
    await consume(resources, *case.history)
    await swept(resources)
    path = f"/v1/cases/{case.reference}/timeline"
    full = await read(notifications, path, callers.officer())
    happened = [entry for entry in full["entries"] if entry["entry"] == "event"]
    assert [entry["type"] for entry in happened] == ["repairs.repair-reported", "repairs.repair-assigned"]
    assert happened[1]["facts"] == {"contractor": "Fixit", "department": "repairs"}
    assert [entry["at"] for entry in full["entries"]] == sorted(entry["at"] for entry in full["entries"])
    told = {entry["type"] for entry in full["entries"] if entry["entry"] == "notice"}
    assert told == {"acknowledgement", "emergency", "breach", "escalation"}
    own = await read(notifications, path, callers.resident())
    assert [entry["type"] for entry in own["entries"]] == [
        "repairs.repair-reported",
        "repairs.repair-assigned",
        "acknowledgement",
    ]
    assert {entry["facts"] is None for entry in own["entries"]} == {True}


@pytest.mark.parametrize(("scopes", "case_is_named"), [((), False), (("import",), False), (("asb",), True)])
async def test_a_repair_names_the_asb_case_behind_it_only_to_those_with_the_scope(
    notifications: httpx.AsyncClient,
    resources: AppState,
    callers: Callers,
    scopes: tuple[str, ...],
    case_is_named: bool,
) -> None:
    """The other facts of the same event are for every officer of the department."""
    case = emergency(ago(hours=1))
    case.event("repairs.asb-damage-made-safe", ago(minutes=1), asb_reference="ASB-7K3M-Q9TX", damage=2)
    await consume(resources, *case.history)
    path = f"/v1/cases/{case.reference}/timeline"
    entries = (await read(notifications, path, callers.officer(scopes=scopes)))["entries"]
    [safe] = [entry for entry in entries if entry["type"] == "repairs.asb-damage-made-safe"]
    assert safe["facts"] == {"damage": 2} | ({"asb_reference": "ASB-7K3M-Q9TX"} if case_is_named else {})


@pytest.mark.parametrize("what", ["deadlines", "timeline"])
async def test_anothers_case_looks_like_an_unknown_one(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers, what: str
) -> None:
    """To another resident and to another department a case does not exist."""
    case = emergency(ago(hours=1))
    await consume(resources, *case.history)
    problems = []
    for reference, headers in [
        (case.reference, callers.resident("alex")),
        (case.reference, callers.officer("complaints")),
        (UNKNOWN, callers.officer()),
        ("nonsense", callers.officer()),
    ]:
        answer = await notifications.get(f"/v1/cases/{reference}/{what}", headers=headers)
        assert answer.status_code == 404
        problems.append({name: value for name, value in answer.json().items() if name != "trace_id"})
    assert all(problem == problems[0] for problem in problems)


async def test_notices_are_listed_for_a_case_and_by_status(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """A notice says who was told what, whether it went out, and which earlier notices it stands for."""
    case, other = emergency(ago(hours=4, minutes=30)), emergency(ago(minutes=1))
    await consume(resources, *case.history, *other.history)
    await swept(resources)
    officer = callers.officer()
    found = await listed(notifications, "/v1/notices", officer, reference=case.reference.lower(), limit=1)
    assert {(row["kind"], row["audience"], row["status"]) for row in found} == {
        ("acknowledgement", "resident", "pending"),
        ("emergency", "department", "pending"),
        ("breach", "department", "pending"),
    }
    assert {row["standard"] for row in found} == {None, MADE_SAFE, COMPLETED}
    assert [row["stands_for"] for row in found if row["kind"] == "breach"] == [["reminder"]] * 2
    assert len(await listed(notifications, "/v1/notices", officer, status="pending")) == 6
    assert await listed(notifications, "/v1/notices", officer, status="sent") == []
    assert await listed(notifications, "/v1/notices", callers.officer("complaints")) == []


async def test_the_standards_are_open_to_everybody_who_calls(
    notifications: httpx.AsyncClient, callers: Callers
) -> None:
    """Each promise with its words, its period and where it was made."""
    answer = await read(notifications, "/v1/standards", callers.contractor())
    promise = next(row for row in answer["items"] if row["standard"] == COMPLETED)
    assert promise["regime"] == "havering"
    assert promise["source"] == "Housing Service Standards, section 6"
    assert promise["period"] == "4 hours"
    assert promise["promise"].startswith("We will")
    repair = next(row for row in answer["items"] if row["standard"] == "repairs.right-to-repair")
    assert repair["period"] == "1 working day or 3 working days or 7 working days"


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [
        ("/v1/deadlines", {"state": "lost"}, "/state"),
        ("/v1/deadlines", {"due_before": "tomorrow"}, "/due_before"),
        ("/v1/deadlines", {"cursor": "made-up"}, "/cursor"),
        ("/v1/notices", {"status": "lost"}, "/status"),
        ("/v1/notices", {"limit": 1000}, "/limit"),
        ("/v1/performance", {"from": "June"}, "/from"),
    ],
)
async def test_a_question_that_cannot_be_is_refused(
    notifications: httpx.AsyncClient, callers: Callers, path: str, query: dict[str, Any], pointer: str
) -> None:
    """Each is pointed at."""
    answer = await notifications.get(path, headers=callers.officer(), params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("path", ["/v1/deadlines", "/v1/notices", "/v1/performance"])
async def test_lists_across_cases_are_for_officers(
    notifications: httpx.AsyncClient, callers: Callers, path: str
) -> None:
    """Default deny: residents read their own cases, one by one."""
    assert (await notifications.get(path)).status_code == 401
    for headers in (callers.resident(), callers.contractor(), callers.frontend(), callers.ops()):
        assert (await notifications.get(path, headers=headers)).status_code == 403
