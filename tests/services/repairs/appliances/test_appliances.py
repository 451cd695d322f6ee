"""An appliance is serviced every year, from its registration to its removal."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.appliances.registering import (
    BOILER,
    REGISTERED,
    on_the_register,
    registered,
    removed,
    sent,
    serviced,
)
from tests.services.repairs.reporting import london, zulu
from tests.support.clock import house_clock


async def test_an_appliance_last_serviced_before_2000_has_its_clock(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Long overdue when it comes onto the register, and in the list of what is due."""
    case = await registered(repairs, callers.officer(), last_serviced_on="1999-12-31")
    assert case["next_service_due_at"] == zulu(london("Sunday 2000-12-31 23:59:59"))
    assert [row["state"] for row in case["deadlines"]] == ["breached"]
    found = await on_the_register(repairs, callers.officer(), due_before="2001-01-01T00:00:00Z")
    assert [row["reference"] for row in found] == [case["reference"]]


@pytest.mark.parametrize(
    ("kind", "standard"),
    [("heating", "repairs.heating.annual-service"), ("smoke_alarm", "repairs.smoke-alarm.annual-service")],
)
async def test_the_yearly_service_counts_from_the_last_one(
    repairs: httpx.AsyncClient, callers: Callers, kind: str, standard: str
) -> None:
    """Serviced on 2 March, it is due by the end of 2 March a year later; the answer says so at once."""
    answer = await repairs.post(
        "/v1/appliances", json=BOILER | {"kind": kind, "location": "hall"}, headers=callers.officer()
    )
    case = answer.json()
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/v1/appliances/{case['reference']}"
    assert answer.headers["ETag"] == '"1"'
    assert case["reference"].startswith("APP-")
    assert case["allowed"] == ["contact", "removal", "services"]
    [promise] = case["deadlines"]
    assert promise["standard"] == standard
    assert promise["due_at"] == case["next_service_due_at"] == zulu(london("Tuesday 2027-03-02 23:59:59"))


async def test_an_appliance_never_serviced_counts_from_its_registration(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It has been ours to look after since then."""
    case = await registered(repairs, callers.officer(), last_serviced_on=None, received_at=REGISTERED)
    assert case["next_service_due_at"] == zulu(london("Wednesday 2027-03-03 23:59:59"))


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"kind": "fridge"}, "/kind"),
        ({"location": " "}, "/location"),
        ({"location": "hall" * 51}, "/location"),
        ({"location": "\0"}, "/location"),
        ({"last_serviced_on": "2999-01-01"}, "/last_serviced_on"),
        ({"last_serviced_on": "1026-03-02"}, "/last_serviced_on"),
        ({"received_at": "2999-01-01T00:00:00Z"}, "/received_at"),
        ({"received_at": "2026-03-01T00:00:00Z"}, "/last_serviced_on"),
        ({"property": {"address": "1 High Street"}}, "/property/postcode"),
    ],
)
async def test_what_cannot_be_right_is_not_registered(
    repairs: httpx.AsyncClient, callers: Callers, changes: dict[str, Any], pointer: str
) -> None:
    """The field that is at fault is pointed at."""
    answer = await repairs.post("/v1/appliances", json=BOILER | changes, headers=callers.officer())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert await on_the_register(repairs, callers.officer()) == []


async def test_a_home_has_as_many_of_a_kind_as_are_registered(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Wherever they are, and whether or not anybody says where; each is serviced for itself."""
    officer = callers.officer()
    places = ["hall", "first-floor landing", None, None, "hall"]
    alarms = [await registered(repairs, officer, kind="smoke_alarm", location=place) for place in places]
    shown = {item["reference"]: item for item in await on_the_register(repairs, officer)}
    assert [shown[alarm["reference"]]["location"] for alarm in alarms] == places
    assert all(each["allowed"] == ["contact", "removal", "services"] for each in shown.values())
    done = await serviced(repairs, officer, alarms[0]["reference"])
    assert done["next_service_due_at"] > shown[alarms[4]["reference"]]["next_service_due_at"]
    unserviced = await repairs.get(f"/v1/appliances/{alarms[4]['reference']}", headers=officer)
    assert unserviced.json() == shown[alarms[4]["reference"]]


async def test_a_registration_that_is_sent_again_by_accident_is_one(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """An Idempotency-Key tells the accident from a second boiler."""
    headers = callers.officer() | {"Idempotency-Key": "boiler-of-1-high-street"}
    first = await registered(repairs, headers)
    again = await repairs.post("/v1/appliances", json=BOILER, headers=headers)
    assert (again.status_code, again.json()) == (201, first)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(await on_the_register(repairs, callers.officer())) == 1


async def test_a_removed_appliance_is_owed_nothing(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Its clock falls away, it leaves the list, and is still found by its reference."""
    officer = callers.officer()
    reference = (await registered(repairs, officer, last_serviced_on=None))["reference"]
    case = await removed(repairs, officer, reference)
    assert (case["status"], case["next_service_due_at"], case["next_deadline"]) == ("removed", None, None)
    assert case["deadlines"][0]["state"] == "cancelled"
    assert await on_the_register(repairs, officer) == []
    found = await repairs.get(f"/v1/appliances/{reference}", headers=officer)
    assert found.json()["removed_because"] == "Replaced by a heat pump."
    refused = await repairs.post(f"/v1/appliances/{reference}/services", json={}, headers=officer)
    assert (refused.status_code, refused.json()["allowed"]) == (409, ["contact"])


async def test_a_service_and_a_removal_need_no_words(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Without a body each happened now; nobody has to say why a boiler has gone."""
    officer = callers.officer()
    path = f"/v1/appliances/{(await registered(repairs, officer, last_serviced_on=None))['reference']}"
    serviced_today = await repairs.post(f"{path}/services", headers=officer)
    assert (serviced_today.status_code, serviced_today.json()["version"]) == (201, 2)
    gone = await repairs.post(f"{path}/removal", headers=officer)
    assert (gone.status_code, gone.json()["status"], gone.json()["removed_because"]) == (201, "removed", None)


async def test_due_and_overdue_are_listed_the_next_due_first(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Page by page, by kind, by date, and what is late already; the whole register, the latest first."""
    officer, now = callers.officer(), house_clock()
    for door, days in enumerate([500, 30, 380, 200, 367], start=1):
        await registered(
            repairs,
            officer,
            kind="heating" if door % 2 else "smoke_alarm",
            property={"address": f"{door} High Street", "postcode": "RM1 1AA"},
            last_serviced_on=(now - timedelta(days=days)).date().isoformat(),
        )

    async def doors(**query: Any) -> list[int]:
        found = await on_the_register(repairs, officer, **query)
        return [int(item["property"]["address"].split()[0]) for item in found]

    assert await doors() == [5, 4, 3, 2, 1]
    assert await doors(sort="received_at") == [1, 2, 3, 4, 5]
    assert await doors(sort="next_service_due_at") == [1, 3, 5, 4, 2]
    assert await doors(overdue=True) == [1, 3, 5]
    assert await doors(overdue=False) == [4, 2]
    assert await doors(kind="smoke_alarm") == [4, 2]
    in_half_a_year = zulu(now + timedelta(days=182))
    assert await doors(due_before=in_half_a_year) == [1, 3, 5, 4]
    assert await doors(due_before=in_half_a_year, overdue=False) == [4]
    assert await doors(due_before=in_half_a_year, overdue=True, kind="heating") == [1, 3, 5]


async def test_what_is_never_due_comes_last(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Page after page, in the order of references."""
    officer = callers.officer()
    gone = [(await registered(repairs, officer))["reference"] for _ in range(5)]
    for reference in gone:
        await removed(repairs, officer, reference)
    due = (await registered(repairs, officer))["reference"]
    found = await on_the_register(repairs, officer, sort="next_service_due_at", reference=[*gone, due])
    assert [item["reference"] for item in found] == [due, *sorted(gone)]


async def test_the_register_is_the_departments_own(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Others may not see it, and an officer of another department finds nothing in it."""
    reference = (await registered(repairs, callers.officer()))["reference"]
    for caller in (callers.resident(), callers.contractor(), callers.frontend()):
        assert (await repairs.get("/v1/appliances", headers=caller)).status_code == 403
    elsewhere = callers.officer("estates")
    assert await on_the_register(repairs, elsewhere) == []
    assert (await repairs.get(f"/v1/appliances/{reference}", headers=elsewhere)).status_code == 404
    assert (await repairs.post("/v1/appliances", json=BOILER, headers=elsewhere)).status_code == 403
    file = "kind,address,postcode\nheating,2 High Street,RM1 1AA\n"
    assert (await sent(repairs, elsewhere, file)).status_code == 403
