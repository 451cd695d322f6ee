"""An enquiry or a survey's answers are made a complaint once, by an event, and their words are asked for."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI, HTTPException

from services.complaints.consumer import take_in
from services.complaints.models import Source
from services.complaints.service.sources import NOT_KNOWN_YET, ask_about
from shared.app_state import AppState
from shared.cases.asking import ask_due
from shared.events import Event
from shared.references import new_reference
from shared.work import unit_of_work
from tests.services.complaints.complaining import Team, due
from tests.services.lines import Line
from tests.services.repairs.reporting import london

WORDS = {
    "description": "You never answered me.",
    "contact": {"name": "Sam Jones", "email": "sam@example.org"},
    "message_id": "is nobody else's business",
}


def made(reference: str, service: str = "enquiries", **facts: Any) -> Event:
    at = london("Monday 2026-11-23 10:00")
    return Event(
        id=uuid4(),
        type=f"{service}.complaint-{'made' if service == 'asb' else 'requested'}",
        reference=reference,
        sequence=3,
        occurred_at=at,
        recorded_at=at,
        facts=facts,
    )


def answering(words: dict[str, Any]) -> FastAPI:
    """The answer of enquiries to the one question that complaints has for it."""
    app = FastAPI()

    @app.get("/internal/complaints/{reference}")
    async def complaint(reference: str) -> Any:
        if reference not in words:
            raise HTTPException(404)
        return words[reference]

    return app


@pytest.fixture
def asking(complaints_state: AppState, team: Team, owner: Line) -> AppState:
    """The state of complaints, whose service runs and can ask others."""
    return complaints_state


async def test_an_enquiry_becomes_a_complaint_once(
    asking: AppState, team: Team, inside: dict[str, Line]
) -> None:
    """Its clocks count from the wish, though the words come later; nobody is written to before."""
    enquiry = new_reference("ENQ")
    words: dict[str, Any] = {}
    inside[asking.settings.service_url("enquiries")].lead_to(answering(words))
    for _ in range(2):
        async with unit_of_work(asking) as work:
            await take_in(work, [made(enquiry, about="other", resident="sam")])
    [case] = (await team.client.get("/v1/complaints", headers=team.officer())).json()["items"]
    assert (case["about"], case["made_from"], case["description"]) == (
        "other_service",
        enquiry,
        NOT_KNOWN_YET,
    )
    assert case["contact"]["safe_to_contact"] is False
    assert due(case)["reply"] == "2026-12-07T23:59:59Z"  # ten working days after a Monday
    assert await ask_due(asking, Source, ask_about) == 0
    words[enquiry] = WORDS
    async with unit_of_work(asking) as work:
        source = await work.session.get_one(Source, enquiry)
    await ask_about(asking, source)
    shown = await team.read(case["reference"], team.resident)
    assert shown["description"] == "You never answered me."
    assert shown["contact"]["name"] == "Sam Jones"
    assert await ask_due(asking, Source, ask_about) == 0, "it was answered"


async def test_a_surveys_complaint_needs_the_scope(asking: AppState, team: Team) -> None:
    """It is about anti-social behaviour, and so for those alone who may know of that."""
    async with unit_of_work(asking) as work:
        await take_in(work, [made(new_reference("CAS"), "asb")])
    path = "/v1/complaints"
    assert (await team.client.get(path, headers=team.officer())).json()["items"] == []
    [case] = (await team.client.get(path, headers=team.officer("ola", "asb"))).json()["items"]
    assert case["about"] == "asb"
