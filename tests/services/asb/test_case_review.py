"""The case review of the Act of 2014, section 104: from the application to its last recommendation."""

from datetime import timedelta

import httpx
import pytest

from shared.standards.periods import civil_date
from tests.services.asb.cases import Cases
from tests.support.clock import house_clock

TWICE = [{"description": "Shouting."}, {"description": "Paint."}]
REASONS = {"persistence": "Weekly.", "harm": "She cannot sleep.", "adequacy": "Two letters."}
BO = {"name": "Bo Smith", "contact": {"email": "bo@example.org"}}
PATROL = {"recommendation": "Patrol on Fridays.", "body": "police", "by": "2027-01-08"}
CAMERA = {"recommendation": "A camera.", "body": "council"}
POLICE = {"reported_to": "police", "happened_on": "2026-11-01", "reported_on": "2026-11-02"}


def day(days: int) -> str:
    """So many days from today in London."""
    return str(civil_date(house_clock()) + timedelta(days=days))


async def test_at_three_qualifying_reports_it_must_be_held(cases: Cases) -> None:
    """Whatever body they were reported to; there is nothing to be decided, and so no way to refuse."""
    incidents = [{"description": "Paint.", **POLICE}, {"description": "Shouting."}]
    reference = (await cases.report(incidents=incidents))["reference"]
    sam = cases.callers.resident("sam")
    await cases.act(reference, "incidents", {"description": "Paint again."}, sam)
    [review] = (await cases.act(reference, "case-review", {"grounds": "It goes on."}, sam))["case_reviews"]
    assert (review["status"], review["qualifying_reports"]) == ("due", None), "others' reports count too"
    assert (await cases.read(reference))["case_reviews"][0]["qualifying_reports"] == 3
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
    neighbour = {"applicant": BO}
    assert (await cases.refused(reference, "case-review", neighbour)).status_code == 422
    applied = await cases.act(reference, "case-review", {**neighbour, "consent": True})
    assert applied["case_reviews"][0]["applicant"] == "Bo Smith"
    assert applied["case_reviews"][0]["applicant_contact"]["email"] == "bo@example.org"
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


async def test_the_other_sides_reports_are_not_counted(cases: Cases) -> None:
    """Joined before it was known that one is about the other's reporter; neither gains by the other's."""
    ada = await cases.report(cases.callers.resident("ada"), incidents=TWICE)
    robin = await cases.report(cases.callers.resident("robin"), incidents=TWICE, alleged_perpetrator=None)
    together = {"reference": ada["reference"], "reason": "One stairwell."}
    await cases.act(robin["reference"], "joining", together)
    name = {"name": "Robin Loud", "phone": "01708 434343"}
    await cases.act(robin["reference"], "contact", name)
    for reference in (ada["reference"], robin["reference"]):
        [review] = (await cases.act(reference, "case-review"))["case_reviews"]
        assert (review["status"], review["qualifying_reports"]) == ("applied", 2)


async def test_a_second_application_leaves_the_first_ones_recommendations(cases: Cases) -> None:
    """Each application is its own, and every recommendation is followed to its end."""
    reference = (await cases.report())["reference"]
    for recommended in ([PATROL, CAMERA], [CAMERA]):
        await cases.act(reference, "case-review")
        await cases.act(reference, "case-review/decision", {"threshold_met": True, **REASONS})
        await cases.act(
            reference, "case-review/outcome", {"outcome": "More.", "recommendations": recommended}
        )
    for done in ({"recommendation": 1}, {"case_review": 1, "recommendation": 2}):
        await cases.act(reference, "case-review/completion", done)
    refused = await cases.refused(reference, "case-review/completion", {"recommendation": 1})
    assert refused.status_code == 422
    case = await cases.act(reference, "case-review/completion", {"case_review": 1, "recommendation": 1})
    done_on = [
        [each["completed_on"] for each in review["recommendations"]] for review in case["case_reviews"]
    ]
    assert done_on == [[day(0)] * 2, [day(0)]]
    assert "case-review/completion" not in case["allowed"]
    last = {"case_review": 1, "recommendation": 1}
    assert (await cases.refused(reference, "case-review/completion", last)).status_code == 409


@pytest.mark.parametrize(
    ("act", "body", "pointer", "days"),
    [
        ("case-review/referrals", {"body": "police"}, "/sent_on", 1),
        ("case-review/referrals", {"body": "police"}, "/sent_on", -1),
        ("case-review/outcome", {"outcome": "More."}, "/told_on", 1),
        ("case-review/outcome", {"outcome": "More."}, "/told_on", -1),
        ("case-review/completion", {"recommendation": 1}, "/completed_on", 1),
        ("case-review/completion", {"recommendation": 1}, "/completed_on", -1),
        ("case-review/completion", {"case_review": 2, "recommendation": 1}, "/case_review", None),
    ],
)
async def test_a_day_is_neither_to_come_nor_before_what_it_follows(
    cases: Cases, act: str, body: dict[str, object], pointer: str, days: int | None
) -> None:
    """Applied for and held today."""
    reference = (await cases.report(incidents=[*TWICE, *TWICE]))["reference"]
    await cases.act(reference, "case-review")
    if act == "case-review/completion":
        await cases.act(reference, "case-review/outcome", {"outcome": "More.", "recommendations": [CAMERA]})
    refused = await cases.refused(reference, act, body | ({} if days is None else {pointer[1:]: day(days)}))
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_the_log_of_referrals_has_an_end(cases: Cases) -> None:
    """Fifty bodies are more than any application concerns."""
    reference = (await cases.report())["reference"]
    await cases.act(reference, "case-review")
    for number in range(50):
        await cases.act(reference, "case-review/referrals", {"body": f"body {number}"})
    refused = await cases.refused(reference, "case-review/referrals", {"body": "one more"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/body")
