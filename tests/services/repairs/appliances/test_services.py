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
    ("last_serviced_on", "told", "due"),
    [
        ("2025-06-02", {"serviced_on": "2025-12-01"}, "Tuesday 2026-12-01 23:59:59"),
        ("2025-06-02", {"occurred_at": "2025-12-01T10:00:00Z"}, "Tuesday 2026-12-01 23:59:59"),
        (None, {"serviced_on": "2025-12-01"}, "Tuesday 2026-12-01 23:59:59"),
        ("2025-12-01", {"serviced_on": "2025-06-02"}, "Tuesday 2026-12-01 23:59:59"),
        # earlier on the day of registration, and in its very second
        ("2025-06-02", {"occurred_at": "2026-03-03T08:00:00Z"}, "Wednesday 2027-03-03 23:59:59"),
        ("2025-06-02", {"occurred_at": "2026-03-03T09:00:00Z"}, "Wednesday 2027-03-03 23:59:59"),
    ],
)
async def test_a_service_from_before_the_registration_counts(
    repairs: httpx.AsyncClient,
    callers: Callers,
    last_serviced_on: str | None,
    told: dict[str, str],
    due: str,
) -> None:
    """The year counts from the latest that is known, however late we learn of it; it is told in full."""
    officer = callers.officer()
    case = await registered(repairs, officer, received_at=REGISTERED, last_serviced_on=last_serviced_on)
    done = await serviced(repairs, officer, case["reference"], certificate="CP12-0042", **told)
    assert done["next_service_due_at"] == done["next_deadline"]["due_at"] == zulu(london(due))
    day = told.get("serviced_on") or told["occurred_at"][:10]
    assert done["last_serviced_on"] == max(filter(None, (last_serviced_on, day)))
    assert await services(repairs, officer, case["reference"]) == [(day, "CP12-0042", None)]
    again = await serviced(repairs, officer, case["reference"], certificate="CP12-0042", **told)
    assert again["version"] == done["version"]


async def test_an_earlier_service_moves_the_round_it_was_before(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The first round ends with the service after registration; the next goes on from that."""
    officer = callers.officer()
    case = await registered(repairs, officer, received_at=REGISTERED, last_serviced_on="2025-06-02")
    await serviced(repairs, officer, case["reference"], serviced_on="2026-09-14")
    late = await serviced(repairs, officer, case["reference"], serviced_on="2025-12-01")
    first, following = late["deadlines"]
    assert (first["state"], first["due_at"]) == ("met", zulu(london("Tuesday 2026-12-01 23:59:59")))
    assert following["due_at"] == zulu(london("Tuesday 2027-09-14 23:59:59"))
    assert late["last_serviced_on"] == "2026-09-14"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"serviced_on": "2999-01-01"}, "/serviced_on"),
        ({"occurred_at": "2999-01-01T12:00:00Z"}, "/occurred_at"),
        ({"serviced_on": "2026-04-01", "occurred_at": "2026-04-01T12:00:00Z"}, ""),
        ({"serviced_on": "yesterday"}, "/serviced_on"),
    ],
)
async def test_a_service_is_not_to_come(
    repairs: httpx.AsyncClient, callers: Callers, body: dict[str, str], pointer: str
) -> None:
    """And it has one time."""
    case = await registered(repairs, callers.officer(), received_at=REGISTERED)
    path = f"/v1/appliances/{case['reference']}/services"
    answer = await repairs.post(path, json=body, headers=callers.officer())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
