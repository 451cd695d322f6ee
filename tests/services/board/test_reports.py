"""Reports by residents, by anybody and by officers: danger first, a question a page, an answer that lasts."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest

from services.board.reporting.kinds import KINDS
from services.repairs.case.guide import GUIDE
from tests.services.board.desk import OFFICER, RESIDENT, Desk, Way, hidden
from tests.support.eventually import eventually

HOME = {"property.address": "Flat 2, 14 Example Road", "property.postcode": "RM1 1AA"}
REACH = {"contact.name": "Sam Jones", "contact.email": "sam@example.org"}
TAP = ({"fault": "tap-not-turning", "description": "The cold tap in the kitchen"}, HOME, REACH)


class Walk:
    """A way through the pages of a report, as a browser without script goes it."""

    def __init__(self, browser: httpx.AsyncClient, page: httpx.Response) -> None:
        self.browser = browser
        self.page = page

    @property
    def text(self) -> str:
        """The page as it is read."""
        return unescape(self.page.text)

    async def answer(self, kind: str, number: int, given: dict[str, str], to: str = "") -> None:
        """Fill in the page that is shown, by the names that its fields have among all of their step."""
        form = {name: hidden(self.page.text, name) for name in ("csrf", "answers", "of")}
        fields = {f"q{at}": given[name] for at, name in enumerate(names(kind, number)) if name in given}
        self.page = await self.browser.post(f"/board/report/{to or number + 1}", data={**form, **fields})

    async def send(self) -> None:
        """Send the report from the page that checks it."""
        await self.answer("", 0, {}, "send")


def names(kind: str, number: int) -> list[str]:
    """The names of the fields of a step; of the first one, those of an officer."""
    if number == 1:
        return ["report", "came_by", "came_at"]
    return [field.name for field in KINDS[kind].steps[number - 2].fields] if number else []


async def begun(browser: httpx.AsyncClient) -> Walk:
    """The first question."""
    return Walk(browser, await browser.get("/board/report/1"))


async def walked(browser: httpx.AsyncClient, kind: str, *steps: dict[str, str], **first: str) -> Walk:
    """All pages up to the one that checks the answers."""
    walk = await begun(browser)
    for number, given in enumerate(({"report": kind, **first}, *steps), 1):
        await walk.answer(kind, number, given)
        assert walk.page.status_code == 200, walk.text
    return walk


async def test_the_first_page_tells_whoever_is_in_danger_to_ring(desk: Desk) -> None:
    """Before any question; its tab is called as all pages of residents are."""
    page = (await desk.outside.get("/board/report")).text
    assert re.search(r"<h1[^>]*>In danger now\? Ring, do not type</h1>", page)
    assert 'href="tel:999"' in page
    assert "0800 111 999" in page
    assert "<title>Housing – Havering Council</title>" in page


async def test_anybody_reports_a_repair_in_six_pages_and_books_the_visit(desk: Desk) -> None:
    """What, which of the guide, where, who, check: then the reference, the date, and the times of visits."""
    await offered(desk)
    walk = await walked(desk.outside, "water", *TAP)
    assert "Check your answers" in walk.text
    assert "The cold tap in the kitchen" in walk.text
    assert "A tap that will not turn" in walk.text
    assert "within 3 working days" in walk.text
    await walk.send()
    assert walk.page.status_code == 200, walk.text
    reference = reference_in(walk.text)
    assert "Finished by the end of" in walk.text
    slot = re.search(r'name="slot"[^>]*value="([^"]+)"', walk.page.text)
    assert slot is not None, walk.text
    form = {"csrf": hidden(walk.page.text, "csrf"), "booking": hidden(walk.page.text, "booking")}
    empty = await desk.outside.post("/board/report/appointment", data=form)
    assert (empty.status_code, "Choose a time." in empty.text) == (422, True)
    booked = await desk.outside.post("/board/report/appointment", data={**form, "slot": slot[1]})
    assert booked.status_code == 200
    assert "We come " in booked.text
    assert reference in booked.text
    case = (await (await desk.acting()).get(f"/v1/repairs/{reference}")).json()
    assert case["channel"] == "online"
    assert case["contact"]["email"] == "sam@example.org"
    assert case["appointment"]["slot_id"] == slot[1]


async def offered(desk: Desk) -> None:
    """Some time of a firm that can be booked."""
    window = {"starts_at": "2027-03-01T08:00:00Z", "ends_at": "2027-03-01T12:00:00Z"}
    slot = {"trade": "plumbing", "capacity": 5, **near(window), "contractor": "demo-contractor"}
    answer = await (await desk.acting()).post("/v1/slots", json=slot)
    assert answer.status_code == 201, answer.text


def near(window: dict[str, str]) -> dict[str, str]:
    """The window, tomorrow: an urgent repair has none that comes too late."""
    day = datetime.now(UTC).date() + timedelta(days=1)
    return {name: f"{day}{at[10:]}" for name, at in window.items()}


def reference_in(page: str) -> str:
    """The reference that a page tells."""
    found = re.search(r"\b[A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page)
    assert found is not None, page
    return found[0]


async def test_the_same_answers_sent_twice_are_one_report(desk: Desk) -> None:
    """The browser's Back, a second press and a reload make no second case."""
    walk = await walked(desk.outside, "water", *TAP)
    before = walk.page
    await walk.send()
    first = reference_in(walk.text)
    again = Walk(desk.outside, before)
    await again.send()
    assert reference_in(again.text) == first


async def test_a_lost_answer_is_asked_for_again_and_nothing_happens_twice(desk: Desk) -> None:
    """The page says that nobody knows, with every answer still in it."""
    way = Way(desk.gateway)
    async with desk.board_by(way, RESIDENT) as browser:
        walk = await walked(browser, "water", {**TAP[0], "description": "Said once"}, *TAP[1:])
        way.loses_answers = True
        await walk.send()
        assert walk.page.status_code == 504
        assert "It cannot be sent twice." in walk.text
        assert "Said once" in walk.text
        way.loses_answers = False
        await walk.send()
        assert walk.page.status_code == 200, walk.text
    cases = (await (await desk.acting(RESIDENT)).get("/v1/repairs")).json()["items"]
    assert [case["reference"] for case in cases if case["description"] == "Said once"] == [
        reference_in(walk.text)
    ]


async def test_back_keeps_every_answer(desk: Desk) -> None:
    """Also those of the page from which one goes back, which are not judged."""
    walk = await walked(desk.outside, "toilet", {"fault": "toilet-not-flushing", "description": "It is full"})
    await walk.answer("toilet", 3, {"property.address": "1 Half Street"}, "2")
    assert "It is full" in walk.text
    await walk.answer("toilet", 2, {"fault": "toilet-not-flushing", "description": "It is full"})
    assert "1 Half Street" in walk.text


async def test_an_empty_answer_stands_beside_its_field_and_at_the_top(desk: Desk) -> None:
    """And nothing that was typed is lost."""
    walk = await walked(desk.outside, "water")
    await walk.answer("water", 2, {"fault": "tap-not-turning"})
    assert walk.page.status_code == 422
    assert "There is a problem" in walk.text
    assert 'href="#field-q1"' in walk.page.text
    assert re.search(r'value="tap-not-turning"[^>]* checked', walk.page.text)
    await walk.answer("water", 2, TAP[0])
    await walk.answer("water", 3, HOME)
    await walk.answer("water", 4, {"contact.name": "Sam Jones"})
    assert "Give a phone number or an email address." in walk.text


async def test_an_answer_that_the_service_refuses_leads_to_its_page(desk: Desk) -> None:
    """By the pointer of the 422."""
    walk = await walked(desk.outside, "water", TAP[0], {**HOME, "property.postcode": "ZZZ"}, REACH)
    await walk.send()
    assert walk.page.status_code == 422
    assert "Where is it?" in walk.text
    assert "no postcode" in walk.text
    assert 'value="ZZZ"' in walk.page.text


async def test_a_toilet_is_less_urgent_where_there_is_another(desk: Desk) -> None:
    """The guide's own question, and its time before anything is sent."""
    given = {"fault": "toilet-not-flushing", "description": "It is full", "other_working_toilet": "yes"}
    walk = await walked(desk.outside, "toilet", given, HOME, REACH)
    assert "within 28 working days" in walk.text
    walk = await walked(desk.outside, "toilet", {**given, "other_working_toilet": "no"}, HOME, REACH)
    assert "within 4 hours" in walk.text
    await walk.send()
    assert re.search(r"Made safe by [^<]*(today|tomorrow)", walk.text)


async def test_a_resident_chooses_a_home_of_an_earlier_case(desk: Desk) -> None:
    """And need not type it again."""
    browser = await desk.browser(RESIDENT)
    await desk.report(person=RESIDENT, channel="online")

    async def with_homes() -> Walk | None:  # a part that comes late is left out of its page
        walk = await walked(browser, "water", TAP[0])
        return walk if "Is it one of these homes?" in walk.text else None

    walk = await eventually(with_homes, 20)
    await walk.answer("water", 3, {"home": "Flat 2, 14 Example Road\nRM1 1AA"})
    assert walk.page.status_code == 200
    await walk.answer("water", 4, REACH)
    await walk.send()
    mine = (await browser.get(f"/board/mine/{reference_in(walk.text)}")).text
    assert "Flat 2, 14 Example Road, RM1 1AA" in mine


async def test_an_officer_says_how_and_when_a_report_came(desk: Desk) -> None:
    """They write it down for a caller."""
    browser = await desk.browser(OFFICER)
    walk = await begun(browser)
    await walk.answer("water", 1, {"report": "water"})
    assert walk.page.status_code == 422
    walk = await walked(browser, "water", *TAP, came_by="phone", came_at="2026-11-20T10:15")
    await walk.send()
    assert walk.page.status_code == 200, walk.text
    case = (await (await desk.acting()).get(f"/v1/repairs/{reference_in(walk.text)}")).json()
    assert (case["channel"], case["received_at"]) == ("phone", "2026-11-20T10:15:00Z")


OTHERS: dict[str, tuple[dict[str, str], ...]] = {
    "damp": ({"description": "Black mould in the bedroom"}, HOME, REACH),
    "outside": (
        {"kind": "graffiti", "offensive": "yes", "description": "On the wall"},
        {"location": "Block A, by the lift"},
        REACH,
    ),
    "complaint": ({"about": "repairs", "description": "Nobody came"}, REACH),
    "question": ({"subject": "My rent", "message": "How do I pay?"}, REACH),
}


@pytest.mark.parametrize("kind", OTHERS)
async def test_every_other_kind_is_taken_in(desk: Desk, kind: str) -> None:
    """From anybody, on the same pages."""
    walk = await walked(desk.outside, kind, *OTHERS[kind])
    await walk.send()
    assert walk.page.status_code == 200, walk.text
    assert "We have your report" in walk.text


OF_OFFICERS: dict[str, dict[str, str]] = {
    "call": {
        "queued_at": "2026-11-20T10:15",
        "answered_at": "2026-11-20T10:16",
        "answered_by.name": "Officer A",
        "answered_by.department": "enquiries",
        "resolved_at_first_contact": "yes",
    },
    "visit": {"subject": "Keys"},
    "feedback": {"about": "repairs", "score": "4", "comment": "Quick"},
}


@pytest.mark.parametrize("kind", OF_OFFICERS)
async def test_calls_visits_and_feedback_are_written_down_by_officers_alone(desk: Desk, kind: str) -> None:
    """Anybody else is not offered them, nor can choose them."""
    walk = await walked(await desk.browser(), kind, OF_OFFICERS[kind], came_by="phone")
    await walk.send()
    assert walk.page.status_code == 200, walk.text
    walk = await begun(desk.outside)
    assert f'value="{kind}"' not in walk.page.text
    await walk.answer(kind, 1, {"report": kind})
    assert "What is it about?" in walk.text


async def test_whoever_cannot_report_finds_no_page(desk: Desk) -> None:
    """A firm, for example."""
    answer = await (await desk.browser("demo-contractor")).get("/board/report/1")
    assert answer.status_code == 404


def test_every_fault_of_the_guide_is_under_one_heading() -> None:
    """None is forgotten, and each stands once."""
    faults = [fault for kind in KINDS.values() for fault in kind.faults]
    assert sorted(faults) == sorted(GUIDE)


async def test_a_page_of_a_resident_is_light(desk: Desk) -> None:
    """Everything that it loads, compressed: a slow phone shows it within seconds."""
    page = await desk.outside.get("/board/report", headers={"accept-encoding": "gzip"})
    addresses = re.findall(r'(?:href|src)="(/board/assets/[^"]+)"', page.text)
    sizes = [int((await desk.outside.get(each)).headers["content-length"]) for each in addresses]
    govuk = [each for each in addresses if "govuk-frontend.min.css" in each]
    script = (await desk.outside.get(govuk[0].replace(".css", ".js"))).headers["content-length"]
    assert "htmx" not in page.text
    assert sum(sizes) + int(script) + int(page.headers["content-length"]) <= 35_000


async def test_a_number_with_thousands_of_digits_breaks_nothing(desk: Desk) -> None:
    """The first is read as the first step, the second is a page that is not there."""
    digits, walk = "9" * 5000, await begun(desk.outside)
    form = {"csrf": hidden(walk.page.text, "csrf"), "answers": "", "of": digits}
    assert (await desk.outside.post("/board/report/2", data=form)).status_code == 200
    assert (await desk.outside.get(f"/board/report/{digits}")).status_code == 404
