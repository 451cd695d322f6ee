"""The caretakers' round of a day, and ticks from a phone that lost signal."""

from typing import Any

import pytest

from tests.services.estates.caring import SAM, WHOLE, Estate

LEE = {"name": "Lee Ward", "subject": "lee"}
EARLIER = "2026-11-20T09:00:00Z"


def told(sheet: dict[str, Any]) -> list[tuple[str, str]]:
    return [(stop["task"], stop["reference"]) for stop in sheet["items"]]


async def test_the_sheet_is_what_is_due_by_caretaker_in_walking_order(estate: Estate) -> None:
    """What is urgent stands first; what is due another day, or another team's, is not on it."""
    second = await estate.site(walking_order=2, received_at=EARLIER)
    first = await estate.site(walking_order=1, received_at=EARLIER)
    lees = await estate.site(caretaker=LEE, kind="low_rise", received_at="2026-11-13T09:00:00Z")
    await estate.site(kind="low_rise")  # due in two weeks
    await estate.done(f"sites/{second}/inspections", cleanliness=3, unsatisfactory=["The bins"])
    await estate.done(f"sites/{lees}/clearances", date="2026-11-27", partner="The fire brigade")
    await estate.done(f"sites/{lees}/clearances", date="2026-11-28")
    rubbish = await estate.issue(kind="rubbish", site=second)
    needles = await estate.issue(kind="needles", site=second)
    door = await estate.issue(kind="communal_repair", site=first)
    await estate.done(f"issues/{door}/referral", to="repairs")
    nobodys = await estate.issue(kind="fly_tipping")
    kays = [
        ("issue", needles),
        ("clean", first),
        ("issue", rubbish),
        ("clean", second),
        ("follow_up", second),
    ]
    sheet = await estate.read("rounds")
    assert sheet["on"] == "2026-11-27"
    assert told(sheet) == [*kays, ("clean", lees), ("clearance", lees), ("issue", nobodys)]
    assert told(await estate.read("rounds", caretaker="kay")) == kays
    assert told(await estate.read("rounds", estate.officer("kay"), caretaker="me")) == kays
    clean = next(stop for stop in sheet["items"] if stop["reference"] == first)
    assert (clean["parts"], clean["landing"]) == (["inside", "lifts", "lobbies", "outside"], 1)
    assert (clean["due_at"], clean["caretaker"]) == ("2026-11-21T23:59:59Z", "Kay Osei")
    tomorrow = await estate.read("rounds", on="2026-11-28", caretaker="lee")
    assert told(tomorrow) == [("clean", lees), ("clearance", lees), ("clearance", lees)]


async def test_a_caretaker_without_a_sign_in_is_found_by_name_as_people_read_it(estate: Estate) -> None:
    """The register spells it with one apostrophe, the phone with another."""
    site = await estate.site(caretaker={"name": "Siân O’Neill-Roe"}, received_at=EARLIER)
    rubbish = await estate.issue(kind="rubbish", site=site)
    for asked in ("siân o'neill-roe", "O’NEILL-ROE, Siân"):
        assert told(await estate.read("rounds", caretaker=asked)) == [("issue", rubbish), ("clean", site)]
    assert told(await estate.read("rounds", caretaker="Siân Roe")) == []


async def test_what_was_cleaned_is_on_the_sheet_again_when_it_is_due_again(estate: Estate) -> None:
    """A tower block tomorrow; half a clean leaves it on today's."""
    site = await estate.site(received_at=EARLIER)
    await estate.done(f"sites/{site}/cleans", inside=True, outside=True)
    assert told(await estate.read("rounds")) == [("clean", site)]
    await estate.done(f"sites/{site}/cleans", **WHOLE)
    assert told(await estate.read("rounds")) == []
    assert told(await estate.read("rounds", on="2026-11-28")) == [("clean", site)]


async def test_a_collection_is_on_the_sheet_of_its_day(estate: Estate) -> None:
    """Not before."""
    scheme = await estate.site(kind="sheltered")
    sofa = await estate.issue(kind="bulky_items", site=scheme, contact=SAM)
    await estate.done(f"issues/{sofa}/appointment", at="2026-12-01T10:00:00Z")
    assert told(await estate.read("rounds", on="2026-11-30")) == []
    [stop] = (await estate.read("rounds", on="2026-12-01"))["items"]
    assert (stop["reference"], stop["due_at"]) == (sofa, "2026-12-01T10:00:00Z")


async def test_each_tick_is_answered_on_its_own_late_twice_and_in_any_order(estate: Estate) -> None:
    """A phone that found its signal again sends all it has, and what it is not sure of again."""
    site = await estate.site(received_at=EARLIER)
    await estate.done(f"sites/{site}/inspections", cleanliness=3, unsatisfactory=["The bins"])
    needles, rubbish = await estate.issue(kind="needles", received_at=EARLIER), await estate.issue()
    later = {"reference": site, "occurred_at": "2026-11-27T10:00:00Z", **WHOLE}
    earlier = {**later, "occurred_at": "2026-11-26T10:00:00Z", "landings": True}
    gone = {"reference": needles, "occurred_at": "2026-11-27T09:40:00Z"}
    came = {"reference": needles, "occurred_at": "2026-11-27T09:30:00Z", "attended": True}
    bins = {"reference": site, "follow_up": 1, "notes": "Emptied."}
    ticks = [later, gone, earlier, came, {"reference": rubbish}, bins]
    wrong: list[Any] = [
        {"reference": site, "inside": True},
        {"reference": rubbish, "inside": True},
        {"reference": "SIT-0000-0000", **WHOLE},
        {"reference": needles, "occurred_at": "2026-11-27T09:50:00Z"},
        "cleaned",
    ]
    assert await estate.tick(*ticks, *wrong) == [201] * 6 + [422, 422, 404, 409, 422]
    assert await estate.tick(*reversed(ticks)) == [201] * 6
    cleans = (await estate.read(f"sites/{site}/cleans"))["items"]
    assert [(row["cleaned_at"], row["landings"]) for row in cleans] == [
        ("2026-11-27T10:00:00Z", []),
        ("2026-11-26T10:00:00Z", [1]),
    ]
    case = await estate.read(f"issues/{needles}")
    assert (case["status"], case["attended_at"]) == ("resolved", "2026-11-27T09:30:00Z")
    assert (await estate.read(f"sites/{site}"))["follow_ups"] == []


@pytest.mark.parametrize("by", ["resident", "repairs"])
async def test_a_round_is_for_officers_of_the_department(estate: Estate, by: str) -> None:
    """An officer of another department finds an empty one."""
    site = await estate.site(received_at=EARLIER)
    if by == "resident":
        answer = await estate.client.get("/v1/estates/rounds", headers=estate.resident)
        assert answer.status_code == 403
        return
    officer = estate.callers.officer("repairs")
    assert told(await estate.read("rounds", officer)) == []
    answer = await estate.post("rounds/ticks", officer, ticks=[{"reference": site, **WHOLE}])
    assert [result["status"] for result in answer.json()["results"]] == [404]
