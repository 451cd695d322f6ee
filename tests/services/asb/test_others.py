"""What other services tell this one: a damage is safe, a complaint asks for it; and what they are told."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from services.asb.consumer import take_in
from services.asb.models import AsbCase, Referral
from services.asb.service.referrals import ask_about
from shared.app_state import AppState
from shared.clock import Clock
from shared.db.tables import events
from shared.events import Event
from shared.work import unit_of_work
from tests.services.asb.cases import HATE, HOME, Cases
from tests.services.callers import Callers
from tests.services.complaints.complaining import Team
from tests.services.lines import Line
from tests.support.clock import house_clock
from tests.support.in_process import InProcess

CANARY = "Zephyrine Quillfeather"
BEFORE = "2026-11-26T12:00:00Z"
DAMAGE = {"fault": "window-frames", "for_contractor": "One pane.", "repair_responsibility": True}


@pytest.fixture
async def state(services: InProcess, clock: Clock) -> AppState:
    return await services.state("asb", clock)


@pytest.fixture
async def asb(services: InProcess, state: AppState) -> httpx.AsyncClient:
    return await services.serve(state)


def told(type: str, reference: str, minutes_ago: float, sequence: int = 1, **facts: Any) -> Event:
    at = house_clock() - timedelta(minutes=minutes_ago)
    return Event(
        id=uuid4(),
        type=type,
        reference=reference,
        sequence=sequence,
        occurred_at=at,
        recorded_at=at,
        facts=facts,
    )


async def receive(state: AppState, *received: Event) -> None:
    async with unit_of_work(state) as work:
        await take_in(work, received)


async def test_damage_is_told_to_repairs_and_comes_back_safe(
    asb: httpx.AsyncClient, cases: Cases, callers: Callers, state: AppState
) -> None:
    """Fault, place and words for the contractor, and nothing else; the earliest word of safety holds."""
    at = (house_clock() - timedelta(hours=3)).isoformat()
    case = await cases.report(**{**HATE, "description": CANARY, "received_at": at})
    reference = case["reference"]
    for description in (CANARY, "The door too."):
        damage = {**DAMAGE, "description": description, "occurred_at": at}
        case = await cases.act(reference, "damage", damage)
    answer = await asb.get(f"/internal/damages/{reference}/1", headers=callers.service("contacts"))
    assert answer.json() == {"property": HOME, "fault": "window-frames", "description": "One pane."}

    safe = {"asb_reference": reference, "damage": 1}
    earlier, later = (
        told("repairs.asb-damage-made-safe", "REP-7K3M-Q9TX", minutes, sequence, **safe)
        for minutes, sequence in ((60, 4), (20, 3))
    )
    await receive(state, later, earlier)
    await receive(state, later)
    case = await cases.read(reference)
    first, second = case["damages"]
    assert first["made_safe_at"] is not None
    assert second["made_safe_at"] is None
    made_safe = [each for each in case["deadlines"] if each["standard"] == "asb.make-safe"]
    assert [each["state"] for each in made_safe] == ["met", "running"]
    assert made_safe[0]["met_at"] == first["made_safe_at"]


async def test_damage_without_a_home_waits_for_one(
    asb: httpx.AsyncClient, cases: Cases, callers: Callers, state: AppState
) -> None:
    """The event flags it to the department; once the home is given, repairs is told when it asks again."""
    reference = (await cases.report(property=None))["reference"]
    await cases.act(reference, "damage", {**DAMAGE, "description": "A pane."})
    path, asking = f"/internal/damages/{reference}/1", callers.service("contacts")
    assert (await asb.get(path, headers=asking)).status_code == 404
    async with unit_of_work(state) as work:
        query = select(events.c.facts).where(events.c.type == "asb.damage-reported")
        assert [facts["home_known"] for facts in await work.session.scalars(query)] == [False]
    await cases.act(reference, "home", {"property": HOME})
    assert (await asb.get(path, headers=asking)).json()["property"] == HOME


async def test_a_complaint_that_asks_for_us_becomes_one_case(
    asb: httpx.AsyncClient, cases: Cases, state: AppState
) -> None:
    """However often it is told, and only if it is meant for us; complaints is told which case it is."""
    received_at = (house_clock() - timedelta(days=3)).isoformat()
    whose: dict[str, Any] = {"received_at": received_at, "resident": "sam"}
    asked = told("complaints.service-requested", "CMP-7K3M-Q9TX", 30, service="asb", **whose)
    others = told("complaints.service-requested", "CMP-2222-2222", 30, service="repairs")
    await receive(state, asked, others)
    await receive(state, asked)
    async with unit_of_work(state) as work:
        [case] = await work.session.scalars(select(AsbCase))
        [referral] = await work.session.scalars(select(Referral))
        taken_up = await work.session.scalar(select(events.c.facts).where(events.c.sequence == 2))
    assert (referral.complaint, referral.case) == ("CMP-7K3M-Q9TX", case.reference)
    assert taken_up == {"complaint_reference": "CMP-7K3M-Q9TX", "referral": "service_request"}
    shown = await cases.read(case.reference)
    assert (shown["contact"]["safe_to_contact"], shown["priority"]) == (False, 2)
    assert datetime.fromisoformat(shown["received_at"]) == datetime.fromisoformat(received_at)
    started = {each["started_at"] for each in shown["deadlines"]}
    assert started == {shown["received_at"]}, "its clocks count from the receipt of the complaint"
    assert (await cases.read(case.reference, cases.callers.resident("sam")))["reference"] == case.reference


async def test_what_an_officer_has_corrected_is_not_overwritten(
    cases: Cases, state: AppState, team: Team, inside: dict[str, Line], owner: Line
) -> None:
    """Complaints answers late, and answers again; of that only what is not known yet is taken."""
    complaint = await team.complain(property=HOME, about="asb")
    scoped = team.officer("ola", "asb")
    route = {"route": "service_request", "service": "asb", "reason": "Noise."}
    await team.act("triage", complaint, scoped, **route)
    await receive(state, told("complaints.service-requested", complaint, 0, service="asb"))
    async with unit_of_work(state) as work:
        [referral] = await work.session.scalars(select(Referral))
    corrected = {"name": "Ada Byrne", "phone": "01708 434343", "safe_to_contact": True}
    await cases.act(referral.case, "contact", corrected)
    for _ in range(2):
        await ask_about(state, referral)
    case = await cases.read(referral.case)
    assert (case["contact"]["name"], case["contact"]["email"]) == ("Ada Byrne", None)
    assert case["description"] == "Nobody came to mend the roof."
    assert case["property"]["uprn"] == HOME["uprn"]


@pytest.mark.parametrize("is_complaint", [True, False])
async def test_answers_become_a_complaint_once(
    asb: httpx.AsyncClient, cases: Cases, callers: Callers, state: AppState, is_complaint: bool
) -> None:
    """If the victim asks for it: by an event without a word, and complaints asks for the words alone."""
    sam = callers.resident("sam")
    reference = (await cases.report(sam))["reference"]
    await cases.act(reference, "closure", {"reason": CANARY, "agreed_with_victim": True})
    await cases.act(reference, "survey")
    answers = {"satisfied": False, "comments": "Nobody rang.", "complaint": is_complaint}
    await cases.act(reference, "survey/answers", answers, sam)
    assert (await cases.refused(reference, "survey/answers", answers, sam)).status_code == 409
    async with unit_of_work(state) as work:
        query = select(events.c.facts).where(events.c.type == "asb.complaint-made")
        made = list(await work.session.scalars(query))
        query = select(events.c.sequence).where(events.c.type == "asb.survey-answered")
        answered = await work.session.scalar(query)
    assert made == [{"answers": answered, "kept_from": [], "resident": "sam"}] * is_complaint
    path, asking = f"/internal/complaints/{reference}", callers.service("contacts")
    # an event of a case's complaint from before answers had numbers has none
    for which in ({"answers": str(answered)}, {}):
        answer = await asb.get(path, params=which, headers=asking)
        assert answer.status_code == (200 if is_complaint else 404)
        if is_complaint:
            assert answer.json()["description"] == "Nobody rang."
            assert CANARY not in answer.text
    if is_complaint:
        closing = await asb.get(path, params={"answers": 2}, headers=asking)
        assert closing.status_code == 404, "other words of the case are nobody's to ask for"


async def test_a_repair_that_is_called_off_comes_back_once(
    cases: Cases, state: AppState, asb: httpx.AsyncClient
) -> None:
    """It is on the case, its promise runs on, and the department is flagged; what is safe needs nobody."""
    reference = (await cases.report())["reference"]
    for description in ("A pane.", "The door."):
        await cases.act(reference, "damage", {**DAMAGE, "description": description})
    off = [
        told("repairs.asb-damage-repair-cancelled", repair, 0, asb_reference=reference, damage=damage)
        for repair, damage in (("REP-7K3M-Q9TX", 1), ("REP-2222-2222", 2))
    ]
    await receive(state, told("repairs.asb-damage-made-safe", "REP-2222-2222", 0, **off[1].facts))
    for _ in range(2):
        await receive(state, *off)
    case = await cases.read(reference)
    assert [each["repair_cancelled_at"] is not None for each in case["damages"]] == [True, False]
    made_safe = [each for each in case["deadlines"] if each["standard"] == "asb.make-safe"]
    assert [each["state"] for each in made_safe] == ["running", "met"]
    async with unit_of_work(state) as work:
        query = select(events.c.facts).where(events.c.type == "asb.damage-repair-cancelled")
        assert list(await work.session.scalars(query)) == [{"damage": 1}]


async def test_an_officer_says_how_a_damage_ended_whose_repair_was_called_off(
    cases: Cases, state: AppState
) -> None:
    """Made safe all the same it is in time or late; not ours, its promise falls away, and no other's."""
    reference = (await cases.report())["reference"]
    assert "damage/outcome" not in (await cases.read(reference))["allowed"]
    for description in ("A pane.", "The door.", "The shed."):
        await cases.act(reference, "damage", {**DAMAGE, "description": description})
    off = told("repairs.asb-damage-repair-cancelled", "REP-7K3M-Q9TX", 0, asb_reference=reference, damage=1)
    await receive(state, off)
    await cases.act(reference, "closure", {"reason": "Moved", "agreed_with_victim": True})
    ended = {"outcome": "not_ours", "reason": "The glazier's own fault."}
    case = await cases.act(reference, "damage/outcome", {**ended, "damage": 1})
    assert "damage/outcome" in case["allowed"]
    assert [each["not_ours_at"] is not None for each in case["damages"]] == [True, False, False]
    assert make_safe(case) == ["cancelled", "running", "running"]
    for number, pointer, at in ((1, "/damage", None), (4, "/damage", None), (2, "/occurred_at", BEFORE)):
        refused = await cases.refused(
            reference, "damage/outcome", {**ended, "damage": number, "occurred_at": at}
        )
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer], refused.text
    case = await cases.act(reference, "damage/outcome", {**ended, "damage": 2, "outcome": "made_safe"})
    assert make_safe(case) == ["cancelled", "met", "running"]
    late = told("repairs.asb-damage-made-safe", "REP-2222-2222", 0, asb_reference=reference, damage=3)
    await receive(state, late)
    case = await cases.read(reference)
    assert make_safe(case) == ["cancelled", "met", "met"]
    assert "damage/outcome" not in case["allowed"]
    assert (await cases.refused(reference, "damage/outcome", {**ended, "damage": 1})).status_code == 409


def make_safe(case: dict[str, Any]) -> list[str]:
    """The states of the promises to make its damages safe, in their order."""
    return [each["state"] for each in case["deadlines"] if each["standard"] == "asb.make-safe"]


async def test_what_is_said_is_in_no_event(asb: httpx.AsyncClient, cases: Cases, state: AppState) -> None:
    """Neither a name, nor an address, nor a word: only ids and facts leave the database."""
    words = {"reason": CANARY, "agreed_with_victim": True}
    alleged = {"name": CANARY, "address": f"3 {CANARY} Street", "subject": "robin"}
    contact = {"name": CANARY, "email": "zephyrine@example.org"}
    case = await cases.report(
        **{**HATE, "description": CANARY, "alleged_perpetrator": alleged, "contact": contact}
    )
    acts: dict[str, dict[str, Any]] = {
        "victim-contact": {"method": CANARY, "reached": True, "notes": CANARY},
        "risk": {"score": "high", "reason": CANARY},
        "visit": {"action_plan_agreed": True, "plan": CANARY},
        "updates": {"message": CANARY},
        "incidents": {"description": CANARY},
        "actions": {"kind": CANARY, "reference": CANARY, "date": "2026-11-20"},
        "damage": {**DAMAGE, "description": CANARY, "for_contractor": CANARY},
        "case-review": {"applicant": {"name": CANARY, "contact": contact}, "consent": True},
        "break-glass": {"reason": CANARY},
        "closure": words,
    }
    for act, body in acts.items():
        await cases.post(f"/v1/asb/{case['reference']}/{act}", body, cases.officer())
    async with unit_of_work(state) as work:
        rows = (await work.session.execute(select(events.c.type, events.c.facts))).all()
    assert len(rows) == len(acts)
    assert not [row for row in rows if CANARY in str(row) or "zephyrine" in str(row) or "robin" in str(row)]
