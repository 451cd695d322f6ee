"""Acts record the events by which the board tells what will follow: what it says before is what happens."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from services.board.acts.effects import EFFECTS
from shared.references import prefix_of
from tests.services.board.desk import ASB_OFFICER, CONTACT, OFFICER, REPORT, Desk
from tests.services.board.test_acts import UNDERSTOOD
from tests.support.eventually import eventually

Act = tuple[str, Mapping[str, Any]]

HOME = REPORT["property"]
HANDLER = {"name": "Ola Reyes", "subject": "ola"}
ENQUIRY = {"channel": "email", "kind": "enquiry", "subject": "Bins", "message": "When?", "contact": CONTACT}
NOISE = {"category": "noise", "description": "Shouting", "channel": "phone", "contact": CONTACT}
COMPLAINT = {"about": "repairs", "description": "Nobody came", "channel": "phone", "contact": CONTACT}
SITE = {"kind": "sheltered", "name": "Mercury House", "address": "1 Mercury Gardens, RM1 3SL"}
NEEDLES = {"kind": "needles", "location": "Lobby", "description": "Two", "channel": "officer"}
APPLIANCE = {"kind": "heating", "property": HOME}
DAMP = {**REPORT, "hazard": {"hazard": "damp-and-mould", "severity": "significant"}}
COST = {"reason": "Broken window", "estimated_cost": "100.00", "administration_charge": "10.00"}
TRIAGED: Act = ("triage", {"route": "stage_1", "handler": HANDLER})
ACKNOWLEDGED: Act = ("acknowledgement", UNDERSTOOD)
VISIT = {"action_plan_agreed": True}

STORIES: Sequence[tuple[str, Mapping[str, Any], Sequence[Act], Act, str]] = (
    ("/v1/repairs", REPORT, (), ("updates", {"type": "made_safe"}), "repairs.repair-made-safe"),
    ("/v1/repairs", REPORT, (), ("recharge", COST), "repairs.recharge-quoted"),
    ("/v1/repairs", DAMP, (), ("hazard/safety-work", {}), "repairs.hazard-made-safe"),
    ("/v1/appliances", APPLIANCE, (), ("services", {}), "repairs.appliance-serviced"),
    ("/v1/complaints", COMPLAINT, (TRIAGED,), ACKNOWLEDGED, "complaints.complaint-acknowledged"),
    (
        "/v1/complaints",
        COMPLAINT,
        (TRIAGED, ACKNOWLEDGED),
        ("updates", {"message": "Soon."}),
        "complaints.update-given",
    ),
    ("/v1/enquiries", ENQUIRY, (), ("response", {"message": "On Mondays."}), "enquiries.enquiry-answered"),
    (
        "/v1/enquiries",
        ENQUIRY,
        (("assignment", {"handler": HANDLER}),),
        ("acknowledgement", {}),
        "enquiries.enquiry-acknowledged",
    ),
    ("/v1/asb", NOISE, (), ("victim-contact", {"method": "call", "reached": True}), "asb.victim-contacted"),
    ("/v1/asb", NOISE, (), ("visit", VISIT), "asb.victim-visited"),
    ("/v1/asb", NOISE, (("visit", VISIT),), ("action-plan", {"plan": "A diary."}), "asb.action-plan-sent"),
    ("/v1/asb", NOISE, (), ("updates", {"message": "News."}), "asb.victim-updated"),
    (
        "/v1/asb",
        NOISE,
        (("risk", {"score": "high", "reason": "Threats"}),),
        ("risk/review", {"outcome": "A visit each day"}),
        "asb.risk-reviewed",
    ),
    ("/v1/estates/sites", SITE, (), ("cleans", {"inside": True, "outside": True}), "estates.site-cleaned"),
    ("/v1/estates/sites", SITE, (), ("inspections", {"cleanliness": 4}), "estates.site-inspected"),
    ("/v1/estates/issues", NEEDLES, (), ("attendance", {}), "estates.issue-attended"),
    (
        "/v1/estates/issues",
        NEEDLES,
        (),
        ("resolution", {"resolution": "nothing_found"}),
        "estates.issue-resolved",
    ),
)


async def happened(desk: Desk, reference: str, person: str) -> list[Mapping[str, Any]]:
    """The entries of a case's timeline."""
    answer = (await (await desk.acting(person)).get(f"/v1/cases/{reference}/timeline")).json()
    return list(answer.get("entries", ()))


def named(story: tuple[Any, ...]) -> str:
    return str(story[4])


@pytest.mark.parametrize(("path", "body", "before", "act", "event"), STORIES, ids=map(named, STORIES))
async def test_an_act_records_what_the_board_says(
    desk: Desk, path: str, body: Mapping[str, Any], before: Sequence[Act], act: Act, event: str
) -> None:
    """And of an act that is said to record no other event, nothing else happens, and nobody is written to."""
    person = ASB_OFFICER if path == "/v1/asb" else OFFICER
    api = await desk.acting(person)
    made = await api.post(path, json=body)
    assert made.status_code == 201, made.text
    reference = made.json()["reference"]
    for step, told in before:
        done = await api.post(f"{path}/{reference}/{step}", json=told)
        assert done.status_code == 201, done.text
    version = done.json()["version"] if before else made.json()["version"]
    done = await api.post(f"{path}/{reference}/{act[0]}", json=act[1])
    assert done.status_code == 201, done.text

    async def is_known() -> bool:
        since = [
            each for each in await happened(desk, reference, person) if (each["sequence"] or 0) > version
        ]
        return event in [each["type"] for each in since]

    await eventually(is_known)
    effect = EFFECTS[prefix_of(reference), act[0]]
    assert event in {records.event for records in effect.records}
    entries = await happened(desk, reference, person)
    since = [each["type"] for each in entries if (each["sequence"] or 0) > version]
    if effect.is_all:
        assert since == [event]


def test_every_act_that_is_said_to_tell_nobody_has_a_story() -> None:
    """Nobody is said to be sent nothing by guess."""
    told_alone = {records.event for effect in EFFECTS.values() if effect.is_all for records in effect.records}
    assert told_alone <= {event for *_, event in STORIES}
