"""Restrictions of contact: each has a day of review, which is watched until it is kept anew or lifted."""

from typing import Any

from tests.services.complaints.complaining import Team

BY_LETTER: dict[str, Any] = {
    "restriction": "By letter alone.",
    "reason": "He rang forty times in a day.",
    "review_on": "2027-02-01",
}
CALMER: dict[str, Any] = {"reason": "He has not rung since."}


async def test_a_restriction_is_reviewed_until_it_is_lifted(team: Team) -> None:
    """Kept at its review it has a new day; the resident sees it, and not why."""
    reference = await team.complain(by=team.resident)
    refused = await team.try_to("contact-restriction-lifting", reference, **CALMER)
    assert refused.status_code == 409
    refused = await team.try_to("contact-restriction", reference, **BY_LETTER | {"review_on": "2026-11-02"})
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/review_on"]
    case = await team.act("contact-restriction", reference, **BY_LETTER)
    assert reviews(case) == [("running", "2027-02-01")]
    case = await team.act("contact-restriction", reference, **BY_LETTER | {"review_on": "2027-05-04"})
    assert reviews(case) == [("met", "2027-02-01"), ("running", "2027-05-04")]
    assert case["restriction"] == {"restriction": "By letter alone.", "review_on": "2027-05-04"}
    seen = await team.read(reference, team.resident)
    assert (seen["restriction"]["review_on"], reviews(seen)) == ("2027-05-04", []), "reviews are for staff"
    case = await team.act("contact-restriction-lifting", reference, **CALMER)
    assert (case["restriction"], [state for state, _ in reviews(case)]) == (None, ["met", "met"])


def reviews(case: dict[str, Any]) -> list[tuple[str, str]]:
    """The state and the day of each review of a restriction, in order."""
    standard = "complaints.contact-restriction.review"
    rows = [row for row in case["deadlines"] if row["standard"] == standard]
    return sorted(((row["state"], row["due_at"][:10]) for row in rows), key=lambda each: each[1])
