"""A service that a directory adds is served like any other, and nothing of the product names it."""

from typing import Any

import pytest

from tests.end_to_end.houses import OFFICER, OPS, RESIDENT, House
from tests.shared.example.directory import WITH_EXAMPLE
from tests.shared.permits_app import REQUEST
from tests.support.eventually import eventually

AT_HOME = {"name": "Sam Jones", "email": "sam@example.org", "address": "1 High Street, RM1 1AA"}


@pytest.fixture
async def permit(house: House) -> dict[str, Any]:
    """A permit as its resident was answered."""
    return await house.act("/v1/permits", REQUEST, by=RESIDENT)


async def test_its_cases_are_taken_through_the_gateway_with_their_promise(
    house: House, permit: dict[str, Any]
) -> None:
    """Its own standards' promise is in the answer, and the caller's acts; the officers' department has it."""
    assert permit["reference"].startswith("PER-")
    assert [each["standard"] for each in permit["deadlines"]] == ["permits.issued"]
    read = (await house.get(f"/v1/permits/{permit['reference']}")).json()
    assert (read["status"], read["allowed"]) == ("requested", ["issue"])


async def test_its_promises_are_watched_and_met(house: House, permit: dict[str, Any]) -> None:
    """Notifications hears its events by the broker, and counts by the same row."""
    running = await house.deadlines(permit["reference"])
    assert running["permits.issued"]["due_at"] == permit["deadlines"][0]["due_at"]
    issued = await house.act(f"/v1/permits/{permit['reference']}/issue", {})
    assert (issued["status"], issued["deadlines"][0]["state"]) == ("issued", "met")
    assert await house.deadlines(permit["reference"], state="met")
    again = await house.post(f"/v1/permits/{permit['reference']}/issue", {}, OFFICER)
    assert (again.status_code, again.json()["allowed"]) == (409, [])


async def test_its_resident_is_written_to_in_its_own_words(house: House, permit: dict[str, Any]) -> None:
    """A row of messages of its own is all that it takes."""
    [told] = await house.notices(permit["reference"], kind="acknowledgement")
    assert (told["audience"], told["status"]) == ("resident", "sent")
    [letter] = house.letters(permit["reference"], to="sam@example.org")
    assert letter["Subject"] == f"We have your request: {permit['reference']}"
    assert "Thank you for asking us." in letter.get_content()


async def cases_of(house: House) -> list[str]:
    """The references of the resident's cases, once every service is quick enough to give its own."""

    async def look() -> list[str]:
        mine = (await house.get("/v1/me/cases", by=RESIDENT)).json()
        return [] if mine["unavailable"] else [case["reference"] for case in mine["items"]]

    return await eventually(look)


async def test_its_cases_are_among_its_residents_own(house: House, permit: dict[str, Any]) -> None:
    """The newest promise first, whichever service made it; one taken by phone once its resident claims it."""
    repair = await house.report()
    taken = await house.act("/v1/permits", {**REQUEST, "channel": "phone", "contact": AT_HOME})
    mine = await cases_of(house)
    assert mine[:2] == [repair["reference"], permit["reference"]]
    claim = {"reference": taken["reference"], "surname": "Jones", "postcode": "RM1 1AA"}
    wrong = await house.post("/v1/me/cases/claims", {**claim, "surname": "Smith"}, RESIDENT)
    assert wrong.status_code == 404
    claimed = await house.act("/v1/me/cases/claims", claim, by=RESIDENT)
    assert (claimed["reference"], claimed["service"]) == (taken["reference"], "permits")
    assert (await cases_of(house))[0] == taken["reference"]
    [told] = await house.notices(taken["reference"], kind="case_claimed")
    assert (told["audience"], told["status"]) == ("resident", "sent")
    letters = house.letters(taken["reference"], to=AT_HOME["email"])
    assert any("please tell us at once" in letter.get_content() for letter in letters)
    read = await house.get(f"/v1/cases/{taken['reference']}/deadlines", by=RESIDENT)
    assert read.status_code == 200


async def test_it_is_asked_by_others_under_their_own_names(house: House, permit: dict[str, Any]) -> None:
    """Notifications compares the events received with those of each owner, the added one among them."""
    await house.deadlines(permit["reference"])
    compared = await house.act("/v1/reconciliations", {}, by=OPS)
    assert (compared["unasked"], compared["missing"]) == ([], [])
    assert compared["checked"] >= 1


async def test_it_is_shown_where_every_service_is(house: House) -> None:
    """Among those whose status is watched, and in the merged document; and its queue's dead letters are."""
    assert set(await house.status()) == set(WITH_EXAMPLE.names)
    assert "/v1/permits/{reference}/issue" in (await house.http.get("/openapi.json")).json()["paths"]

    async def listens() -> bool:
        return (await house.get("/v1/dead-letters", by=OPS, queue="permits")).status_code == 200

    assert await eventually(listens)
