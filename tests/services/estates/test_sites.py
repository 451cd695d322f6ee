"""Sites from their registration to their retirement: cleans, inspections, clearances, landings in turn."""

from datetime import timedelta
from typing import Any

import pytest

from shared.app_state import AppState
from shared.work import unit_of_work
from tests.services.estates.caring import SITE, WHOLE, Estate, due

BOTH = {"inside": True, "outside": True}
REGISTER = """name,kind,address,caretaker,caretaker_subject,walking_order,landings,received_at
Mercury House,Tower block,"1 Mercury Gardens, RM1 3SL",Kay Osei,kay,1,12,2026-11-26T09:00:00Z
The Limes,low-rise,"2 Lime Road, RM1 3SL",Kay Osei,kay,2,,
Nowhere,castle,"3 Lime Road, RM1 3SL",,,,,
Later,low_rise,"4 Lime Road, RM1 3SL",,,,,2027-01-01T09:00:00Z
The  limes,low_rise,"2 lime road, RM1 3SL",,,,,
Elms,low_rise,"5 Lime Road, RM1 3SL",,,first,,
"""


async def test_a_sites_promises_are_in_the_answer_to_its_registration(estate: Estate) -> None:
    """A tower block is cleaned each day, and every site is inspected within six weeks."""
    site = await estate.done("sites", **SITE)
    assert due(site) == {
        "tower-block.clean": "2026-11-28T23:59:59Z",
        "inspection": "2027-01-08T23:59:59Z",
    }
    assert site["handler"] == {"name": "Kay Osei", "department": "estates", "subject": "kay"}
    assert site["summary"].startswith(
        "Tower block Mercury House, 1 Mercury Gardens, Romford RM1 3SL. With us"
    )
    low_rise = await estate.done("sites", **{**SITE, "kind": "low_rise", "caretaker": "Kay Osei"})
    assert due(low_rise)["low-rise.clean"] == "2026-12-11T23:59:59Z"
    sheltered = await estate.done("sites", **{**SITE, "kind": "sheltered"})
    assert list(due(sheltered)) == ["inspection"]


@pytest.mark.parametrize(
    ("kind", "cleaned", "complete"),
    [
        ("tower_block", WHOLE, True),
        ("tower_block", {**WHOLE, "lobbies": False}, False),
        ("tower_block", BOTH, False),
        ("low_rise", BOTH, True),
        ("low_rise", {"inside": False, "outside": True}, False),
    ],
)
async def test_half_a_clean_meets_nothing_and_is_kept(
    estate: Estate, kind: str, cleaned: dict[str, bool], complete: bool
) -> None:
    """Lifts and lobbies belong to a tower block's."""
    site = await estate.site(kind=kind, received_at="2026-11-25T09:00:00Z")
    case = await estate.done(f"sites/{site}/cleans", occurred_at="2026-11-26T10:00:00Z", **cleaned)
    met = [row["met_at"] for row in case["deadlines"] if row["standard"].endswith(".clean")]
    assert met[0] == ("2026-11-26T10:00:00Z" if complete else None)
    assert case["cleaned_at"] == ("2026-11-26T10:00:00Z" if complete else None)
    [kept] = (await estate.read(f"sites/{site}/cleans"))["items"]
    assert (kept["complete"], kept["inside"], kept["told_by"]) == (complete, cleaned["inside"], "eve")


async def test_landings_are_cleaned_in_turn(estate: Estate) -> None:
    """The one cleaned longest ago is next; a clean that is told late changes none that was cleaned since."""
    site = await estate.site(received_at="2026-11-20T09:00:00Z")
    for day, landings, following in (
        ("24", True, 2),
        ("25", [3], 2),
        ("26", [2], 1),
        ("23", [1], 1),
        ("27", True, 3),
    ):
        at = f"2026-11-{day}T10:00:00Z"
        case = await estate.done(f"sites/{site}/cleans", landings=landings, occurred_at=at, **WHOLE)
        assert case["next_landing"] == following, day
    refused = await estate.post(f"sites/{site}/cleans", landings=[4], **WHOLE)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/landings")
    without = await estate.site(landings=0)
    assert (await estate.post(f"sites/{without}/cleans", landings=True, **WHOLE)).status_code == 422


async def test_what_an_inspection_found_is_followed_up_with_the_caretaker(estate: Estate) -> None:
    """Each element to its own resolution, also once the site has been retired."""
    site = await estate.site()
    case = await estate.done(
        f"sites/{site}/inspections", cleanliness=2, unsatisfactory=["The bins", "The lift floor"]
    )
    assert [(row["number"], row["element"]) for row in case["follow_ups"]] == [
        (1, "The bins"),
        (2, "The lift floor"),
    ]
    assert due(case)["inspection"] == "2027-01-08T23:59:59Z"
    case = await estate.done(f"sites/{site}/follow-ups/1/resolution", notes="Emptied.")
    assert [row["number"] for row in case["follow_ups"]] == [2]
    await estate.done(f"sites/{site}/retirement", reason="It was sold.")
    assert (await estate.post(f"sites/{site}/follow-ups/1/resolution")).status_code == 404
    case = await estate.done(f"sites/{site}/follow-ups/2/resolution")
    assert (case["follow_ups"], case["allowed"]) == ([], [])
    [told] = (await estate.read(f"sites/{site}/inspections"))["items"]
    found = [(row["element"], row["caretaker"], row["resolved_by"]) for row in told["unsatisfactory"]]
    assert found == [("The bins", "Kay Osei", "eve"), ("The lift floor", "Kay Osei", "eve")]


async def test_a_clearance_is_planned_with_a_partner_and_carried_out_on_its_day(estate: Estate) -> None:
    """Not before; one that was called off says so."""
    site = await estate.site()
    past = await estate.post(f"sites/{site}/clearances", date="2026-11-26")
    assert (past.status_code, past.json()["errors"][0]["pointer"]) == (422, "/date")
    await estate.done(f"sites/{site}/clearances", date="2026-11-27", partner="The fire brigade")
    case = await estate.done(f"sites/{site}/clearances", date="2026-12-01")
    assert [(row["number"], row["partner"]) for row in case["clearances"]] == [
        (1, "The fire brigade"),
        (2, None),
    ]
    early = await estate.post(f"sites/{site}/clearances/2/outcome", carried_out=True)
    assert early.status_code == 422
    await estate.done(f"sites/{site}/clearances/1/outcome", carried_out=True, notes="Two skips.")
    case = await estate.done(f"sites/{site}/clearances/2/outcome", carried_out=False)
    assert case["clearances"] == []
    assert "clearances/{number}/outcome" not in case["allowed"]


async def test_a_retired_site_is_cleaned_no_longer(estate: Estate) -> None:
    """Nothing more is due, and no act but those that follow up what was found."""
    site = await estate.site()
    case = await estate.done(f"sites/{site}/retirement")
    assert {row["state"] for row in case["deadlines"]} == {"cancelled"}
    refused = await estate.post(f"sites/{site}/cleans", **WHOLE)
    assert (refused.status_code, refused.json()["allowed"]) == (409, [])
    assert (await estate.read("sites", status="registered"))["items"] == []


async def test_a_register_is_loaded_line_by_line_and_once(estate: Estate) -> None:
    """Bad lines are told with their number; a site of a known name and address is not loaded again."""
    headers = estate.officer() | {"Content-Type": "text/csv"}
    answers: list[Any] = []
    for _ in range(2):
        answer = await estate.client.post("/v1/estates/sites/register", content=REGISTER, headers=headers)
        assert answer.status_code == 201, answer.text
        answers.append(answer.json())
    first, again = answers
    counts = ("registered", "known", "refused")
    assert [[each[name] for name in counts] for each in answers] == [[2, 0, 4], [0, 2, 4]]
    refused = [
        (row["line"], row["problem"]["errors"][0]["pointer"]) for row in first["lines"] if row["problem"]
    ]
    assert refused == [(4, "/kind"), (5, "/received_at"), (6, "/name"), (7, "/walking_order")]
    assert [row["reference"] for row in again["lines"]] == [row["reference"] for row in first["lines"]]
    site = await estate.read(f"sites/{first['lines'][0]['reference']}")
    assert (site["walking_order"], site["landings"], site["handler"]["subject"]) == (1, 12, "kay")
    assert due(site)["tower-block.clean"] == "2026-11-27T23:59:59Z"
    elsewhere = estate.callers.officer("repairs") | {"Content-Type": "text/csv"}
    unasked = await estate.client.post("/v1/estates/sites/register", content=REGISTER, headers=elsewhere)
    assert unasked.status_code == 403


async def test_ten_years_of_daily_cleans_are_read_from_the_latest_alone(
    estate: Estate, estates_state: AppState
) -> None:
    """Neither the first promise, which was met by a clean of long ago, nor one between looks late."""
    site = await estate.site(received_at="2026-10-01T09:00:00Z")
    await estate.done(f"sites/{site}/inspections", cleanliness=4, occurred_at="2026-10-02T09:00:00Z")
    day = estates_state.clock() - timedelta(days=50)
    while (day := day + timedelta(days=1)) < estates_state.clock():
        await estate.done(f"sites/{site}/cleans", occurred_at=day.isoformat(), **WHOLE)
    case = await estate.read(f"sites/{site}")
    assert due(case) == {"tower-block.clean": "2026-11-28T23:59:59Z", "inspection": "2026-11-13T23:59:59Z"}
    states = [row["state"] for row in case["deadlines"] if row["standard"] == "estates.tower-block.clean"]
    assert set(states[:-1]) == {"met"}
    assert len(states) < 25
    async with unit_of_work(estates_state) as work:
        assert len((await work.history([site]))[site]) == 52


async def test_sites_are_for_officers_of_the_department(estate: Estate) -> None:
    """A resident has none, an officer of another department sees none and registers none."""
    site = await estate.site()
    repairs = estate.callers.officer("repairs")
    assert (await estate.read("sites", estate.resident))["items"] == []
    assert (await estate.read("sites", repairs))["items"] == []
    assert (await estate.post(f"sites/{site}/cleans", repairs, **WHOLE)).status_code == 404
    assert (await estate.post("sites", repairs, **SITE)).status_code == 403
    assert (await estate.post("sites", estate.resident, **SITE)).status_code == 403
