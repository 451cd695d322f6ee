"""A second contractor for a qualifying repair that is late, and the consequences when that one is late."""

from typing import Any

import httpx
import pytest

from services.repairs.events.values import NoRightToRepair
from services.repairs.right_to_repair.policy import WHY_NOT
from tests.services.callers import Callers, Headers
from tests.services.repairs.appointments.booking import published
from tests.services.repairs.reporting import assigned, london, reported, zulu

REPORTED = zulu(london("Monday 2025-06-02 10:00"))  # three working days: due on Thursday
SECOND_AT = zulu(london("Friday 2025-06-06 09:00"))  # three more: due on Wednesday 11 June
COMPLETED = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}


async def late_tap(client: httpx.AsyncClient, officer: Headers, **changes: Any) -> dict[str, Any]:
    """A tap that Fixit has not mended in its three working days."""
    return await assigned(client, officer, **{"fault": "tap-not-turning", "received_at": REPORTED, **changes})


async def appointed(
    client: httpx.AsyncClient, reference: str, headers: Headers, firm: str = "Bodgit", **body: Any
) -> httpx.Response:
    body = {"contractor": firm, **body}
    return await client.post(f"/v1/repairs/{reference}/second-contractor", json=body, headers=headers)


def second_clock(case: dict[str, Any]) -> dict[str, Any]:
    standard = "repairs.right-to-repair.second-contractor"
    found: dict[str, Any] = next(row for row in case["deadlines"] if row["standard"] == standard)
    return found


async def test_the_second_contractor_has_the_job_and_the_same_period_again(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Three working days were missed; three more run from the appointment, and the first firm is out."""
    job = await late_tap(repairs, callers.officer())
    answer = await appointed(repairs, job["reference"], callers.officer(), occurred_at=SECOND_AT)
    assert answer.status_code == 201, answer.text
    case = answer.json()
    assert answer.headers["ETag"] == f'"{case["version"]}"'
    assert case["contractor"] == "Bodgit"
    assert second_clock(case)["due_at"] == zulu(london("Wednesday 2025-06-11 23:59:59"))
    path = f"/v1/repairs/{job['reference']}"
    assert (await repairs.get(path, headers=callers.contractor("Fixit"))).status_code == 404
    assert (await repairs.get(path, headers=callers.contractor("Bodgit"))).status_code == 200


async def test_the_tenant_may_ask_for_it_themselves(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """It is the tenant's right; the period runs from when they ask."""
    case = await reported(repairs, callers.resident(), fault="tap-not-turning", received_at=REPORTED)
    await published(repairs, callers.contractor("Bodgit"))
    answer = await appointed(repairs, case["reference"], callers.resident())
    assert (answer.status_code, second_clock(answer.json())["state"]) == (201, "running")
    assert answer.json()["compensation"] is None
    backdated = await appointed(repairs, case["reference"], callers.resident(), occurred_at=SECOND_AT)
    assert backdated.json()["errors"][0]["pointer"] == "/occurred_at"


async def test_a_tenant_names_a_firm_that_is_registered(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A name is published, so it is no place for a cousin; nor is it the firm that was late."""
    case = await reported(repairs, callers.resident(), fault="tap-not-turning", received_at=REPORTED)
    cousin = "My cousin Bob, 0700 900"
    path = f"/v1/repairs/{case['reference']}/assignment"
    await repairs.post(path, json={"contractor": "Late & Sons"}, headers=callers.officer())
    refused = await appointed(repairs, case["reference"], callers.resident(), cousin)
    assert (refused.status_code, refused.json()["errors"]) == (
        422,
        [
            {
                "pointer": "/contractor",
                "detail": "No firm of this name is registered here; it can be one of these: Bodgit, "
                "council operatives, demo-contractor, Fixit, Handy, Mendem, Other.",
            }
        ],
    )
    given = await appointed(repairs, case["reference"], callers.resident(), "Mendem")
    assert (given.status_code, given.json()["contractor"]) == (201, "Mendem")


async def test_an_officer_names_any_firm_that_is_registered(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A new one has neither slots nor jobs yet."""
    job = await late_tap(repairs, callers.officer())
    refused = await appointed(repairs, job["reference"], callers.officer(), "Brand New")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/contractor")
    await repairs.post("/v1/contractors", json={"name": "Brand New"}, headers=callers.officer())
    answer = await appointed(repairs, job["reference"], callers.officer(), "brand new")
    assert (answer.status_code, answer.json()["contractor"]) == (201, "Brand New")


async def test_before_the_first_is_late_the_right_is_closed(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The answer says after which day it opens."""
    job = await late_tap(repairs, callers.officer())
    in_time = zulu(london("Thursday 2025-06-05 12:00"))
    answer = await appointed(repairs, job["reference"], callers.officer(), occurred_at=in_time)
    assert answer.status_code == 409
    assert answer.json()["detail"] == "The right to a second contractor opens after Thursday 5 June 2025."
    assert "updates" in answer.json()["allowed"]


async def test_not_every_fault_has_the_right(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Window frames are in no schedule of the law, however late they are."""
    job = await late_tap(repairs, callers.officer(), fault="window-frames")
    answer = await appointed(repairs, job["reference"], callers.officer())
    assert (answer.status_code, answer.json()["detail"]) == (409, WHY_NOT[NoRightToRepair.FAULT])


async def test_there_is_one_second_contractor(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The law knows no third; and a finished repair needs nobody."""
    job = await late_tap(repairs, callers.officer())
    await appointed(repairs, job["reference"], callers.officer(), occurred_at=SECOND_AT)
    third = await appointed(repairs, job["reference"], callers.officer(), "Mendem")
    assert (third.status_code, third.json()["detail"]) == (
        409,
        "A second contractor has been appointed already.",
    )
    path = f"/v1/repairs/{job['reference']}/updates"
    await repairs.post(path, json=COMPLETED, headers=callers.officer())
    ended = await appointed(repairs, job["reference"], callers.officer(), "Mendem")
    assert (ended.status_code, ended.json()["allowed"]) == (409, ["compensation/set-off", "contact"])


async def test_the_firm_that_was_late_is_not_the_second(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The second contractor is another one."""
    job = await late_tap(repairs, callers.officer())
    answer = await appointed(repairs, job["reference"], callers.officer(), "Fixit")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/contractor")


@pytest.mark.parametrize(
    ("done_at", "amount", "days"),
    [
        ("Wednesday 2025-06-11 17:00", None, []),
        ("Thursday 2025-06-12 09:00", "12.00", [("2025-06-12", "12.00", "12.00")]),
        (
            "Saturday 2025-06-14 10:00",
            "16.00",
            [
                ("2025-06-12", "12.00", "12.00"),
                ("2025-06-13", "2.00", "14.00"),
                ("2025-06-14", "2.00", "16.00"),
            ],
        ),
    ],
)
async def test_what_is_owed_is_shown_day_by_day(
    repairs: httpx.AsyncClient, callers: Callers, done_at: str, amount: str | None, days: list[Any]
) -> None:
    """£10 for the second miss and £2 for every day until the work was done; exact to the penny."""
    job = await late_tap(repairs, callers.officer())
    path = f"/v1/repairs/{job['reference']}"
    await appointed(repairs, job["reference"], callers.officer(), occurred_at=SECOND_AT)
    done = {**COMPLETED, "occurred_at": zulu(london(done_at))}
    await repairs.post(f"{path}/updates", json=done, headers=callers.contractor("Bodgit"))
    shown = (await repairs.get(path, headers=callers.officer())).json()["compensation"]
    expected = [{"date": date, "amount": added, "total": total} for date, added, total in days]
    sums = {"amount": amount, "set_off": "0.00", "to_pay": amount}
    assert shown == (sums | {"as_of": done_at.split()[1], "days": expected} if amount else None)


async def test_an_unfinished_repair_owes_fifty_pounds_in_the_end(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The sum is shown to the resident's side, and never to the contractor."""
    job = await late_tap(repairs, callers.officer())
    answer = await appointed(repairs, job["reference"], callers.officer(), occurred_at=SECOND_AT)
    owed = answer.json()["compensation"]
    assert (owed["amount"], len(owed["days"])) == ("50.00", 20)
    path = f"/v1/repairs/{job['reference']}"
    seen = await repairs.get(path, headers=callers.contractor("Bodgit"))
    assert "compensation" not in seen.json()


async def test_who_may_not_ask(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Another resident's repair is unknown; a contractor appoints nobody."""
    case = await reported(repairs, callers.resident(), fault="tap-not-turning", received_at=REPORTED)
    assert (await appointed(repairs, case["reference"], callers.resident("kim"))).status_code == 404
    assert (await appointed(repairs, case["reference"], callers.contractor())).status_code == 403
    assert (await appointed(repairs, case["reference"], callers.frontend())).status_code == 403
