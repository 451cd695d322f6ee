"""Services that a register from a file tells of: a later day than the one that is known."""

import asyncio

import httpx

from tests.services.callers import Callers
from tests.services.repairs.appliances.registering import loaded, services
from tests.services.repairs.reporting import london, zulu

HEADING = "kind,uprn,address,postcode,last_serviced_on\n"
GOOD = HEADING + "heating,10008352,1 High Street,RM1 1AA,2026-03-02\n"
DUE = {"2026-05-05": "Wednesday 2027-05-05", "2026-11-27": "Saturday 2027-11-27"}


async def test_a_later_day_in_a_file_is_a_service(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """From before the registration or after it; the same line again and an earlier day change nothing."""
    officer = callers.officer()
    [first, *_] = (await loaded(repairs, officer, GOOD))["lines"]
    path = f"/v1/appliances/{first['reference']}"
    for told, held, note in (
        (
            "2026-05-05",
            "2026-05-05",
            "Its service on 2026-05-05 is recorded; the next is due a year after it.",
        ),
        ("2026-05-05", "2026-05-05", None),
        ("05/04/2026", "2026-05-05", "The register has a later service, on 2026-05-05: that of 2026-04-05 "),
        (
            "2026-11-27",
            "2026-11-27",
            "Its service on 2026-11-27 is recorded; the next is due a year after it.",
        ),
    ):
        before = (await repairs.get(path, headers=officer)).json()["version"]
        file = HEADING + f"heating,10008352,elsewhere,RM1 1AB,{told}\n"
        [line] = (await loaded(repairs, officer, file))["lines"]
        assert (line["outcome"], line["reference"]) == ("already_registered", first["reference"])
        assert (line["note"] or "").startswith(note or "")
        assert bool(line["note"]) == bool(note)
        appliance = (await repairs.get(path, headers=officer)).json()
        assert appliance["last_serviced_on"] == held
        assert appliance["next_service_due_at"] == zulu(london(f"{DUE[held]} 23:59:59"))
        assert (appliance["version"] > before) == ("recorded" in (note or ""))
    recorded = await services(repairs, officer, first["reference"])
    assert [day for day, *_ in recorded] == ["2026-11-27", "2026-05-05"]


async def test_what_two_files_say_at_once_of_one_service_is_one(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """And so is what an officer records of it meanwhile."""
    officer = callers.officer()
    [first, *_] = (await loaded(repairs, officer, GOOD))["lines"]
    path = f"/v1/appliances/{first['reference']}/services"
    file = HEADING + "heating,10008352,elsewhere,RM1 1AB,2026-05-05\n"
    await asyncio.gather(
        *(loaded(repairs, officer, file) for _ in range(3)),
        *(repairs.post(path, json={"serviced_on": "2026-05-05"}, headers=officer) for _ in range(3)),
    )
    assert await services(repairs, officer, first["reference"]) == [("2026-05-05", None, None)]
