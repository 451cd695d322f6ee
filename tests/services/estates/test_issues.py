"""Problems from their report to their end: what is urgent, what comes again, and who sees what."""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.app_state import AppState
from shared.work import unit_of_work
from tests.services.estates.caring import ISSUE, SAM, SITE, Estate, due

KINDS = (
    *("graffiti", "fly_tipping", "needles", "rubbish", "bulky_items", "abandoned_vehicle", "untaxed_vehicle"),
    *("unauthorised_vehicle", "badly_parked_vehicle", "communal_repair", "welfare_concern", "other"),
)
OFFENSIVE: Mapping[str, Any] = {"kind": "graffiti", "offensive": True}


async def facts_of(state: AppState, reference: str, type: str) -> list[dict[str, Any]]:
    """The facts of each event of that type of a case, in order."""
    async with unit_of_work(state) as work:
        history = (await work.history([reference]))[reference]
    return [dict(event.facts) for event in history if event.type == f"estates.{type}"]


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_problem_is_taken_in_and_dealt_with(estate: Estate, kind: str) -> None:
    """Only needles come before all others of themselves, and staff keep themselves to a time for them."""
    case = await estate.done("issues", estate.resident, **{**ISSUE, "kind": kind, "contact": SAM})
    assert (case["status"], case["urgent"], due(case)) == ("reported", kind == "needles", {})
    assert case["allowed"] == ["contact"]
    seen = due(await estate.read(f"issues/{case['reference']}"))
    assert list(seen) == (["urgent.attendance"] if kind == "needles" else [])
    case = await estate.done(f"issues/{case['reference']}/resolution", notes="Gone.")
    assert (case["status"], case["resolution"], case["notes"]) == ("resolved", "dealt_with", "Gone.")
    mine = await estate.read(f"issues/{case['reference']}", estate.resident)
    assert (mine["status"], mine["notes"], mine["referrals"]) == ("resolved", None, [])


async def test_offensive_graffiti_is_removed_within_24_hours(estate: Estate) -> None:
    """Counted from the report, and met when it was gone, not when that was told."""
    case = await estate.done("issues", **{**ISSUE, **OFFENSIVE, "received_at": "2026-11-27T08:00:00Z"})
    assert due(case) == {"offensive-graffiti.removal": "2026-11-28T08:00:00Z"}
    reference = case["reference"]
    case = await estate.done(f"issues/{reference}/resolution", occurred_at="2026-11-27T20:00:00Z")
    [promise] = case["deadlines"]
    assert (promise["state"], promise["met_at"]) == ("met", "2026-11-27T20:00:00Z")
    refused = await estate.post(f"issues/{reference}/resolution")
    assert (refused.status_code, refused.json()["allowed"]) == (409, ["attendance", "contact", "referral"])


async def test_a_problem_names_the_site_that_it_is_at(estate: Estate) -> None:
    """Whoever reads of the back stairs knows of which house; one that is at no site has no name of one."""
    site = await estate.site()
    at, elsewhere = await estate.issue(site=site), await estate.issue()
    shown = {each["reference"]: each for each in (await estate.read("issues"))["items"]}
    assert (shown[at]["site"], shown[at]["site_name"]) == (site, SITE["name"])
    assert shown[elsewhere]["site_name"] is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"kind": "rubbish", "offensive": True}, "/offensive"),
        ({"site": "SIT-7K3M-Q9TX"}, "/site"),
        ({"received_at": "2026-11-28T10:00:00Z"}, "/received_at"),
        ({"contact": {"name": "Sam Jones"}}, "/contact"),
        ({"kind": "noise"}, "/kind"),
    ],
)
async def test_what_cannot_be_right_is_refused_where_it_is_wrong(
    estate: Estate, changes: dict[str, Any], pointer: str
) -> None:
    """A site of another department's making is as unknown as one that there is not."""
    answer = await estate.post("issues", **{**ISSUE, **changes})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_what_is_urgent_is_listed_first(estate: Estate) -> None:
    """Each by its age; an emergency that a caretaker answered keeps when somebody came."""
    calm = await estate.issue(received_at="2026-11-27T07:00:00Z")
    needles = await estate.issue(kind="needles", received_at="2026-11-27T10:00:00Z")
    flood = await estate.issue(kind="other", urgent=True, received_at="2026-11-27T09:00:00Z")
    listed = await estate.read("issues", sort="urgent")
    assert [case["reference"] for case in listed["items"]] == [flood, needles, calm]
    for given, found in (("true", {flood, needles}), ("false", {calm})):
        listed = await estate.read("issues", urgent=given)
        assert {case["reference"] for case in listed["items"]} == found
    case = await estate.done(f"issues/{flood}/attendance", occurred_at="2026-11-27T09:20:00Z")
    assert (case["attended_at"], case["status"]) == ("2026-11-27T09:20:00Z", "reported")
    assert (await estate.post(f"issues/{flood}/attendance")).status_code == 409


async def test_bulky_items_of_a_sheltered_scheme_are_collected_by_appointment(estate: Estate) -> None:
    """Other sites' are collected on the round."""
    scheme = await estate.site(kind="sheltered")
    sofa = await estate.issue(kind="bulky_items", site=scheme, contact=SAM)
    case = await estate.done(f"issues/{sofa}/appointment", at="2026-12-01T10:00:00Z")
    assert case["appointment_at"] == "2026-12-01T10:00:00Z"
    past = await estate.post(f"issues/{sofa}/appointment", at="2026-11-27T10:00:00Z")
    assert (past.status_code, past.json()["errors"][0]["pointer"]) == (422, "/at")
    elsewhere = await estate.issue(kind="bulky_items", site=await estate.site())
    refused = await estate.post(f"issues/{elsewhere}/appointment", at="2026-12-01T10:00:00Z")
    assert (refused.status_code, "appointment" in refused.json()["allowed"]) == (409, False)


async def test_offensive_graffiti_that_comes_again_is_shown_to_the_asb_team(
    estate: Estate, estates_state: AppState
) -> None:
    """At one site, three times in thirty days; a fourth that was brought over, or of long ago, is none."""
    site, other = await estate.site(received_at="2026-10-01T09:00:00Z"), await estate.site()
    told: list[str] = []
    for day in ("2026-10-20", "2026-11-05", "2026-11-20"):
        told.append(await estate.issue(**OFFENSIVE, site=site, received_at=f"{day}T09:00:00Z"))
    await estate.issue(**OFFENSIVE, site=other)
    await estate.issue(**OFFENSIVE)
    await estate.issue(kind="graffiti", site=site)
    asb = estate.callers.officer_named("asa", "asb", scopes=["asb"])
    assert (await estate.read("repeated-graffiti", asb))["items"] == []
    third = await estate.issue(**OFFENSIVE, site=site)
    [shown] = (await estate.read("repeated-graffiti", asb))["items"]
    assert (shown["site"], shown["times"], shown["issues"]) == (site, 3, [*told[1:], third])
    [fact] = await facts_of(estates_state, third, "graffiti-repeated")
    assert fact == {"site": site, "times": 3, "within_days": 30}
    for reference in told:
        assert await facts_of(estates_state, reference, "graffiti-repeated") == []
    answer = await estate.client.get(
        "/v1/estates/repeated-graffiti", headers=estate.callers.officer("repairs")
    )
    assert answer.status_code == 403


async def test_a_problem_at_a_site_goes_with_its_caretaker(estate: Estate) -> None:
    """Until it is given to somebody by name."""
    site = await estate.site()
    left, given = await estate.issue(site=site), await estate.issue(site=site)
    await estate.done(f"issues/{given}/assignment", handler={"name": "Eve", "subject": "eve"})
    await estate.done(f"sites/{site}/assignment", caretaker={"name": "Lee", "subject": "lee"})
    found = {
        subject: [case["reference"] for case in (await estate.read("issues", handler=subject))["items"]]
        for subject in ("kay", "lee", "eve")
    }
    assert found == {"kay": [], "lee": [left], "eve": [given]}


async def test_a_problem_without_a_way_to_its_reporter_tells_nobody(
    estate: Estate, estates_state: AppState
) -> None:
    """Caretakers report what they find, and want no letter about it."""
    found = await estate.issue(channel="officer")
    known = await estate.issue(contact=SAM)
    for reference, tell in ((found, False), (known, True)):
        [fact] = await facts_of(estates_state, reference, "issue-reported")
        assert fact["tell_reporter"] is tell
    corrected = await estate.done(f"issues/{found}/contact", phone="01708 434343")
    assert corrected["contact"]["phone"] == "01708 434343"


async def test_who_sees_a_problem(estate: Estate) -> None:
    """Its reporter and the department; nobody else, whoever asks."""
    reference = await estate.issue(estate.resident, contact=SAM, property={**HOME})
    for by, status in (
        (estate.resident, 200),
        (estate.officer(), 200),
        (estate.callers.resident("alex"), 404),
        (estate.callers.officer("repairs"), 404),
        (estate.callers.frontend(), 403),
        (estate.callers.contractor(), 403),
    ):
        answer = await estate.client.get(f"/v1/estates/issues/{reference}", headers=by)
        assert answer.status_code == status, by
    for query in ({"uprn": "0010008352"}, {"postcode": "rm11aa"}, {"kind": "graffiti"}, {"mine": "true"}):
        by = estate.resident if "mine" in query else estate.officer()
        listed = await estate.read("issues", by, **query)
        assert [case["reference"] for case in listed["items"]] == [reference], query
    assert (await estate.read("issues", site=await estate.site(**SITE)))["items"] == []


HOME = {"uprn": "10008352", "address": "1 High Street, Romford", "postcode": "RM1 1AA"}
