"""Replaying a file of old requests, and a sample of them with the table that a sum by hand gives."""

import asyncio
import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from deploy.replay.__main__ import main

SAMPLE = Path(__file__).parents[1] / "data" / "service_requests_311.csv"
LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
TIME_FORMAT = "%m/%d/%Y %I:%M:%S %p"

# England and Wales, for as long as any repair of the sample may run.
BANK_HOLIDAYS = {
    date(2017, 12, 25), date(2017, 12, 26),
    date(2018, 1, 1), date(2018, 3, 30), date(2018, 4, 2), date(2018, 5, 7), date(2018, 5, 28),
    date(2018, 8, 27), date(2018, 12, 25), date(2018, 12, 26),
    date(2019, 1, 1), date(2019, 4, 19), date(2019, 4, 22), date(2019, 5, 6), date(2019, 5, 27),
    date(2019, 8, 26), date(2019, 12, 25), date(2019, 12, 26),
}  # fmt: skip

# Every complaint of the sample that is a repair: its priority in the council's guide, and the working days
# that the right to repair gives it, if it qualifies.
HEATING = "heating"
REPAIRS = {
    ("APPLIANCE", "ELECTRIC/GAS RANGE"): (3, None),
    ("APPLIANCE", "REFRIGERATOR"): (3, None),
    ("DOOR/WINDOW", "DOOR"): (3, None),
    ("DOOR/WINDOW", "WINDOW FRAME"): (3, None),
    ("ELECTRIC", "LIGHTING"): (2, 3),
    ("ELECTRIC", "NO LIGHTING"): (2, 3),
    ("ELECTRIC", "POWER OUTAGE"): (1, 1),
    ("FLOORING/STAIRS", "FLOOR"): (2, 3),
    ("FLOORING/STAIRS", "STAIRS"): (2, 3),
    ("GENERAL", "BELL/BUZZER/INTERCOM"): (2, 7),
    ("GENERAL", "CABINET"): (3, None),
    ("GENERAL", "COOKING GAS"): (1, 1),
    ("GENERAL", "VENTILATION SYSTEM"): (3, 7),
    ("HEAT/HOT WATER", "APARTMENT ONLY"): HEATING,
    ("HEAT/HOT WATER", "ENTIRE BUILDING"): HEATING,
    ("PAINT/PLASTER", "WALL"): (3, None),
    ("PAINT/PLASTER", "WINDOW/FRAME"): (3, None),
    ("PLUMBING", "BASIN/SINK"): (2, 3),
    ("PLUMBING", "STEAM PIPE/RISER"): (1, 1),
    ("PLUMBING", "TOILET"): (1, 1),
    ("SAFETY", "CARBON MONOXIDE DETECTOR"): (3, None),
    ("UNSANITARY CONDITION", "MOLD"): (3, None),
    ("UNSANITARY CONDITION", "SEWAGE"): (1, 1),
    ("WATER LEAK", "DAMP SPOT"): (3, None),
    ("WATER LEAK", "HEAVY FLOW"): (1, 1),
    ("WATER LEAK", "SLOW LEAK"): (1, 1),
}
STATES = ("met", "late", "breached", "running", "cancelled")
# The types of the sample that are of estates; noise is of asb, and whatever is left is an enquiry.
PROBLEMS = {
    *("Graffiti", "Request Large Bulky Item Collection", "Electronics Waste Appointment"),
    *("Derelict Vehicle", "Derelict Vehicles", "Illegal Parking", "Blocked Driveway"),
    *("Missed Collection (All Materials)", "Sanitation Condition", "Dirty Conditions", "Sweeping/Missed"),
}
UPDATED_WITHIN = 10
"""Working days between two updates of a victim (section 9)."""


async def replay(file: Path, url: str, *more: str) -> int:
    """The command as it is typed, with an event loop of its own; answers the exit code."""
    return await asyncio.to_thread(main, [str(file), "--url", url, *more])


def table_in(output: str) -> dict[str, Counter[str]]:
    """The table per standard that a replay printed."""
    return {standard: states for standard, states in whole_table_in(output).items() if states.total()}


def whole_table_in(output: str) -> dict[str, Counter[str]]:
    """The table with every standard, those too by which nothing was promised."""
    rows = re.findall(r"^\s*([a-z]+\.\S+)((?:\s+\d+){6})\s*$", output, re.MULTILINE)
    found = {}
    for standard, numbers in rows:
        started, *states = map(int, numbers.split())
        assert started == sum(states)
        found[standard] = Counter(dict(zip(STATES, states, strict=True)))
    return found


def counts_in(output: str) -> dict[str, int]:
    """The numbers of the summary, by what is said of them."""
    return {words: int(number) for number, words in re.findall(r"^ +(\d+) (.+?)\s*$", output, re.MULTILINE)}


def known(text: str) -> datetime | None:
    return datetime.strptime(text, TIME_FORMAT).replace(tzinfo=NEW_YORK).astimezone(UTC) if text else None


def last_day(received_at: datetime, working_days: int) -> date:
    """The working day on which a promise of so many working days ends."""
    day = received_at.astimezone(LONDON).date()
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < 5 and day not in BANK_HOLIDAYS
    return day


def expected_states(
    received_at: datetime, completed_at: datetime | None, kind: Any
) -> Iterator[tuple[str, str]]:
    """Each promise made to one repair, and what became of it by today, years later."""
    month = received_at.astimezone(LONDON).month
    summer = 5 <= month <= 10
    priority, right_to_repair = ((2, 3) if summer else (1, 1)) if kind == HEATING else kind

    def state(in_time: bool) -> str:
        return "breached" if completed_at is None else "met" if in_time else "late"

    def within(working_days: int) -> str:
        done = completed_at.astimezone(LONDON).date() if completed_at else date.max
        return state(done <= last_day(received_at, working_days))

    if priority == 1:
        at_once = state(completed_at is not None and completed_at - received_at <= timedelta(hours=4))
        yield "repairs.emergency.made-safe", at_once
        yield "repairs.priority-1.completed", at_once
    else:
        yield f"repairs.priority-{priority}.completed", within({2: 3, 3: 28}[priority])
    if right_to_repair:
        yield "repairs.right-to-repair", within(right_to_repair)


def noise_states(received_at: datetime, closed_at: datetime | None) -> Iterator[tuple[str, str]]:
    """The promises to who reported noise: the old system tells of no contact, update or questionnaire."""
    yield "asb.victim-contact", "breached"
    first_update = last_day(received_at, UPDATED_WITHIN)
    in_time = closed_at is not None and closed_at.astimezone(LONDON).date() <= first_update
    yield "asb.progress-update", "cancelled" if in_time else "breached"
    if closed_at is not None:
        yield "asb.satisfaction-survey", "breached"


def expected_service(kind: str, descriptor: str) -> str:
    """The service whose case a complaint of the sample is."""
    if (kind, descriptor) in REPAIRS:
        return "repairs"
    if "noise" in kind.lower():
        return "asb"
    return "estates" if kind in PROBLEMS else "enquiries"


def third_of_the_sample(folder: Path) -> Path:
    """A file of every third row; every promise and state of the whole sample is among them."""
    file = folder / "requests.csv"
    with SAMPLE.open(encoding="utf-8", newline="") as whole, file.open("w", encoding="utf-8") as third:
        header, *rows = csv.reader(whole)
        csv.writer(third).writerows([header, *rows[1::3]])
    return file


def expected_table(file: Path) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """The number of cases of each service, and the table of their promises, straight from the CSV."""
    table: dict[str, Counter[str]] = {}
    services: Counter[str] = Counter()
    with file.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            kind, descriptor = row["Complaint Type"], row["Descriptor"]
            received_at, closed_at = known(row["Created Date"]), known(row["Closed Date"])
            if received_at is None or (closed_at and closed_at < received_at):
                services["refused"] += 1
                continue
            service = expected_service(kind, descriptor)
            services[service] += 1
            promised: Iterator[tuple[str, str]] = iter(())
            if service == "repairs":
                promised = expected_states(received_at, closed_at, REPAIRS[kind, descriptor])
            elif service == "asb":
                promised = noise_states(received_at, closed_at)
            for standard, state in promised:
                table.setdefault(standard, Counter())[state] += 1
    return services, table


async def everything(url: str, path: str) -> list[Any]:
    """All pages of a list, as an officer sees it."""
    async with httpx.AsyncClient(base_url=url) as http:
        form = {"grant_type": "client_credentials"}
        granted = (await http.post("/v1/token", data=form, auth=("demo-officer", "demo"))).json()
        http.headers["Authorization"] = f"Bearer {granted['access_token']}"
        items: list[Any] = []
        query: dict[str, Any] | None = {"limit": 100}
        while query:
            page = (await http.get(path, params=query)).raise_for_status().json()
            items += page["items"]
            query = {"limit": 100, "cursor": page["next"]} if page["next"] else None
        return items
