"""An enquiry or a survey's answers are made a complaint once, and its words are asked of their owner."""

import asyncio
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import select

from services.complaints.consumer import HANDLERS, take_in
from services.complaints.models import Source
from services.complaints.service import sources
from services.complaints.service.sources import NOT_KNOWN_YET, ONCE, ask_about
from shared.app_state import AppState
from shared.cases.asking import ask_due
from shared.clock import Clock
from shared.db.tables import events
from shared.events import Event
from shared.work import unit_of_work
from tests.services.asb.cases import HATE, Cases
from tests.services.callers import Callers
from tests.services.complaints.complaining import Team, due
from tests.services.enquiries.asking import Desk
from tests.services.lines import Line
from tests.support.eventually import eventually
from tests.support.in_process import InProcess


@pytest.fixture
def desk(enquiries: httpx.AsyncClient, callers: Callers) -> Desk:
    return Desk(enquiries, callers)


@pytest.fixture
async def cases(services: InProcess, clock: Clock, callers: Callers) -> Cases:
    return Cases(await services.serve(await services.state("asb", clock)), callers)


async def made_complaints(
    complaints: AppState, client: httpx.AsyncClient, callers: Callers, reference: str
) -> None:
    """Complaints hears what happened to a case of another service, twice."""
    headers = callers.service("cases")
    answer = await client.get(f"/internal/cases/{reference}/events", headers=headers)
    history = [Event.from_json(orjson.dumps(event)) for event in answer.raise_for_status().json()["events"]]
    made = [event for event in history if event.type in HANDLERS]
    for _ in range(2):
        async with unit_of_work(complaints) as work:
            await take_in(work, made)


async def test_an_enquiry_becomes_a_complaint_once(
    complaints_state: AppState, team: Team, desk: Desk, inside: dict[str, Line], owner: Line
) -> None:
    """Its clocks count from the wish, though the words come later; nobody is written to before."""
    enquiry = (await desk.ask(received_at="2026-11-20T10:00:00Z"))["reference"]
    await desk.act("complaint", enquiry, about="estates", occurred_at="2026-11-23T10:00:00Z")
    await made_complaints(complaints_state, desk.client, team.callers, enquiry)
    [case] = (await team.client.get("/v1/complaints", headers=team.officer())).json()["items"]
    assert (case["about"], case["made_from"], case["description"]) == ("estates", enquiry, NOT_KNOWN_YET)
    assert case["contact"]["safe_to_contact"] is False
    assert due(case)["reply"] == "2026-12-07T23:59:59Z"  # ten working days after a Monday
    way = inside[complaints_state.settings.service_url("enquiries")]
    way.is_cut = True
    assert await ask_due(complaints_state, Source, ask_about) == 0
    way.is_cut = False
    async with unit_of_work(complaints_state) as work:
        source = await work.session.get_one(Source, (enquiry, ONCE))
    await ask_about(complaints_state, source)
    shown = await team.read(case["reference"])
    assert shown["description"] == "Where do the bins go?"
    assert shown["contact"]["name"] == "Sam Jones"
    assert await ask_due(complaints_state, Source, ask_about) == 0, "it was answered"


async def test_words_that_come_late_overwrite_no_correction(
    complaints_state: AppState, team: Team, desk: Desk, owner: Line
) -> None:
    """An officer rang meanwhile: that it is not safe to write stays so."""
    enquiry = (await desk.ask())["reference"]
    await desk.act("complaint", enquiry)
    await made_complaints(complaints_state, desk.client, team.callers, enquiry)
    [case] = (await team.client.get("/v1/complaints", headers=team.officer())).json()["items"]
    corrected: dict[str, Any] = {"phone": "01708 434343", "safe_to_contact": False}
    await team.act("contact", case["reference"], **corrected)
    assert await ask_due(complaints_state, Source, ask_about) == 1
    shown = await team.read(case["reference"])
    assert shown["description"] == "Where do the bins go?"
    assert {name: shown["contact"][name] for name in (*corrected, "email")} == {**corrected, "email": None}


async def test_each_owner_is_asked_by_a_worker_of_its_own(
    complaints_state: AppState, team: Team, desk: Desk, inside: dict[str, Line], owner: Line
) -> None:
    """One that is away holds up nobody else's; the worker goes on asking until it is cancelled."""
    enquiry = (await desk.ask())["reference"]
    await desk.act("complaint", enquiry)
    await made_complaints(complaints_state, desk.client, team.callers, enquiry)
    [case] = (await team.client.get("/v1/complaints", headers=team.officer())).json()["items"]

    async def known() -> bool:
        shown = await team.read(case["reference"])
        return bool(shown["description"] == "Where do the bins go?")

    async with asyncio.TaskGroup() as workers:
        of_asb = workers.create_task(sources.ask_asb(complaints_state))
        await asyncio.sleep(0.3)
        assert not await known(), "it is not asb's to answer"
        of_enquiries = workers.create_task(sources.ask_enquiries(complaints_state))
        await eventually(known)
        of_asb.cancel()
        of_enquiries.cancel()


async def test_a_surveys_complaint_needs_the_scope(
    complaints_state: AppState, team: Team, cases: Cases, owner: Line
) -> None:
    """It is about anti-social behaviour, and so for those alone who may know of that."""
    reference = (await cases.report(**HATE))["reference"]
    await cases.act(reference, "closure", {"reason": "Moved", "agreed_with_victim": True})
    await cases.act(reference, "survey", {})
    answers = {"satisfied": False, "comments": "Nobody rang.", "complaint": True}
    await cases.act(reference, "survey/answers", answers)
    await made_complaints(complaints_state, cases.client, team.callers, reference)
    assert await ask_due(complaints_state, Source, ask_about) == 1
    path = "/v1/complaints"
    assert (await team.client.get(path, headers=team.officer())).json()["items"] == []
    [case] = (await team.client.get(path, headers=team.officer("ola", "asb"))).json()["items"]
    assert (case["about"], case["description"]) == ("asb", "Nobody rang.")


async def test_each_questionnaire_can_become_a_complaint_once(
    complaints_state: AppState, team: Team, cases: Cases, owner: Line
) -> None:
    """A case that was opened again is closed again, and its second questionnaire is answered too."""
    reference = (await cases.report(**HATE))["reference"]
    for words in ("Nobody rang.", "Nobody rang again."):
        await cases.act(reference, "closure", {"reason": "Moved", "agreed_with_victim": True})
        await cases.act(reference, "survey", {})
        answers = {"satisfied": False, "comments": words, "complaint": True}
        await cases.act(reference, "survey/answers", answers)
        await cases.act(reference, "review", {"outcome": "reopen", "reason": "She is right."})
    await made_complaints(complaints_state, cases.client, team.callers, reference)
    assert await ask_due(complaints_state, Source, ask_about) == 2
    listed = await team.client.get("/v1/complaints", headers=team.officer("ola", "asb"))
    said = {case["description"] for case in listed.json()["items"]}
    assert said == {"Nobody rang.", "Nobody rang again."}


async def test_a_surveys_complaint_is_kept_from_whom_the_case_is_kept_from(
    complaints_state: AppState, team: Team, cases: Cases, owner: Line
) -> None:
    """Also from an officer who is named after it was made, and no longer from one who was named wrongly."""
    robin, kim = (team.officer(name, "asb") for name in ("robin", "kim"))
    reference = (await cases.report(**{**HATE, "alleged_perpetrator": {"subject": "robin"}}))["reference"]
    await cases.act(reference, "closure", {"reason": "Moved", "agreed_with_victim": True})
    await cases.act(reference, "survey", {})
    answers = {"satisfied": False, "comments": "Nobody rang.", "complaint": True}
    await cases.act(reference, "survey/answers", answers)

    async def seen_by(officer: dict[str, str]) -> bool:
        await made_complaints(complaints_state, cases.client, team.callers, reference)
        return bool((await team.client.get("/v1/complaints", headers=officer)).json()["items"])

    assert (await seen_by(robin), await seen_by(kim)) == (False, True)
    named = {"people": [{"subject": "kim"}], "reason": "It was Kim."}
    await cases.act(reference, "alleged-perpetrators", named)
    assert (await seen_by(robin), await seen_by(kim)) == (True, False)
    async with unit_of_work(complaints_state) as work:
        query = select(events.c.type).where(events.c.type == "complaints.access-changed")
        assert len(list(await work.session.scalars(query))) == 1


async def test_access_that_was_never_told_is_asked_for(
    complaints_state: AppState, team: Team, cases: Cases, owner: Line
) -> None:
    """Of a complaint from before it was kept, and of one that its case's naming overtook."""
    robin = team.officer("robin", "asb")
    reference = (await cases.report(**HATE))["reference"]
    await cases.act(reference, "closure", {"reason": "Moved", "agreed_with_victim": True})
    await cases.act(reference, "survey", {})
    answers = {"satisfied": False, "comments": "Nobody rang.", "complaint": True}
    await cases.act(reference, "survey/answers", answers)
    await made_complaints(complaints_state, cases.client, team.callers, reference)
    named = {"people": [{"subject": "robin"}], "reason": "It was Robin."}
    await cases.act(reference, "alleged-perpetrators", named)  # the event of it never comes
    listed = await team.client.get("/v1/complaints", headers=robin)
    assert len(listed.json()["items"]) == 1
    assert await ask_due(complaints_state, Source, ask_about) == 1
    assert (await team.client.get("/v1/complaints", headers=robin)).json()["items"] == []
