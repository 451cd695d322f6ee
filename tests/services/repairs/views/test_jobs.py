"""A job as the firm that has it sees it: all that it needs to do it, and nothing else of anybody."""

from typing import Any

import httpx
import pytest

from services.repairs.views.schemas import JobOut
from tests.services.callers import Callers, Headers
from tests.services.repairs.reporting import REPORT, ago, assigned

HEALTH = "The baby has bronchitis."
MOULD = {"hazard": "damp-and-mould", "severity": "emergency", "household_health": HEALTH}
CONTACT = REPORT["contact"]
EVENINGS = [{"days": ["monday"], "from": "18:00", "to": "20:00"}]
# what every case shows, and what tells a firm of its job; a field that is added is to be decided about here
EVERY_CASE = {
    *("reference", "status", "channel", "received_at", "handler", "deadlines", "next_deadline"),
    *("imported", "allowed", "version", "updated_at", "summary"),
}
OF_THE_JOB = {
    "priority": 3,
    "emergency": True,
    "fault": "leaking-roof",
    "description": REPORT["description"],
    "hazard": {"hazard": "damp-and-mould", "severity": "emergency"},
    "property": {**REPORT["property"], "property_reference": None},
    "access_needs": CONTACT["access_needs"],
    "contact": {"name": "Sam Jones", "phone": "01708 434343", "safe_times": None},
    "vulnerable": True,
    "visit_in_pairs": False,
    "recharge": None,
    "appointment": None,
    "view": "contractor",
}


async def read_and_listed(client: httpx.AsyncClient, reference: str, firm: Headers) -> list[httpx.Response]:
    """The job read alone and in the firm's list."""
    paths = (f"/v1/repairs/{reference}", "/v1/repairs")
    return [await client.get(path, headers=firm) for path in paths]


async def test_a_firm_sees_all_that_it_needs_to_do_the_job(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The same alone and in a list; of the household no email, no health, no reason why it is vulnerable."""
    job = await assigned(
        repairs, callers.officer(), hazard=MOULD, vulnerable=True, caused_by_resident=True, tenure="secure"
    )
    assert set(JobOut.model_fields) == EVERY_CASE | set(OF_THE_JOB)
    alone, listed = await read_and_listed(repairs, job["reference"], callers.contractor())
    shown = alone.json()
    assert {name: shown[name] for name in OF_THE_JOB} == OF_THE_JOB
    assert shown["handler"] == {"name": "Pat Smith", "department": "repairs", "subject": None}
    assert listed.json()["items"] == [shown]
    for private in (CONTACT["email"], CONTACT["address"], HEALTH, "secure", "officer-7"):
        assert private not in alone.text + listed.text


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"safe_to_contact": False}, None),
        ({"safe_channels": ["email"]}, {"name": "Sam Jones", "phone": None, "safe_times": None}),
        (
            {"safe_channels": ["phone"], "safe_times": EVENINGS},
            {"name": "Sam Jones", "phone": "01708 434343", "safe_times": EVENINGS},
        ),
        ({"phone": None}, {"name": "Sam Jones", "phone": None, "safe_times": None}),
    ],
    ids=["not safe", "by email alone", "in the evening", "no telephone"],
)
async def test_whom_to_ring_is_shown_where_it_is_safe(
    repairs: httpx.AsyncClient, callers: Callers, changes: dict[str, Any], shown: Any
) -> None:
    """A telephone that somebody else answers can endanger whoever asked not to be rung."""
    contact = {**CONTACT, **changes}
    job = await assigned(repairs, callers.officer(), contact=contact)
    for answer in await read_and_listed(repairs, job["reference"], callers.contractor()):
        case = answer.json()
        assert case.get("items", [case])[0]["contact"] == shown
        assert (CONTACT["phone"] in answer.text) == bool(shown and shown["phone"])


async def test_a_correction_counts_at_once(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The next reading shows nobody to ring any more."""
    job = await assigned(repairs, callers.officer())
    path = f"/v1/repairs/{job['reference']}"
    corrected = await repairs.post(
        f"{path}/contact", json={"safe_to_contact": False}, headers=callers.officer()
    )
    assert corrected.status_code == 201, corrected.text
    for answer in await read_and_listed(repairs, job["reference"], callers.contractor()):
        assert "Sam Jones" not in answer.text


async def test_a_firm_that_lost_the_job_sees_nothing_of_it(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Neither alone nor in a list, nor by the answer that its Idempotency-Key was given before."""
    job = await assigned(repairs, callers.officer(), received_at=ago(hours=1))
    path = f"/v1/repairs/{job['reference']}"
    firm = callers.contractor()
    keyed, update = firm | {"Idempotency-Key": "on-my-way"}, {"type": "en_route", "occurred_at": ago()}
    first = await repairs.post(f"{path}/updates", json=update, headers=keyed)
    assert first.json()["contact"]["phone"] == CONTACT["phone"]
    given = await repairs.post(f"{path}/assignment", json={"contractor": "Bodgit"}, headers=callers.officer())
    assert given.status_code == 201
    alone, listed = await read_and_listed(repairs, job["reference"], firm)
    assert (alone.status_code, listed.json()["items"]) == (404, [])
    replayed = await repairs.post(f"{path}/updates", json=update, headers=keyed)
    assert replayed.json() == {"reference": job["reference"], "view": "past_contractor"}
