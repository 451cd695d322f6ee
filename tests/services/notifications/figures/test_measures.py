"""The Regulator's measures of an invented year, each with the cases behind it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx
import pytest

from services.notifications.figures.measures import rounded
from shared.app_state import AppState
from tests.services.callers import Callers
from tests.services.notifications.consuming import Case, consume
from tests.services.repairs.reporting import london

RECEIVED, TRIAGED = "complaints.complaint-received", "complaints.complaint-triaged"
ACKNOWLEDGED, RESPONDED = "complaints.complaint-acknowledged", "complaints.complaint-responded"
ESCALATED, REOPENED = "complaints.complaint-escalated", "complaints.complaint-reopened"
OTHER = {"ombudsman": "local-government-and-social-care"}
OPENED: Mapping[str, Any] = {"ombudsman": "housing", "department": "complaints", "imported": False}


@pytest.mark.parametrize(
    ("numerator", "denominator", "value"),
    [(1, 20, "0.1"), (1, 25, "0.0"), (2000, 3, "666.7"), (0, 5, "0.0"), (1, 0, None), (1, None, None)],
)
def test_a_figure_has_one_decimal_rounded_half_up(
    numerator: int, denominator: int | None, value: str | None
) -> None:
    """A half goes up, as people round, and not to the even neighbour."""
    assert rounded(numerator, denominator) == (None if value is None else Decimal(value))


def complaint(*happened: tuple[str, str, dict[str, Any]], **opened: Any) -> Case:
    case = Case("CMP")
    for number, (type, when, facts) in enumerate(happened):
        case.event(type, london(when), **({**OPENED, **opened} if number == 0 else {}), **facts)
    return case


def invented_year() -> dict[str, Case]:
    """Eight complaints, of which six are the landlord's, in the year, and taken up at stage one."""
    one, two = {"stage": 1}, {"stage": 2}
    received: tuple[str, str, dict[str, Any]] = (RECEIVED, "Monday 2026-06-01 10:00", {})
    acknowledged = (ACKNOWLEDGED, "Wednesday 2026-06-03 10:00", one)
    return {
        "in time": complaint(received, acknowledged, (RESPONDED, "Wednesday 2026-06-17 23:59:59", one)),
        "late, then stage 2 in time": complaint(
            received, acknowledged, (RESPONDED, "Thursday 2026-06-18 00:00", one),
            (ESCALATED, "Monday 2026-06-22 10:00", {}), (ACKNOWLEDGED, "Tuesday 2026-06-23 10:00", two),
            (RESPONDED, "Tuesday 2026-07-21 10:00", two),
        ),
        "extended, in time": complaint(
            received, acknowledged,
            ("complaints.reply-extended", "Monday 2026-06-15 10:00", {**one, "working_days": 10}),
            (RESPONDED, "Wednesday 2026-07-01 10:00", one),
        ),
        "answered at once": complaint(received, (RESPONDED, "Tuesday 2026-06-02 10:00", one)),
        "overdue": complaint(received, acknowledged),
        "reopened": complaint(
            received, (TRIAGED, "Tuesday 2026-06-02 10:00", {"route": "refused"}),
            (REOPENED, "Monday 2026-07-06 10:00", {}), (ACKNOWLEDGED, "Tuesday 2026-07-07 10:00", one),
            (RESPONDED, "Wednesday 2026-07-08 10:00", one),
        ),
        "put right": complaint(received, (TRIAGED, "Tuesday 2026-06-02 10:00", {"route": "put_right"})),
        "the other ombudsman's": complaint(
            received, acknowledged, (RESPONDED, "Monday 2026-06-15 10:00", one),
            (ESCALATED, "Monday 2026-06-22 10:00", OTHER),
            (ACKNOWLEDGED, "Tuesday 2026-06-23 10:00", two | OTHER),
            (RESPONDED, "Tuesday 2026-07-21 10:00", two), **OTHER,
        ),
        "the year before": complaint((RECEIVED, "Tuesday 2026-03-31 23:59:59", {})),
    }  # fmt: skip


async def test_the_measures_of_a_year_have_the_cases_behind_them(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """The Code's times with the extensions that it allows; refused, passed on and put right are left out."""
    year = invented_year()
    for case in year.values():
        await consume(resources, *case.history)
    names = {case.reference: name for name, case in year.items()}
    resources.settings.homes_owned[2026] = 2400
    answer = await notifications.get(
        "/v1/performance/measures", params={"year": "2026"}, headers=callers.officer("complaints")
    )
    assert answer.status_code == 200, answer.text
    found = {row["measure"]: row for row in answer.json()["items"]}
    shown = {
        id: (row["numerator"], row["denominator"], row["value"], {names[each] for each in row["kept"]})
        for id, row in found.items()
    }
    assert shown["CH01 (1)"] == (6, 2400, 2.5, set())
    assert shown["CH01 (2)"] == (1, 2400, 0.4, set())
    in_time = {"in time", "extended, in time", "answered at once", "reopened"}
    assert shown["CH02 (1)"] == (4, 6, 66.7, in_time)
    assert shown["CH02 (2)"] == (1, 1, 100.0, {"late, then stage 2 in time"})
    assert {names[each] for each in found["CH01 (1)"]["cases"]} == in_time | {
        "late, then stage 2 in time",
        "overdue",
    }
