"""Other cases at the home of a case: which homes are one, what is shown, and what never is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.board.presenting.homes import at_home, is_same_home, postcode_of
from tests.services.board.desk import ASB_OFFICER, Desk

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
FLAT = {"address": "Flat 2, 14 Example Road", "postcode": "RM1 1AA"}
NEXT_DOOR = {**FLAT, "address": "Flat 3, 14 Example Road"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (FLAT, {**FLAT, "address": "flat 2,  14 example road"}, True),
        (FLAT, NEXT_DOOR, False),
        ({**FLAT, "uprn": "0010"}, {**NEXT_DOOR, "uprn": "10"}, True),
        ({**FLAT, "uprn": "10"}, {**FLAT, "uprn": "11"}, False),
        ({**FLAT, "uprn": "10"}, FLAT, True),
        ({}, FLAT, False),
    ],
)
def test_one_home_by_its_number_or_as_people_write_it(
    one: dict[str, str], other: dict[str, str], expected: bool
) -> None:
    """Neighbours are none."""
    assert is_same_home(one, other) is is_same_home(other, one) is expected


def found(reference: str, **more: Any) -> dict[str, Any]:
    words = {"summary": "No heating. With us since Friday.", "status": "completed"}
    return {"reference": reference, "received_at": "2026-11-20T16:40:00Z", "property": FLAT, **words, **more}


def test_neither_the_case_itself_nor_a_guarded_one_is_among_the_others() -> None:
    """Those that are say what and when; that two people must go is known from any of them."""
    case = found("REP-0000-0001")
    items = [case, found("REP-0000-0002", visit_in_pairs=True), found("CAS-0000-0003")]
    shown = at_home(case, {"items": items, "unavailable": ["estates"], "next": None}, NOW)
    [other] = shown.cases
    assert (other.what, other.status) == ("No heating", "Completed")
    assert other.received == "Friday 20 November, 4:40pm"
    assert (shown.silent, shown.has_more, shown.visit_in_pairs) == (["Estates"], False, True)
    assert postcode_of(found("CAS-0000-0003")) == ""


async def test_a_case_shows_the_others_at_its_home_in_one_call_more(desk: Desk) -> None:
    """Not a neighbour's; for a part without an answer it says so, and the rest is there."""
    home = {"address": "9 Canary Row", "postcode": "RM2 9ZY"}
    case, other = await desk.report(property=home), await desk.report(property=home)
    neighbour = await desk.report(property={**home, "address": "10 Canary Row"})
    async with desk.counted() as (browser, asked):
        page = (await browser.get(f"/board/cases/{case['reference']}")).text
    called = [path for path in asked if path.startswith("/v1/")]
    assert called.count("/v1/search") == 1
    assert len(called) <= 6, called
    assert "Other cases at this home" in page
    assert f'href="/board/cases/{other["reference"]}"' in page
    assert neighbour["reference"] not in page
    async with desk.without("/v1/search") as browser:
        page = (await browser.get(f"/board/cases/{case['reference']}")).text
    assert "Other cases at this home are not available just now." in page


async def test_a_case_of_behaviour_asks_for_no_others(desk: Desk) -> None:
    """Nor would anybody learn from another case that there is one."""
    home = {"address": "9 Canary Row", "postcode": "RM2 9ZX"}
    body = {"category": "noise", "description": "Music", "channel": "online", "property": home}
    case = await desk.report("/v1/asb", ASB_OFFICER, replace=body)
    page = (await (await desk.browser(ASB_OFFICER)).get(f"/board/cases/{case['reference']}")).text
    assert "Music" in page
    assert "Other cases at this home" not in page
