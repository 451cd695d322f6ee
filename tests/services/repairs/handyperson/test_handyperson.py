"""The handyperson: minor repairs for vulnerable tenants."""

from typing import Any

import httpx
import pytest

from services.repairs.case.guide import EMERGENCY, GUIDE
from services.repairs.handyperson.policy import (
    AN_EMERGENCY,
    MINOR_FAULTS,
    NOT_MINOR,
    NOT_VULNERABLE,
    queue_for,
    reason_to_decline,
)
from tests.services.callers import Callers
from tests.services.repairs.reporting import reported

MINOR: dict[str, Any] = {"fault": "tap-not-turning", "vulnerable": True, "handyperson": True}


@pytest.mark.parametrize(
    ("fault", "is_emergency", "vulnerable", "why_not"),
    [
        ("tap-not-turning", False, True, None),
        ("frames-and-doors", False, True, None),
        ("tap-not-turning", False, False, NOT_VULNERABLE),
        ("leaking-roof", False, True, NOT_MINOR),
        ("partial-loss-of-electricity", False, True, NOT_MINOR),
        ("tap-not-turning", True, True, AN_EMERGENCY),
    ],
)
def test_who_may_have_the_handyperson(
    fault: str, is_emergency: bool, vulnerable: bool, why_not: str | None
) -> None:
    """Vulnerable tenants, for what one person with a tool box can finish."""
    assert reason_to_decline(fault, is_emergency, vulnerable) == why_not
    assert queue_for(fault, is_emergency, vulnerable, asked=True) == (None if why_not else "handyperson")
    assert queue_for(fault, is_emergency, vulnerable, asked=False) is None


def test_minor_faults_are_of_the_guide_and_none_is_an_emergency() -> None:
    """A misspelt fault in the table would never match."""
    assert set(GUIDE) >= MINOR_FAULTS
    assert all(GUIDE[fault].priority != EMERGENCY for fault in MINOR_FAULTS)


async def test_an_eligible_wish_goes_to_the_queue_and_the_clocks_go_on(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Officers see what waits for the handyperson, until a firm has it; the dates promised are the same."""
    case = await reported(repairs, callers.resident(), **MINOR)
    ordinary = await reported(repairs, callers.resident(), **{**MINOR, "handyperson": False})
    assert case["handyperson"] == {"accepted": True, "because": None}
    assert ordinary["handyperson"] is None
    standards = [[row["standard"] for row in shown["deadlines"]] for shown in (case, ordinary)]
    assert standards[0] == standards[1]

    async def waiting() -> list[str]:
        answer = await repairs.get("/v1/repairs?queue=handyperson", headers=callers.officer())
        return [row["reference"] for row in answer.json()["items"]]

    assert await waiting() == [case["reference"]]
    path = f"/v1/repairs/{case['reference']}/assignment"
    await repairs.post(path, json={"contractor": "Fixit"}, headers=callers.officer())
    assert await waiting() == []


async def test_who_is_not_eligible_is_told_why_and_loses_nothing(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The report is accepted and goes the ordinary way."""
    case = await reported(repairs, callers.resident(), **{**MINOR, "vulnerable": False})
    assert case["handyperson"] == {"accepted": False, "because": NOT_VULNERABLE}
    queue = await repairs.get("/v1/repairs?queue=handyperson", headers=callers.officer())
    assert queue.json()["items"] == []
