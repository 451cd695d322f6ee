"""A register from a file: what is right goes in, what is wrong is reported, nothing goes in twice."""

import asyncio
import unicodedata
from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.appliances.registering import (
    loaded,
    on_the_register,
    registered,
    sent,
)

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
    home = {"uprn": None, "property_reference": None, "address": "2 High Street", "postcode": "RM1 1AA"}
    assert last["property"] == home


async def test_the_same_file_again_registers_nothing(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """However it is written this time; what a line says anew is not lost in silence."""
    first = await loaded(repairs, callers.officer(), GOOD)
    again = await loaded(repairs, callers.officer(), GOOD)
    assert (again["registered"], again["already_registered"], again["refused"]) == (0, 3, 0)
    expected = [line["reference"] for line in first["lines"]]
    assert [line["reference"] for line in again["lines"]] == expected
    assert {line["note"] for line in again["lines"]} == {None}
    assert len(await on_the_register(repairs, callers.officer())) == 3


ALARMS = """kind,address,postcode,location
smoke_alarm,1 High Street,RM1 1AA,
smoke_alarm,1 High Street,RM1 1AA,Hall
smoke_alarm,1 High Street,RM1 1AA,First-floor landing
heating,1 High Street,RM1 1AA,Hall
smoke_alarm,2 High Street,RM1 1AA,Hall
"""


async def test_a_location_tells_several_of_a_kind_apart(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Whatever its case and spaces, when the file comes again; one registered by itself is known too."""
    by_itself = await registered(
        repairs,
        callers.officer(),
        kind="smoke_alarm",
        property={"address": "2 High Street", "postcode": "RM1 1AA"},
        location="hall",
        last_serviced_on=None,
    )
    first = await loaded(repairs, callers.officer(), ALARMS)
    assert [line["outcome"] for line in first["lines"]] == ["registered"] * 4 + ["already_registered"]
    assert first["lines"][4]["reference"] == by_itself["reference"]
    otherwise = ALARMS.replace("First-floor landing", " first-floor  LANDING ").replace("Hall", "HALL")
    again = await loaded(repairs, callers.officer(), otherwise)
    assert [line["reference"] for line in again["lines"]] == [line["reference"] for line in first["lines"]]
    shown = {
        item["reference"]: item["location"] for item in await on_the_register(repairs, callers.officer())
    }
    assert [shown[line["reference"]] for line in first["lines"]] == [
        None,
        "Hall",
        "First-floor landing",
        "Hall",
        "hall",
    ]


async def test_one_home_is_one_however_it_is_written(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Or one boiler would have two yearly clocks, of which one never stops."""
    line = "heating,1 Brontë’s Court,RM1 3SL\n"
    written = [
        line,
        line.lower().replace(" 3sl", "3sl"),
        line.replace("RM1 ", "RM1\u00a0"),
        unicodedata.normalize("NFD", line),
        line.replace("’", "'").replace("RM1 ", "RM1-"),
    ]
    loads = [await loaded(repairs, callers.officer(), f"kind,address,postcode\n{one}") for one in written]
    outcomes = [load["lines"][0]["outcome"] for load in loads]
    assert outcomes == ["registered", *["already_registered"] * 4]
    [only] = await on_the_register(repairs, callers.officer())
    assert (only["property"]["address"], only["property"]["postcode"]) == ("1 Brontë’s Court", "RM1 3SL")


@pytest.mark.parametrize("location", ["", "Hall"])
async def test_lines_that_nothing_tells_apart_are_not_guessed_at(
    repairs: httpx.AsyncClient, callers: Callers, location: str
) -> None:
    """The second may be another alarm or the same again: it is reported, with what would settle it."""
    line = f"smoke_alarm,1 High Street,RM1 1AA,{location}\n"
    between = "".join(f"heating,{door} High Street,RM1 1AA,\n" for door in range(200))  # another batch
    file = "kind,address,postcode,location\n" + line + between + line.upper()
    for outcome in ("registered", "already_registered"):
        result = await loaded(repairs, callers.officer(), file)
        assert (result[outcome], result["refused"]) == (201, 1)
        refused = result["lines"][-1]
        assert (refused["line"], refused["outcome"], refused["reference"]) == (203, "refused", None)
        assert refused["problem"]["errors"][0]["pointer"] == "/location"
        for said in ("Line 2 ", "`location`"):
            assert said in refused["problem"]["detail"]


async def test_one_that_was_removed_is_registered_anew(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """An appliance that is off the register is known no longer."""
    officer, file = callers.officer(), "kind,address,postcode\nheating,1 High Street,RM1 1AA\n"
    gone = (await loaded(repairs, officer, file))["lines"][0]["reference"]
    assert (await repairs.post(f"/v1/appliances/{gone}/removal", headers=officer)).status_code == 201
    [line] = (await loaded(repairs, officer, file))["lines"]
    assert line["outcome"] == "registered"
    assert line["reference"] != gone


async def test_two_who_load_a_file_at_once_register_nothing_twice(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """One waits for the other, and then finds it all there."""
    results = await asyncio.gather(*(loaded(repairs, callers.officer(), ALARMS) for _ in range(4)))
    assert sorted(result["registered"] for result in results) == [0, 0, 0, 5]
    assert len(await on_the_register(repairs, callers.officer())) == 5


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


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
async def test_a_stray_quotation_mark_spoils_only_its_own_line(
    repairs: httpx.AsyncClient, callers: Callers, end: str
) -> None:
    """One that opens a cell and is never closed makes its line unreadable; one inside a cell is kept."""
    lines = [
        "kind,address,postcode",
        "heating,80 Low St,RM1 1AB",
        'heating,"81 Low St,RM1 1AB',
        "heating,82 Low St,RM1 1AB",
        'heating,94 "Low" St,RM1 1AB',
        'heating,"95 Low St, Romford",RM1 1AB',
    ]
    result = await loaded(repairs, callers.officer(), end.join(lines))
    assert (result["registered"], result["refused"]) == (4, 1)
    [refused] = [line for line in result["lines"] if line["outcome"] == "refused"]
    assert (refused["line"], refused["problem"]["status"]) == (3, 422)
    assert "Line 3 cannot be read" in refused["problem"]["detail"]
    on_it = await on_the_register(repairs, callers.officer())
    assert {item["property"]["address"] for item in on_it} == {
        "80 Low St",
        "82 Low St",
        '94 "Low" St',
        "95 Low St, Romford",
    }


async def test_a_cell_does_not_go_over_several_lines(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Each of its lines is refused, and the next is read; the columns may stand in any order."""
    file = 'postcode,address,kind\r\nRM1 1AA,"1 High Street\r\nRomford",heating\r\nRM1 1AA,2,heating\r\n'
    result = await loaded(repairs, callers.officer(), b"\xef\xbb\xbf" + file.encode())
    assert [(line["line"], line["outcome"]) for line in result["lines"]] == [
        (2, "refused"),
        (3, "refused"),
        (4, "registered"),
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


@pytest.mark.parametrize(
    ("media_type", "length", "status"),
    [
        ("text/csv; charset=utf-8", 100, 201),
        ("application/vnd.ms-excel", 100, 201),
        ("application/json", 100, 415),
        ("application/octet-stream", 100, 415),
        ("text/csv", 32 * 1024 * 1024, 201),
        ("text/csv", 32 * 1024 * 1024 + 1, 413),
    ],
)
async def test_a_register_is_a_csv_file_of_32_mebibytes_at_most(
    repairs: httpx.AsyncClient, callers: Callers, media_type: str, length: int, status: int
) -> None:
    """Another type, or a larger file, is refused before it is read as one."""
    file = HEADING.ljust(length)
    headers = callers.officer() | {"Content-Type": media_type}
    answer = await repairs.post("/v1/appliances/register", content=file, headers=headers)
    assert answer.status_code == status, answer.text


async def test_the_file_is_described_for_callers(repairs: httpx.AsyncClient) -> None:
    """The OpenAPI document says which type it has, and that its first line names the columns."""
    routes = (await repairs.get("/openapi.json")).json()["paths"]
    body = routes["/v1/appliances/register"]["post"]["requestBody"]
    assert (list(body["content"]), body["required"]) == (["text/csv", "application/vnd.ms-excel"], True)
    assert body["description"] == "The first line names the columns"


async def test_a_large_register_goes_in_at_once(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """In batches, but in one transaction: 1,000 homes, each with its date."""
    lines = "".join(f"heating,,{door} High Street,RM1 1AA,2026-03-02\n" for door in range(1, 1001))
    result: dict[str, Any] = await loaded(repairs, callers.officer(), HEADING + lines)
    assert result["registered"] == 1000
    assert len({line["reference"] for line in result["lines"]}) == 1000
    page = await repairs.get("/v1/appliances", params={"limit": 100}, headers=callers.officer())
    assert {item["next_service_due_at"] for item in page.json()["items"]} == {"2027-03-02T23:59:59Z"}


async def test_an_answer_to_rubbish_is_no_longer_than_it_helps(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Every refused line is counted, the first thousand are shown, and what is right goes in after them."""
    file = HEADING + "x\n" * 1500 + "heating,,1 High Street,RM1 1AA,\n"
    result = await loaded(repairs, callers.officer(), file)
    assert (result["registered"], result["refused"], len(result["lines"])) == (1, 1500, 1001)
    assert [result["lines"][place]["line"] for place in (0, 999, 1000)] == [2, 1001, 1502]
