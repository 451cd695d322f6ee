"""A hate crime from its report to the review of its closing."""

from tests.services.asb.cases import HATE, Cases


async def test_every_act_is_taken_in_turn(cases: Cases) -> None:
    """From the report of a hate crime to its reopening, and who is let in."""
    case = await cases.report(**HATE)
    ref = case["reference"]
    assert case["priority"] == 1
    for act, body in [
        ("victim-contact", {"method": "phone", "reached": False}),
        ("victim-contact", {"method": "phone", "reached": True}),
        ("risk", {"score": "high", "reason": "Threats."}),
        ("visit", {"action_plan_agreed": True, "plan": "Keep a diary"}),
        ("action-plan", {"plan": "Keep a diary"}),
        ("updates", {"message": "We spoke to them."}),
        ("update-frequency", {"every": "weekly", "reason": "asked"}),
        ("incidents", {"description": "Again."}),
        ("actions", {"kind": "warning letter", "date": "2026-11-20"}),
        (
            "damage",
            {"description": "Door kicked in", "fault": "frames-and-doors", "repair_responsibility": True},
        ),
        ("home", {"property": {"address": "2 High Street", "postcode": "RM1 1AA"}}),
        ("case-review", {"grounds": "It goes on"}),
        ("case-review/referrals", {"body": "police"}),
        ("case-review/decision", {"threshold_met": True, "persistence": "a", "harm": "b", "adequacy": "c"}),
        (
            "case-review/outcome",
            {"outcome": "x", "recommendations": [{"recommendation": "r", "body": "police"}]},
        ),
        ("case-review/completion", {"recommendation": 1}),
        ("team", {"members": ["alex", "bo"], "handler": "Alex Reyes"}),
        ("closure", {"reason": "Moved", "agreed_with_victim": True}),
        ("survey", {}),
        ("survey/answers", {"satisfied": False, "comments": "No.", "complaint": True}),
        ("review", {"outcome": "reopen", "reason": "Rightly"}),
    ]:
        case = await cases.act(ref, act, body)
    await cases.act(ref, "risk/review", {"outcome": "ok"}, by=cases.officer("bo", "manager"))
    assert (await cases.refused(ref, "updates", {"message": "x"}, by=cases.officer("cy"))).status_code == 404
    case = await cases.act(ref, "break-glass", {"reason": "At once"}, by=cases.officer("cy"))
    me = cases.officer("alex", "manager")
    for path in (
        "",
        f"/{ref}/diary",
        f"/{ref}/suggestions",
        f"/{ref}/reads",
        "/break-glass",
        "/case-reviews?year=2026",
        f"/{ref}/attachments",
    ):
        answer = await cases.client.get(f"/v1/asb{path}", headers=me)
        assert answer.status_code == 200, (path, answer.text)
    for sort in ("received_at", "-received_at"):
        await cases.report()
        answer = await cases.client.get(f"/v1/asb?sort={sort}&limit=1", headers=me)
        assert answer.json()["items"][0]["reference"] == ref
        more = await cases.client.get(
            f"/v1/asb?sort={sort}&limit=1&cursor={answer.json()['next']}", headers=me
        )
        assert more.json()["items"][0]["reference"] != ref
