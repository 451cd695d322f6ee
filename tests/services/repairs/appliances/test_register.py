"""A register from a file: what is right goes in, what is wrong is reported, nothing goes in twice."""

from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.appliances.registering import loaded, on_the_register, sent

HEADING = "kind,uprn,address,postcode,last_serviced_on\n"
GOOD = HEADING + (
    'heating,10008352,"1 High Street, Romford",RM1 1AA,2026-03-02\n'
    "smoke_alarm,10008352,1 High Street,RM1 1AA,\n"
    "Heating,, 2 High Street ,rm1 1aa,31/03/2026\n"
)


async def test_a_register_is_loaded_line_by_line(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Each line is answered with its number and the reference of its appliance."""
    result = await loaded(repairs, callers.officer(), GOOD)
    assert (result["registered"], result["already_registered"], result["refused"]) == (3, 0, 0)
    assert [line["line"] for line in result["lines"]] == [2, 3, 4]
    shown = {item["reference"]: item for item in await on_the_register(repairs, callers.officer())}
    assert shown.keys() == {line["reference"] for line in result["lines"]}
    last = shown[result["lines"][2]["reference"]]
    assert (last["kind"], last["last_serviced_on"]) == ("heating", "2026-03-31")
    assert last["property"] == {"uprn": None, "address": "2 High Street", "postcode": "RM1 1AA"}


async def test_the_same_file_again_registers_nothing(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Nor does a line that comes twice; what it says anew is not lost in silence."""
    first = await loaded(repairs, callers.officer(), GOOD)
    again = await loaded(repairs, callers.officer(), GOOD + "heating,10008352,elsewhere,RM1 1AB,2026-05-05\n")
    assert (again["registered"], again["already_registered"]) == (0, 4)
    assert [line["reference"] for line in again["lines"]][:3] == [
        line["reference"] for line in first["lines"]
    ]
    assert again["lines"][0]["note"] is None
    assert "2026-03-02" in again["lines"][3]["note"]
    assert len(await on_the_register(repairs, callers.officer())) == 3


@pytest.mark.parametrize(
    ("bad", "pointer"),
    [
        ("fridge,,3 High Street,RM1 1AA,", "/kind"),
        ("heating,12x,3 High Street,RM1 1AA,", "/uprn"),
        ("heating,,,RM1 1AA,", "/address"),
        ("heating,,3 High Street,,", "/postcode"),
        ("heating,,3 High Street,RM1 1AA,2999-01-01", "/last_serviced_on"),
        ("heating,,3 High Street,RM1 1AA,31/02/2026", "/last_serviced_on"),
        ("heating,,3 High Street,RM1 1AA,1026-03-01", "/last_serviced_on"),
        ("heating,,3 High\0 Street,RM1 1AA,", "/address"),
        ("heating,,3 High Street,RM1 1AA", ""),
        ("heating,,3, High Street,RM1 1AA,", ""),
        ('heating,,"3 High" Street,RM1 1AA,', ""),
    ],
)
async def test_a_bad_line_is_reported_and_the_rest_is_loaded(
    repairs: httpx.AsyncClient, callers: Callers, bad: str, pointer: str
) -> None:
    """With its number, the cell that is at fault, and why."""
    file = f"{HEADING}heating,,1 High Street,RM1 1AA,\n\n{bad}\nheating,,4 High Street,RM1 1AA,\n"
    result = await loaded(repairs, callers.officer(), file)
    assert (result["registered"], result["refused"]) == (2, 1)
    [refused] = [line for line in result["lines"] if line["outcome"] == "refused"]
    assert (refused["line"], refused["reference"], refused["problem"]["status"]) == (4, None, 422)
    assert refused["problem"]["errors"][0]["pointer"] == pointer
    assert len(await on_the_register(repairs, callers.officer())) == 2


async def test_a_cell_may_go_over_several_lines(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The number is that of the line on which it begins; the columns may stand in any order."""
    file = 'postcode,address,kind\r\nRM1 1AA,"1 High Street\r\nRomford",heating\r\nRM1 1AA,2,fridge\r\n'
    result = await loaded(repairs, callers.officer(), b"\xef\xbb\xbf" + file.encode())
    assert [(line["line"], line["outcome"]) for line in result["lines"]] == [
        (2, "registered"),
        (4, "refused"),
    ]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("\n", "names no column kind nor address nor postcode"),
        ("heating,1 High Street,RM1 1AA\n", "names no column kind"),
        ("kind,address,postcode,colour\n", "each of these columns once"),
        ("kind,kind,address,postcode\n", "each of these columns once"),
        ('"kind,address,postcode\n', "cannot be read"),
        (HEADING.encode() + "heating,,1 Café Row,RM1 1AA,\n".encode("latin-1"), "UTF-8"),
    ],
)
async def test_what_is_no_register_is_refused_whole(
    repairs: httpx.AsyncClient, callers: Callers, file: str | bytes, says: str
) -> None:
    """It says what a register looks like, and nothing is loaded."""
    answer = await sent(repairs, callers.officer(), file)
    assert answer.status_code == 422
    assert says in answer.json()["detail"]


async def test_a_large_register_goes_in_at_once(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """In batches, but in one transaction: 1,000 homes, each with its date."""
    lines = "".join(f"heating,,{door} High Street,RM1 1AA,2026-03-02\n" for door in range(1, 1001))
    result: dict[str, Any] = await loaded(repairs, callers.officer(), HEADING + lines)
    assert result["registered"] == 1000
    assert len({line["reference"] for line in result["lines"]}) == 1000
    page = await repairs.get("/v1/appliances", params={"limit": 100}, headers=callers.officer())
    assert {item["next_service_due_at"] for item in page.json()["items"]} == {"2027-03-02T23:59:59Z"}
