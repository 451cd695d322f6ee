"""Services of an appliance: told in any order, told again, and told too late."""

import httpx
import pytest

from shared.standards.calendar import LONDON
from tests.services.callers import Callers
from tests.services.repairs.appliances.registering import REGISTERED, registered, removed, serviced, services
from tests.services.repairs.reporting import london, zulu
from tests.support.clock import house_clock


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
