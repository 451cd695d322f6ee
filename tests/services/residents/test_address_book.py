"""The address book: a home is one by either spelling, and a file of homes is loaded line by line."""

from typing import Any

import httpx
import pytest

from services.residents.queries import ADDRESS_BOOK
from shared.app_state import AppState
from shared.work import unit_of_work
from tests.services.callers import Callers, Headers
from tests.services.residents.moving_in import done, keeper, started

PLACE = {"address": "1 High Street", "postcode": "RM1 1AA"}


async def homes(client: httpx.AsyncClient, officer: Headers, **search: str) -> list[dict[str, Any]]:
    answer = await client.get("/v1/properties", params=search, headers=officer)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def loaded(client: httpx.AsyncClient, officer: Headers, file: str) -> dict[str, Any]:
    headers = officer | {"Content-Type": "text/csv"}
    answer = await client.post("/v1/properties/register", content=file, headers=headers)
    assert answer.status_code == 201, answer.text
    result: dict[str, Any] = answer.json()
    return result


async def test_a_home_is_one_by_either_spelling(residents: httpx.AsyncClient, callers: Callers) -> None:
    """Leading zeros and letter case do not count; what is told of it corrects it, the same again does not."""
    officer = keeper(callers)
    first = await done(residents, officer, "/v1/properties", uprn="0010", **PLACE)
    both = await done(
        residents, officer, "/v1/properties", uprn="10", property_reference="007-Ab", block="A", **PLACE
    )
    again = await done(residents, officer, "/v1/properties", property_reference="7-aB", **PLACE)
    assert both == {**first, "property_reference": "007-Ab", "block": "A"}
    assert again == {**both, "property_reference": "7-aB"}
    for search in ({"uprn": "00010"}, {"property_reference": "07-AB"}, {"postcode": "rm11aa"}):
        assert await homes(residents, officer, **search) == [again]
    assert (await residents.get(f"/v1/properties/{first['id']}", headers=officer)).json() == again


async def test_two_that_are_found_to_be_one_become_one(
    residents: httpx.AsyncClient, callers: Callers
) -> None:
    """With the tenancies of both; two that contradict each other do not."""
    officer = keeper(callers)
    by_uprn = await started(residents, officer, property={"uprn": "10", **PLACE})
    by_reference = await started(residents, officer, property={"property_reference": "A1", **PLACE})
    await done(residents, officer, "/v1/properties", uprn="10", property_reference="A1", **PLACE)
    assert len(await homes(residents, officer)) == 1
    for spelling in ({"uprn": "10"}, {"property_reference": "a1"}):
        found = (await residents.get("/v1/tenancies", params=spelling, headers=officer)).json()["items"]
        assert {case["reference"] for case in found} == {by_uprn["reference"], by_reference["reference"]}
        assert {case["property"]["uprn"] for case in found} == {"10"}
    await done(residents, officer, "/v1/properties", uprn="11", property_reference="B2", **PLACE)
    for path, body in (
        ("/v1/properties", {"uprn": "10", "property_reference": "B2", **PLACE}),
        (
            "/v1/tenancies",
            {
                "tenant": "Sam",
                "started_on": "2026-11-02",
                "contact": {"phone": "01708 434343"},
                "property": {"uprn": "10", "property_reference": "B2", **PLACE},
            },
        ),
    ):
        refused = await residents.post(path, json=body, headers=officer)
        assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "two-homes")


REGISTER = """uprn,property_reference,address,postcode,block,estate
10,A1,"1 High Street, Romford",RM1 1AA,Mercury House,Town
11,,2 High Street,RM1 1AA,,
,A3,3 High Street,RM1 1AA,,
,,4 High Street,RM1 1AA,,
12,A1,5 High Street,RM1 1AA,,
13,A4,6 High Street,nowhere,,
"""


async def test_a_register_is_loaded_line_by_line(residents: httpx.AsyncClient, callers: Callers) -> None:
    """Bad lines are told with their number; the same file again changes nothing, another corrects."""
    officer = keeper(callers)
    first = await loaded(residents, officer, REGISTER)
    counts = {"recorded": 3, "corrected": 0, "unchanged": 0, "refused": 3}
    assert {**first, "lines": counts} == {**counts, "lines": counts}
    refused = [(line["line"], line["problem"]["errors"][0]["pointer"]) for line in first["lines"]]
    assert refused == [(5, "/uprn"), (6, ""), (7, "/postcode")]
    again = await loaded(residents, officer, REGISTER)
    assert (again["recorded"], again["corrected"], again["unchanged"]) == (0, 0, 3)
    # the second line takes the spelling that the first has given up
    moved = "uprn,property_reference,address,postcode\n10,A9,1,RM1 1AA\n11,A1,2 High Street,RM1 1AA\n"
    assert (await loaded(residents, officer, moved))["corrected"] == 2
    [found] = await homes(residents, officer, property_reference="A1")
    assert (found["uprn"], found["address"]) == ("11", "2 High Street")


async def test_others_are_told_of_spellings_and_of_no_address(
    residents: httpx.AsyncClient, callers: Callers, residents_state: AppState
) -> None:
    """One event for the many homes of a file; and for a service that came later, of all of them once more."""
    officer = keeper(callers)
    await loaded(residents, officer, REGISTER)
    announced = await residents.post("/v1/properties/announcement", headers=officer)
    assert (announced.status_code, announced.json()) == (201, {"properties": 3})
    async with unit_of_work(residents_state) as work:
        told, again = (await work.history([ADDRESS_BOOK]))[ADDRESS_BOOK]
    assert [event.sequence for event in (told, again)] == [1, 2]
    spelt = [{name: said for name, said in each.items() if name != "id"} for each in told.facts["properties"]]
    expected = [{"uprn": "10", "property_reference": "A1"}, {"uprn": "11"}, {"property_reference": "A3"}]
    assert spelt == expected
    by_id = [sorted(map(str, event.facts["properties"])) for event in (told, again)]
    assert by_id[0] == by_id[1]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [(PLACE, "/uprn"), ({"uprn": "10", **PLACE, "postcode": "nowhere"}, "/postcode")],
)
async def test_a_home_that_nobody_could_find_is_refused(
    residents: httpx.AsyncClient, callers: Callers, body: dict[str, Any], pointer: str
) -> None:
    """By an address alone it would be another home for whoever writes it otherwise."""
    answer = await residents.post("/v1/properties", json=body, headers=keeper(callers))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    elsewhere = callers.officer("repairs")
    refused = await residents.post("/v1/properties", json={"uprn": "10", **PLACE}, headers=elsewhere)
    assert refused.status_code == 403
