"""A summary in words, of every service's cases, alone and in a list; nothing of a person is in it."""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.clock import Clock
from shared.directory import DIRECTORY, Directory
from tests.services.asb.cases import REPORT as NOISE
from tests.services.callers import Callers
from tests.services.complaints.complaining import COMPLAINT
from tests.services.enquiries.asking import ENQUIRY, OLA
from tests.services.estates.caring import ISSUE, SITE
from tests.services.repairs.appliances.registering import BOILER
from tests.services.repairs.reporting import REPORT
from tests.services.residents.moving_in import TENANCY
from tests.support.in_process import InProcess
from tests.support.reading import reading_grade

TODAY = "27 November 2026"
SAM: Mapping[str, Any] = {"name": "Sam Jones", "email": "sam@example.org"}
MEETING = {"subject": "Rent", "at": "2026-12-01T09:00:00Z", "with": OLA, "contact": SAM, "channel": "phone"}
QUEUED = {"queued_at": "2026-11-27T10:00:00Z"}
WALK_IN: Mapping[str, Any] = {"subject": "Rent"}
PRAISE = {"about": "website", "kind": "compliment", "score": 5, "channel": "online"}


def now(what: str, status: str) -> str:
    """The words of a case that came in today."""
    return f"{what}. With us since {TODAY}. It is now: {status}."


@pytest.fixture
def directory() -> Directory:
    """Every service."""
    return DIRECTORY


@pytest.fixture
def household_timeout() -> float:
    """Nobody is there to be asked."""
    return 0.1


@pytest.mark.parametrize(
    ("service", "path", "body", "summary"),
    [
        ("repairs", "repairs", REPORT, now("A leaking roof", "reported")),
        ("repairs", "appliances", BOILER, now("Heating", "registered")),
        ("complaints", "complaints", COMPLAINT, now("Complaint about repairs", "received")),
        ("complaints", "complaints", {**COMPLAINT, "about": "other_service"}, now("Complaint", "received")),
        ("enquiries", "enquiries", ENQUIRY, now("Enquiry", "received")),
        ("enquiries", "enquiries", {**ENQUIRY, "kind": "subject_access"},
         now("Request to see personal data", "received")),
        ("enquiries", "appointments", MEETING, now("Appointment", "booked")),
        ("enquiries", "calls", QUEUED, now("Phone call", "queued")),
        ("enquiries", "visits", WALK_IN, now("Visit to the office", "waiting")),
        ("enquiries", "feedback", PRAISE, now("Compliment", "noted")),
        ("estates", "estates/issues", ISSUE, now("Graffiti: The back stairs", "reported")),
        ("estates", "estates/sites", SITE,
         now("Tower block Mercury House, 1 Mercury Gardens, Romford RM1 3SL", "registered")),
        ("residents", "tenancies", TENANCY, now("Tenancy", "started")),
        ("asb", "asb", NOISE, f"Noise, reported on {TODAY}: open."),
    ],
)  # fmt: skip
async def test_every_case_says_what_it_is_and_where_it_stands(
    services: InProcess,
    clock: Clock,
    callers: Callers,
    service: str,
    path: str,
    body: Mapping[str, Any],
    summary: str,
) -> None:
    """In words that can be read after eight years of school."""
    client = await services.serve(await services.state(service, clock))
    by = callers.named_officer("alex", service, scopes=["asb"])
    made = await client.post(f"/v1/{path}", json=dict(body), headers=by)
    assert made.status_code == 201, made.text
    listed = await client.get(f"/v1/{path}", headers=by)
    shown = [made.json(), *listed.json()["items"]]
    assert [case["summary"] for case in shown] == [summary, summary]
    assert reading_grade(summary) <= 8
