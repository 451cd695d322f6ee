"""A reference that somebody quotes: one of a guarded case is shown to officers with its scope alone."""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.clock import Clock
from tests.services.callers import Callers
from tests.services.complaints.complaining import COMPLAINT
from tests.services.enquiries.asking import ENQUIRY
from tests.support.in_process import InProcess

PRAISE: Mapping[str, Any] = {"about": "repairs", "kind": "feedback", "score": 1, "channel": "online"}


@pytest.mark.parametrize(
    ("service", "path", "body", "quoted_as"),
    [
        ("complaints", "complaints", COMPLAINT, "about_reference"),
        ("enquiries", "enquiries", ENQUIRY, "about_reference"),
        ("enquiries", "feedback", PRAISE, "reference"),
    ],
)
@pytest.mark.parametrize(
    ("reference", "is_guarded"),
    [("CAS-7K3M-Q9TX", True), ("cas-7k3m-q9tx", True), ("REP-7K3M-Q9TX", False), (None, False)],
)
async def test_a_guarded_reference_is_for_officers_with_the_scope(
    services: InProcess,
    clock: Clock,
    callers: Callers,
    service: str,
    path: str,
    body: Mapping[str, Any],
    quoted_as: str,
    reference: str | None,
    is_guarded: bool,
) -> None:
    """Whoever quoted it is shown their own words."""
    client = await services.serve(await services.state(service, clock))
    given = {**body, "channel": "online", quoted_as: reference}
    made = await client.post(f"/v1/{path}", json=given, headers=callers.resident())
    assert made.status_code == 201, made.text
    departments = "complaints", "enquiries", "repairs"
    shown: dict[str, str | None] = {}
    for who, by in {
        "resident": callers.resident(),
        "without": callers.named_officer("bo", *departments),
        "with": callers.named_officer("alex", *departments, scopes=["asb"]),
    }.items():
        listed = await client.get(f"/v1/{path}", headers=by)
        [case] = listed.json()["items"]
        shown[who] = case["about_reference"]
    quoted = reference and reference.upper()
    assert {who: said and said.upper() for who, said in shown.items()} == {
        "resident": quoted,
        "without": None if is_guarded else quoted,
        "with": quoted,
    }
