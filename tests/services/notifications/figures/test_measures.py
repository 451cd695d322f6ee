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


OPENED_ASB, INCIDENT = "asb.case-opened", "asb.incident-reported"
CORRECTED, JOINED = "asb.category-corrected", "asb.report-joined"
MAY, JUNE = "Friday 2026-05-01 10:00", "Monday 2026-06-01 10:00"


def behaviour(
    *later: tuple[str, str, dict[str, Any]], hate: bool = False, team: tuple[str, ...] = ()
) -> Case:
    """A case of the asb service, opened in May, and what happened to it later."""
    case, facts = Case("CAS"), {"priority": 2, "department": "asb", "imported": False, "channel": "phone"}
    scoped = {"needs_scope": "asb", "team": [*team], "hate_incident": hate}
    case.event(OPENED_ASB, london(MAY), **facts, **scoped)
    for type, when, told in later:
        case.event(type, london(when), **told)
    return case


async def test_hate_that_is_known_late_is_counted_and_figures_obey_scope_and_team(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """By the latest word of each case; whoever may not see a case is not told that there is one."""
    is_hate, is_none = {"hate_incident": True}, {"hate_incident": False}
    cases = {
        "from the start": behaviour(hate=True),
        "by an incident": behaviour((INCIDENT, JUNE, {"priority": 1, **is_hate})),
        "by a correction": behaviour((CORRECTED, JUNE, is_hate)),
        "another team's": behaviour((CORRECTED, JUNE, is_hate), team=("bo",)),
        "corrected to none": behaviour((CORRECTED, JUNE, is_none), hate=True),
        "never": behaviour((INCIDENT, JUNE, {"priority": 2, **is_none})),
        "no case more": behaviour((JOINED, JUNE, {"further_report": True}), hate=True),
        "a case more": behaviour((JOINED, JUNE, {"further_report": False}), hate=True),
    }
    for case in cases.values():
        await consume(resources, *case.history)
    names = {case.reference: name for name, case in cases.items()}

    async def counted(measure: str, by: dict[str, str]) -> set[str]:
        path, year = "/v1/performance/measures", {"year": "2026"}
        rows = (await notifications.get(path, params=year, headers=by)).json()["items"]
        [row] = [row for row in rows if row["measure"] == measure]
        return {names[reference] for reference in row["cases"]}

    alex, bo = [callers.named_officer(name, "asb", scopes=["asb"]) for name in ("alex", "bo")]
    hate = {"from the start", "by an incident", "by a correction", "a case more"}
    assert await counted("NM01 (2)", alex) == hate
    assert await counted("NM01 (2)", bo) == hate | {"another team's"}
    assert await counted("NM01 (1)", alex) == hate | {"corrected to none", "never"}
    for measure in ("NM01 (1)", "NM01 (2)"):
        assert await counted(measure, callers.named_officer("alex", "asb")) == set()
