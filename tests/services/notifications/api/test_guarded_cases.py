"""Cases that are guarded, as officers, residents and both in one may read of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
import pytest

from shared.app_state import AppState
from shared.text import digest_of
from tests.services.callers import Callers
from tests.services.notifications.consuming import Case, ago, consume, emergency, swept
from tests.services.notifications.reading import listed, read

STAFF_ONLY: Mapping[str, Mapping[str, Any]] = {
    "asb.risk-assessed": {"score": "high", "high_risk": True},
    "asb.risk-reviewed": {},
    "asb.action-taken": {},
    "asb.report-joined": {"further_report": True},
    "asb.team-changed": {"team": ["alex"]},
    "asb.alleged-perpetrators-named": {"kept_from": [], "team": ["alex"]},
    "asb.glass-broken": {"by": "bo"},
}
OF_ASB = {"asb_reference": "CAS-7K3M-Q9TX", "damage": 1}


def anti_social_behaviour(at: datetime | None = None, **access: Any) -> Case:
    case = Case("CAS")
    facts = {"priority": 1, "department": "asb", "resident": "sam", **access}
    case.event("asb.case-opened", at or ago(hours=1), **facts)
    return case


GUARDED: Mapping[str, Mapping[str, Any]] = {
    "everybody's with the scope": {"team": []},
    "Alex's": {"team": ["alex"]},
    "Bo's": {"team": ["alex"]},
    "kept from Alex": {"team": [], "kept_from": [digest_of("alex")]},
}


@pytest.mark.parametrize(
    ("subject", "scopes", "seen"),
    [
        ("alex", (), set()),
        ("alex", ("import", "manager"), set()),
        ("alex", ("asb",), {"everybody's with the scope", "Alex's", "Bo's"}),
        ("bo", ("asb",), {"everybody's with the scope", "Bo's", "kept from Alex"}),
        ("cy", ("asb", "manager"), {"everybody's with the scope", "kept from Alex"}),
    ],
)
async def test_a_guarded_case_is_for_its_team_with_the_scope(
    notifications: httpx.AsyncClient,
    resources: AppState,
    callers: Callers,
    subject: str,
    scopes: tuple[str, ...],
    seen: set[str],
) -> None:
    """One rule for each case, list, worklist, timeline, notice and figure; a new team counts at once."""
    cases = {name: anti_social_behaviour(needs_scope="asb", **facts) for name, facts in GUARDED.items()}
    cases["Bo's"].event("asb.team-changed", ago(minutes=5), team=["alex", "bo"])
    await consume(resources, *(event for case in cases.values() for event in case.history))
    await swept(resources)
    officer = callers.named_officer(subject, "asb", "repairs", scopes=scopes)
    for name, case in cases.items():
        for what in ("deadlines", "timeline"):
            answer = await notifications.get(f"/v1/cases/{case.reference}/{what}", headers=officer)
            assert answer.status_code == (200 if name in seen else 404)
    references = {cases[name].reference for name in seen}
    for path in ("/v1/deadlines", "/v1/notices", "/v1/worklist"):
        assert {row["reference"] for row in await listed(notifications, path, officer)} == references, path
    figures = (await read(notifications, "/v1/performance", officer))["items"]
    assert {row["started"] for row in figures} == ({len(seen)} if seen else set())


async def test_those_named_later_are_kept_from_it_at_once(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Out of every list, and whoever of them was to deal with it does so no more."""
    case = anti_social_behaviour(needs_scope="asb", team=[], kept_from=[])
    case.event("asb.team-changed", ago(minutes=9), team=["alex", "bo"], handler="alex", unassigned=False)
    await consume(resources, *case.history)
    alex, bo = (callers.named_officer(name, "asb", scopes=["asb"]) for name in ("alex", "bo"))
    [row] = await listed(notifications, "/v1/worklist", alex, handler="me")
    named = {"kept_from": [digest_of("alex")], "team": ["bo"], "unassigned": True}
    await consume(resources, case.event("asb.alleged-perpetrators-named", ago(minutes=5), **named))
    for path in ("/v1/deadlines", "/v1/notices", "/v1/worklist"):
        assert await listed(notifications, path, alex) == []
        assert {row["reference"] for row in await listed(notifications, path, bo)} == {case.reference}
    answer = await notifications.get(f"/v1/cases/{case.reference}/timeline", headers=alex)
    assert answer.status_code == 404
    assert [row["reference"] for row in await listed(notifications, "/v1/worklist", bo, unassigned=True)] == [
        row["reference"]
    ]


@pytest.mark.parametrize("roles", [("resident",), ("resident", "officer")])
async def test_what_is_for_staff_is_not_in_the_timeline_of_a_resident(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers, roles: tuple[Any, ...]
) -> None:
    """Not that it happened, nor its clock, though they are an officer elsewhere; the team sees all of it."""
    case = anti_social_behaviour(needs_scope="asb", team=[], kept_from=[])
    for minutes, (type, facts) in enumerate(STAFF_ONLY.items()):
        case.event(type, ago(minutes=30 - minutes), **facts)
    case.event("asb.victim-contacted", ago(minutes=5))
    await consume(resources, *case.history)
    sam = callers.somebody("sam", *roles, departments=["asb"])

    async def types(headers: dict[str, str]) -> list[str]:
        told = await read(notifications, f"/v1/cases/{case.reference}/timeline", headers)
        return [entry["type"] for entry in told["entries"] if entry["entry"] == "event"]

    assert await types(sam) == ["asb.case-opened", "asb.victim-contacted"]
    promised = await read(notifications, f"/v1/cases/{case.reference}/deadlines", sam)
    assert {each["regime"] for each in promised["deadlines"]} == {"havering"}
    team = callers.named_officer("alex", "asb", scopes=["asb"])
    assert len(await types(team)) == len(STAFF_ONLY) + 2


async def test_lists_of_officers_have_no_case_of_their_own(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Their own case is read where residents read theirs, and counts in the figures of its team alone."""
    case = anti_social_behaviour(needs_scope="asb", team=["alex"], kept_from=[])
    await consume(resources, *case.history)
    sam = callers.somebody("sam", "resident", "officer", departments=["asb"])
    for path in ("/v1/deadlines", "/v1/notices", "/v1/worklist"):
        assert await listed(notifications, path, sam) == []
    assert (await read(notifications, "/v1/performance", sam))["items"] == []
    assert (await read(notifications, f"/v1/cases/{case.reference}/deadlines", sam))["deadlines"] != []


async def test_a_repair_of_such_damage_does_not_say_so_to_a_resident(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Neither its events, nor its promise, nor a notice has a word of it; the date is there."""
    case = emergency(ago(hours=30))
    reported_at = ago(hours=30).isoformat()
    raised = {**OF_ASB, "damage_reported_at": reported_at}
    case.event("repairs.asb-damage-repair-raised", ago(hours=30), **raised)
    case.event("repairs.asb-damage-made-safe", ago(minutes=1), **OF_ASB)
    await consume(resources, *case.history)
    await swept(resources)
    for what in ("timeline", "deadlines"):
        path = f"/v1/cases/{case.reference}/{what}"
        answer = await notifications.get(path, headers=callers.resident("sam"))
        assert answer.status_code == 200
        assert not {"asb", "anti-social", "section 9"} & {
            word for word in ("asb", "anti-social", "section 9") if word in answer.text.lower()
        }
        assert "asb" in (await notifications.get(path, headers=callers.officer())).text
    told = await read(notifications, f"/v1/cases/{case.reference}/deadlines", callers.resident("sam"))
    assert [each["promise"] for each in told["deadlines"] if each["standard"] == "repairs.job"] == [
        "Done by the date given."
    ]


async def test_only_officers_are_told_of_standards_of_guarded_cases(
    notifications: httpx.AsyncClient, callers: Callers
) -> None:
    for headers in (callers.resident(), callers.contractor(), callers.frontend()):
        answer = await notifications.get("/v1/standards", headers=headers)
        assert not [word for word in ("asb", "hate", "victim") if word in answer.text.lower()]
    officers = {
        row["standard"] for row in (await read(notifications, "/v1/standards", callers.officer()))["items"]
    }
    assert {"asb.victim-contact", "asb.high-risk.review", "repairs.asb-damage.made-safe"} <= officers


async def test_a_high_risk_stands_first_in_every_list(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Before what is late, on every page of deadlines and in the whole picture of the worklist."""
    late, calm, high = (
        anti_social_behaviour(ago(days=days), needs_scope="asb", team=[], kept_from=[])
        for days in (60, 0.02, 0.01)
    )
    high.event("asb.risk-assessed", ago(minutes=2), score="high", high_risk=True)
    await consume(resources, *late.history, *calm.history, *high.history)
    officer = callers.named_officer("alex", "asb", scopes=["asb"])
    rows = await listed(notifications, "/v1/deadlines", officer, limit=2)
    references = list(dict.fromkeys(row["reference"] for row in rows))
    assert (references[0], len(rows)) == (high.reference, 7)
    assert [row["reference"] for row in rows[:3]] == [high.reference] * 3
    assert [row["due_at"] for row in rows[3:]] == sorted(row["due_at"] for row in rows[3:])
    shown = (await read(notifications, "/v1/worklist", officer))["items"]
    assert [(row["reference"], row["group"]) for row in shown][:2] == [
        (high.reference, shown[0]["group"]),
        (late.reference, "late"),
    ]
    high.event("asb.case-closed", ago(minutes=1), agreed_with_victim=True, high_risk=False)
    await consume(resources, high.history[-1])
    assert (await read(notifications, "/v1/worklist", officer))["items"][0]["reference"] == late.reference


@pytest.mark.parametrize(("subject", "learns"), [("alex", True), ("bo", False), ("cy", False)])
async def test_a_repair_names_no_case_that_its_reader_must_not_learn_of(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers, subject: str, *, learns: bool
) -> None:
    """Of three officers with the scope one is in the team, and one is complained of."""
    hidden = anti_social_behaviour(needs_scope="asb", team=["alex", "bo"], kept_from=[digest_of("bo")])
    repair = emergency(ago(hours=1))
    repair.event("repairs.asb-damage-made-safe", ago(minutes=1), damage=1, asb_reference=hidden.reference)
    await consume(resources, *hidden.history, *repair.history)
    officer = callers.named_officer(subject, "repairs", scopes=["asb"])
    answer = await notifications.get(f"/v1/cases/{repair.reference}/timeline", headers=officer)
    assert (hidden.reference in answer.text) is learns
