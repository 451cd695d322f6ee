"""Figures, promises and the calendar: no share without its counts, no closure without its effect."""

import re
from datetime import date
from html import unescape

import pytest

from services.board.presenting.figures import Month, as_csv, rows
from tests.services.board.desk import REPORT, SECOND_OFFICER, Desk, hidden

COMPLAINT = {
    "about": "repairs",
    "description": "Nobody came",
    "channel": "phone",
    "property": REPORT["property"],
}


def counted(**counts: int) -> dict[str, object]:
    """A promise's figures as the API has them."""
    zero = dict.fromkeys(("started", "met", "late", "breached", "running"), 0)
    return {"standard": "repairs.priority-1", "group": None, **zero, "started": 1, **counts}


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            {"met": 212, "late": 19, "breached": 9},
            "88.3 %, 212 of 240; 9 late and still open count against it",
        ),
        ({"met": 3, "late": 1}, "75 %, 3 of 4"),
        ({"met": 2}, "100 %, 2 of 2"),
        ({"running": 4}, "4 running, none has ended"),
        ({}, "None has ended"),
    ],
)
def test_a_share_has_its_counts(counts: dict[str, int], said: str) -> None:
    """And what is late and still open counts against it, which is said."""
    [row] = rows({"items": [counted(**counts)]}, {})
    assert row.said == said


@pytest.mark.parametrize(
    ("day", "first", "last", "before", "after", "year"),
    [
        (date(2026, 11, 26), "2026-11-01", "2026-11-30", "2026-10", "2026-12", 2026),
        (date(2026, 12, 31), "2026-12-01", "2026-12-31", "2026-11", "2027-01", 2026),
        (date(2028, 2, 29), "2028-02-01", "2028-02-29", "2028-01", "2028-03", 2027),
        (date(2026, 4, 1), "2026-04-01", "2026-04-30", "2026-03", "2026-05", 2026),
    ],
)
def test_a_month_knows_its_days_and_neighbours(
    day: date, first: str, last: str, before: str, after: str, year: int
) -> None:
    """Also over the end of a year, and a February with 29 days; the Regulator's year begins in April."""
    month = Month.of(day)
    assert (month.first.isoformat(), month.last.isoformat()) == (first, last)
    assert (month.before.value, month.next.value) == (before, after)
    assert month.reporting_year == year


def test_a_file_holds_no_formula() -> None:
    """A spreadsheet would carry out what begins with an equals sign."""
    [row] = rows({"items": [counted(met=1)]}, {"repairs.priority-1": "=1+1"})
    header, line = as_csv([row]).splitlines()
    assert header == "promise,standard,department,started,met,late,breached,running,share_met"
    assert line == "'=1+1,repairs.priority-1,,1,1,0,0,0,100"


async def test_figures_say_how_this_month_went_and_link_to_the_cases(desk: Desk) -> None:
    """A table first; each number leads to the cases behind it."""
    case = await desk.report()
    browser = await desk.browser()
    page = (await browser.get("/board/figures")).text
    assert re.search(r"<h1[^>]*>Figures for \w+ \d{4}</h1>", page)
    link = unescape(re.findall(r'href="(/board/figures/cases[^"]+state=running[^"]*)"', page)[0])
    behind = (await browser.get(link)).text
    assert "/board/cases/" in behind
    behind_one = {"standard": case["deadlines"][0]["standard"], "state": "running"}
    own = (await browser.get("/board/figures/cases", params=behind_one)).text
    assert case["reference"] in own
    assert "Flat 2, 14 Example Road" in own, "a case is called by its id alone"
    earlier = (await browser.get("/board/figures/cases", params={**behind_one, "month": "2020-02"})).text
    assert "February 2020" in earlier
    assert case["reference"] not in earlier


async def test_the_cases_behind_a_measure_are_named_by_what_they_are_and_where(desk: Desk) -> None:
    """On a page of their own, which says of each what it is: a reference alone tells nobody anything."""
    made = await desk.report("/v1/complaints", replace=COMPLAINT)
    browser = await desk.browser()
    page = (await browser.get("/board/figures")).text
    assert made["reference"] not in page
    link = unescape(re.findall(r'href="(/board/figures/measure[?]id=CH01%20%281%29[^"]*)"', page)[0])
    behind = (await browser.get(link)).text
    while made["reference"] not in behind:
        link = unescape(re.findall(r'rel="next" href="([^"]+)"', behind)[0])
        behind = (await browser.get(link)).text
    row = behind.partition(f'/board/cases/{made["reference"]}"')[2].partition("</li>")[0]
    assert "Complaint about repairs" in row
    assert "Flat 2, 14 Example Road" in row
    unknown = link.replace("CH01+%281%29", "XX").replace("CH01%20%281%29", "XX")
    assert (await browser.get(unknown)).status_code == 404


async def test_figures_are_a_file_too(desk: Desk) -> None:
    """With the same numbers."""
    await desk.report()
    answer = await (await desk.browser()).get("/board/figures.csv", params={"by": "department"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert ",repairs," in answer.text


async def test_promises_are_read_in_words(desk: Desk) -> None:
    """Each with its time and its source."""
    page = (await (await desk.browser()).get("/board/standards")).text
    assert re.search(r"<h1[^>]*>Our \d+ promises</h1>", page)
    assert 'id="repairs.priority-1' in page


async def test_a_closure_shows_what_it_moves_before_it_is_entered_and_can_be_taken_back(desk: Desk) -> None:
    """Nothing is changed by looking; with the scope alone is there a form."""
    browser = await desk.browser()
    page = (await browser.get("/board/calendar?year=2099")).text
    closing = {"csrf": hidden(page, "csrf"), "act": "close", "date": "2099-11-30", "reason": "Burst main"}
    preview = (await browser.post("/board/calendar", data=closing)).text
    assert "Close the office on Monday 30 November 2099?" in preview
    assert "No date moves. Statutory dates never do." in preview
    assert "Burst main" not in (await browser.get("/board/calendar?year=2099")).text
    sure = {**closing, "csrf": hidden(preview, "csrf"), "key": hidden(preview, "key"), "sure": "yes"}
    done = await browser.post("/board/calendar", data=sure)
    assert done.headers["location"] == "/board/calendar?year=2099"
    page = (await browser.get("/board/calendar?year=2099")).text
    assert "The office is closed on Monday 30 November 2099." in page
    assert "Monday 30 November 2099: Burst main" in page
    back = {**sure, "act": "withdraw", "reason": "Mended", "csrf": hidden(page, "csrf"), "key": "another"}
    await browser.post("/board/calendar", data=back)
    assert "Burst main" not in (await browser.get("/board/calendar?year=2099")).text


async def test_a_closure_without_a_day_keeps_what_was_typed(desk: Desk) -> None:
    """The error stands at the top and beside its field."""
    browser = await desk.browser()
    token = hidden((await browser.get("/board/calendar")).text, "csrf")
    answer = await browser.post("/board/calendar", data={"csrf": token, "act": "close", "reason": "Snow"})
    assert answer.status_code == 422
    assert answer.text.count("Enter the day on which the office is closed") == 2
    assert 'value="Snow"' in answer.text


async def test_whoever_may_not_close_the_office_sees_no_form(desk: Desk) -> None:
    """And finds nothing where one would be sent to."""
    browser = await desk.browser(SECOND_OFFICER)
    page = (await browser.get("/board/calendar")).text
    assert "Close the office on a day" not in page
    sent = {"csrf": hidden((await browser.get("/board/search")).text, "csrf"), "act": "close"}
    assert (await browser.post("/board/calendar", data=sent)).status_code == 404
