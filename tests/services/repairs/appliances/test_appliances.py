"""An appliance is serviced every year, from its registration to its removal."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.standards.calendar import LONDON
from tests.services.callers import Callers, Headers
from tests.services.repairs.appliances.registering import BOILER, on_the_register, registered, sent
from tests.services.repairs.reporting import london, zulu
from tests.support.clock import house_clock

REGISTERED = zulu(london("Tuesday 2026-03-03 09:00"))


async def serviced(client: httpx.AsyncClient, officer: Headers, reference: str, **body: Any) -> Any:
    answer = await client.post(f"/v1/appliances/{reference}/services", json=body, headers=officer)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def services(client: httpx.AsyncClient, officer: Headers, reference: str) -> list[tuple[Any, ...]]:
    """Every service that it has had: the day, the certificate, the notes."""
    answer = await client.get(f"/v1/appliances/{reference}/services", headers=officer)
    return [(row["serviced_on"], row["certificate"], row["notes"]) for row in answer.json()["items"]]


async def removed(client: httpx.AsyncClient, officer: Headers, reference: str) -> dict[str, Any]:
    path = f"/v1/appliances/{reference}/removal"
    answer = await client.post(path, json={"reason": "Replaced by a heat pump."}, headers=officer)
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    return case


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


async def test_each_service_starts_the_next_year(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """In whatever order services become known, the next is due a year after the latest."""
    officer = callers.officer()
    case = await registered(repairs, officer, received_at=REGISTERED)
    reference = case["reference"]
    await serviced(repairs, officer, reference, serviced_on="2026-09-14", certificate="CP12-0042")
    late = await serviced(repairs, officer, reference, occurred_at=zulu(london("Friday 2026-05-01 10:00")))
    assert late["last_serviced_on"] == "2026-09-14"
    assert late["next_service_due_at"] == zulu(london("Tuesday 2027-09-14 23:59:59"))
    assert late["next_deadline"]["due_at"] == late["next_service_due_at"]
    again = await serviced(repairs, officer, reference, serviced_on="2026-09-14")
    assert again["version"] == late["version"]
    answer = await repairs.get(f"/v1/appliances/{reference}/services", headers=officer)
    assert [(row["serviced_on"], row["certificate"]) for row in answer.json()["items"]] == [
        ("2026-09-14", "CP12-0042"),
        ("2026-05-01", None),
    ]


async def test_a_service_told_again_fills_in_what_was_missing(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The certificate often comes later than the word that it is done; it is the same service still."""
    officer = callers.officer()
    reference = (await registered(repairs, officer, received_at=REGISTERED))["reference"]
    first = await serviced(repairs, officer, reference, serviced_on="2026-09-14")
    await serviced(repairs, officer, reference, serviced_on="2026-09-14", certificate="CP12-0042")
    last = await serviced(repairs, officer, reference, serviced_on="2026-09-14", notes="Flue cleaned.")
    assert last == first
    assert await services(repairs, officer, reference) == [("2026-09-14", "CP12-0042", "Flue cleaned.")]


async def test_a_service_told_again_may_not_contradict_the_first(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """One certificate of two is wrong: neither the first nor the caller's own is given up in silence."""
    officer = callers.officer()
    reference = (await registered(repairs, officer, received_at=REGISTERED))["reference"]
    await serviced(repairs, officer, reference, serviced_on="2026-09-14", certificate="CP12-0042")
    body = {"serviced_on": "2026-09-14", "certificate": "CP12-0043", "notes": "Flue cleaned."}
    refused = await repairs.post(f"/v1/appliances/{reference}/services", json=body, headers=officer)
    assert (refused.status_code, refused.json()["allowed"]) == (409, ["contact", "removal"])
    assert "already recorded, with other words for its certificate." in refused.json()["detail"]
    assert await services(repairs, officer, reference) == [("2026-09-14", "CP12-0042", None)]


async def test_another_hour_of_the_same_day_is_another_word(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Two visits on Monday 14 September 2026 are not taken for one in silence; the day alone fits either."""
    officer = callers.officer()
    reference = (await registered(repairs, officer, received_at=REGISTERED))["reference"]
    path = f"/v1/appliances/{reference}/services"
    morning, afternoon = (zulu(london(f"Monday 2026-09-14 {hour}")) for hour in ("10:00", "15:00"))
    await serviced(repairs, officer, reference, serviced_on="2026-09-14")
    case = await serviced(repairs, officer, reference, occurred_at=morning)
    for body in ({"occurred_at": morning}, {"serviced_on": "2026-09-14"}):
        assert await serviced(repairs, officer, reference, **body) == case
    refused = await repairs.post(path, json={"occurred_at": afternoon}, headers=officer)
    assert refused.status_code == 409
    assert "already recorded, with other words for its occurred_at." in refused.json()["detail"]


async def test_what_was_removed_answers_only_the_same_words_again(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """An answer that was lost is given again; anything more of that day comes too late, and is not kept."""
    officer = callers.officer()
    reference = (await registered(repairs, officer, received_at=REGISTERED))["reference"]
    told = {"serviced_on": "2026-09-14", "notes": "Flue cleaned."}
    await serviced(repairs, officer, reference, **told)
    gone = await removed(repairs, officer, reference)
    assert await serviced(repairs, officer, reference, **told) == gone
    for other in ({"certificate": "CP12-0042"}, {"notes": "Fan broken."}, {"notes": None}):
        body = told | other
        refused = await repairs.post(f"/v1/appliances/{reference}/services", json=body, headers=officer)
        assert (refused.status_code, refused.json()["allowed"]) == (409, ["contact"])
        assert refused.json()["detail"] == "The appliance is removed."
    assert await services(repairs, officer, reference) == [("2026-09-14", None, "Flue cleaned.")]


async def test_a_service_on_the_day_of_registration_counts(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Told by its day alone, it is taken to that day's end, or to now."""
    officer = callers.officer()
    case = await registered(repairs, officer, last_serviced_on=None)
    today = house_clock().astimezone(LONDON).date()
    done = await serviced(repairs, officer, case["reference"], serviced_on=today.isoformat())
    assert done["deadlines"][0]["state"] == "met"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"serviced_on": "2026-03-02"}, "/serviced_on"),
        ({"serviced_on": "2999-01-01"}, "/serviced_on"),
        ({"occurred_at": "2026-03-02T12:00:00Z"}, "/occurred_at"),
        ({"occurred_at": "2999-01-01T12:00:00Z"}, "/occurred_at"),
        ({"serviced_on": "2026-04-01", "occurred_at": "2026-04-01T12:00:00Z"}, ""),
        ({"serviced_on": "yesterday"}, "/serviced_on"),
    ],
)
async def test_a_service_is_neither_to_come_nor_from_before_the_registration(
    repairs: httpx.AsyncClient, callers: Callers, body: dict[str, str], pointer: str
) -> None:
    """Earlier ones are said when the appliance is registered."""
    case = await registered(repairs, callers.officer(), received_at=REGISTERED)
    path = f"/v1/appliances/{case['reference']}/services"
    answer = await repairs.post(path, json=body, headers=callers.officer())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


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
