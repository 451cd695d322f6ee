"""A remedy that cannot be delivered: the complainant is told why, and what is done instead."""

from collections.abc import Mapping
from typing import Any

from tests.services.complaints.complaining import ANSWER, UNDERSTOOD, Team

PAYMENT: Mapping[str, Any] = {"kind": "money", "amount": "120.50", "basis": "Delay"}
INSTEAD: Mapping[str, Any] = {
    "reason": "The shed was torn down.",
    "alternative": "Give you money for the shed.",
}


async def test_a_remedy_that_fails_ends_and_its_alternative_is_promised(team: Team) -> None:
    """Its date falls away, the alternative has one, and the letter names the Ombudsman."""
    reference = await team.complain()
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    mend = {"description": "Mend the shed.", "by": "2026-12-18"}
    paint = {"description": "Paint the hall.", "by": "2026-12-21"}
    await team.act("response", reference, **ANSWER, actions=[mend, paint], remedies=[PAYMENT])
    case = await team.act("actions/2/failure", reference, **INSTEAD, amount="80")
    _, failed, _, alternative = case["actions"]
    assert (failed["failure_reason"], failed["completed_at"]) == (INSTEAD["reason"], None)
    assert (alternative["origin"], alternative["by"], alternative["amount"]) == (
        "stage_1",
        "2026-12-18",
        "80.00",
    )
    watched = [row["state"] for row in case["deadlines"] if row["standard"] == "complaints.code.action"]
    assert sorted(watched) == ["cancelled", "running", "running", "running"], "the payment has a day, too"
    text = (await team.letter(reference, "remedy-failed"))["text"]
    for part in (
        "Mend the shed.",
        *INSTEAD.values(),
        "£80.00",
        "Friday 18 December 2026",
        "Housing Ombudsman",
    ):
        assert part in text
    for act in ("failure", "completion"):
        refused = await team.try_to(f"actions/2/{act}", reference, **(INSTEAD if act == "failure" else {}))
        assert refused.status_code == 409, "it has ended"


async def test_an_order_is_for_the_ombudsman_alone_to_change(team: Team) -> None:
    """No act of the council's puts another in its place."""
    reference = await team.answered()
    await team.act("escalation", reference)
    second = team.officer("bo")
    await team.act("acknowledgement", reference, second, **UNDERSTOOD)
    await team.act("response", reference, second, **ANSWER)
    order = {"description": "Pay £50.", "by": "2026-12-31"}
    case = await team.act("ombudsman-determination", reference, outcome="maladministration", orders=[order])
    assert "actions/{n}/completion" in case["allowed"]
    assert "actions/{n}/failure" not in case["allowed"]
    refused = await team.try_to("actions/1/failure", reference, **INSTEAD)
    assert (refused.status_code, "Ombudsman" in refused.json()["detail"]) == (409, True)
