"""Repairs without the right to repair, each with its ground; an estimate ends it from then on."""

from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.reporting import assigned, london, reported, zulu

TAP = {"fault": "tap-not-turning", "received_at": zulu(london("Monday 2025-06-02 10:00"))}


def clock(case: dict[str, Any]) -> str | None:
    """The state of the law's first clock; None where it was never started."""
    states = {row["standard"]: row["state"] for row in case["deadlines"]}
    return states.get("repairs.right-to-repair")


@pytest.mark.parametrize(
    ("told", "ground"),
    [
        ({}, None),
        ({"tenure": "secure"}, None),
        ({"tenure": "introductory"}, None),
        ({"tenure": "long_lease"}, "tenure"),
        ({"tenure": "temporary"}, "tenure"),
        ({"caused_by_resident": True}, "caused_by_resident"),
        ({"fault": "window-frames"}, "fault"),
        ({"fault": "toilet-not-flushing", "other_working_toilet": True}, "fault"),
    ],
)
async def test_what_does_not_qualify_has_no_clock_and_says_why(
    repairs: httpx.AsyncClient, callers: Callers, told: dict[str, Any], ground: str | None
) -> None:
    """A tenure that nobody has told counts as in; the promises of the council's own stay."""
    case = await reported(repairs, callers.resident(), **TAP | told)
    assert (clock(case) is None) is (ground is not None)
    assert case["right_to_repair"]["qualifies"] is (ground is None)
    assert (case["right_to_repair"]["ground"], case["right_to_repair"]["because"] is None) == (
        ground,
        ground is None,
    )
    assert any(row["regime"] == "havering" for row in case["deadlines"])


@pytest.mark.parametrize(
    ("estimated", "amount", "state", "ground"),
    [
        ("Tuesday 2025-06-03 09:00", "250.00", "breached", None),
        ("Tuesday 2025-06-03 09:00", "250.01", "cancelled", "over_limit"),
        ("Friday 2025-06-06 09:00", "300.00", "breached", "over_limit"),
    ],
    ids=["at the limit", "over it", "over it, once late"],
)
async def test_over_the_limit_the_right_ends_from_then_on(
    repairs: httpx.AsyncClient, callers: Callers, estimated: str, amount: str, state: str, ground: str | None
) -> None:
    """A lesser estimate brings it not back, and a miss before it stays a miss."""
    job = await assigned(repairs, callers.officer(), **TAP)
    path = f"/v1/repairs/{job['reference']}"
    for sum_, moment in ((amount, estimated), ("100.00", "Friday 2025-06-06 10:00")):
        body = {"amount": sum_, "occurred_at": zulu(london(moment))}
        answer = await repairs.post(f"{path}/estimate", json=body, headers=callers.officer())
        assert (answer.status_code, answer.json()["estimate"]) == (201, sum_), answer.text
    case = answer.json()
    assert (clock(case), case["right_to_repair"]["ground"]) == (state, ground)
    asked = await repairs.post(
        f"{path}/second-contractor", json={"contractor": "Bodgit"}, headers=callers.officer()
    )
    assert asked.status_code == (409 if ground else 201)
