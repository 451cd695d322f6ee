"""The case review of the Act of 2014, section 104: from the application to its last recommendation."""

import httpx
import pytest

from tests.services.asb.cases import Cases

REASONS = {"persistence": "Weekly.", "harm": "She cannot sleep.", "adequacy": "Two letters."}
PATROL = {"recommendation": "Patrol on Fridays.", "body": "police", "by": "2027-01-08"}
CAMERA = {"recommendation": "A camera.", "body": "council"}
POLICE = {"reported_to": "police", "happened_on": "2026-11-01", "reported_on": "2026-11-02"}


async def test_at_three_qualifying_reports_it_must_be_held(cases: Cases) -> None:
    """Whatever body they were reported to; there is nothing to be decided, and so no way to refuse."""
    incidents = [{"description": "Paint.", **POLICE}, {"description": "Shouting."}]
    reference = (await cases.report(incidents=incidents))["reference"]
    sam = cases.callers.resident("sam")
    await cases.act(reference, "incidents", {"description": "Paint again."}, sam)
    [review] = (await cases.act(reference, "case-review", {"grounds": "It goes on."}, sam))["case_reviews"]
    assert (review["status"], review["qualifying_reports"]) == ("due", 3)
    refused = await cases.refused(reference, "case-review/decision", {"threshold_met": False, **REASONS})
    assert (refused.status_code, "case-review/outcome" in refused.json()["allowed"]) == (409, True)


async def test_reports_that_were_joined_count_together(cases: Cases) -> None:
    """Three neighbours with a reference each have reported the same people."""
    first = (await cases.report())["reference"]
    for name in ("alex", "robin"):
        other = (await cases.report(cases.callers.resident(name)))["reference"]
        joined = await cases.act(other, "joining", {"reference": first, "reason": "The same flat."})
        assert (joined["status"], joined["joined_to"]) == ("open", first)
    assert len((await cases.read(first))["joined"]) == 2
    [review] = (await cases.act(first, "case-review"))["case_reviews"]
    assert (review["status"], review["qualifying_reports"]) == ("due", 3)


@pytest.mark.parametrize("missing", sorted(REASONS))
async def test_below_three_every_reason_is_given(cases: Cases, missing: str) -> None:
    """Also for a yes: persistence, harm or its potential, and the adequacy of the response."""
    reference = (await cases.report())["reference"]
    await cases.act(reference, "case-review")
    decision = {"threshold_met": True, **REASONS} | {missing: None}
    refused = await cases.refused(reference, "case-review/decision", decision)
    assert refused.json()["errors"][0]["pointer"] == f"/{missing}"


async def test_it_is_sent_to_all_decided_concluded_and_followed_up(
    cases: Cases, asb: httpx.AsyncClient
) -> None:
    """Applied for by somebody else with the victim's consent; the year's four figures count it."""
    reference = (await cases.report())["reference"]
    neighbour = {"applicant": {"name": "Bo Smith"}}
    assert (await cases.refused(reference, "case-review", neighbour)).status_code == 422
    applied = await cases.act(reference, "case-review", {**neighbour, "consent": True})
    assert applied["case_reviews"][0]["applicant"] == "Bo Smith"
    for body in ("police", "integrated care board"):
        applied = await cases.act(reference, "case-review/referrals", {"body": body})
    assert applied["case_reviews"][0]["to_be_sent_to"] == ["housing provider"]
    await cases.act(reference, "case-review/decision", {"threshold_met": True, **REASONS})
    outcome = {"outcome": "More is to be done.", "recommendations": [PATROL, CAMERA]}
    concluded = await cases.act(reference, "case-review/outcome", outcome)
    assert concluded["case_reviews"][0]["recommendations"][0]["by"] == "2027-01-08"
    await cases.act(reference, "case-review/completion", {"recommendation": 2})
    again = await cases.refused(reference, "case-review/completion", {"recommendation": 2})
    assert again.json()["errors"][0]["pointer"] == "/recommendation"
    done = await cases.act(reference, "case-review/completion", {"recommendation": 1})
    assert "case-review/completion" not in done["allowed"]

    refused = (await cases.report())["reference"]
    await cases.act(refused, "case-review")
    await cases.act(refused, "case-review/decision", {"threshold_met": False, **REASONS})
    figures = await asb.get("/v1/asb/case-reviews", params={"year": "2026"}, headers=cases.officer())
    assert figures.json() == {
        "year": 2026,
        "applications": 2,
        "threshold_not_met": 1,
        "reviews_carried_out": 1,
        "reviews_with_recommendations": 1,
    }
