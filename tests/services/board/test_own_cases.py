"""A resident's own cases: honest words, the acts that are allowed, and none that others must not see."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from typing import Any

import httpx
import pytest

from services.asb.policy import LIFECYCLE as ASB
from services.board.acts.forms import Kind
from services.board.acts.own import GIVEN, OWN, own_form
from services.board.acts.reading import read
from services.board.presenting.own_cases import OUTCOMES, STANDINGS, own_case
from services.complaints.policy import LIFECYCLE as COMPLAINTS
from services.enquiries.policy import appointment, enquiry, feedback
from services.estates.policy import issue
from services.repairs.views.presenters import LIFECYCLES as REPAIRS
from services.residents.policy import LIFECYCLE as TENANCIES
from shared.caller import Role
from shared.standards.catalogue import Catalogue
from tests.services.board.desk import FIRM, OFFICER, RESIDENT, Desk, Way, hidden, sign_in
from tests.services.board.test_reports import begun
from tests.support.eventually import eventually

AT_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""A Monday."""

LONG_AGO = "2026-06-01T10:00:00Z"
"""A Monday."""

UNSAFE = {"name": "Sam Jones", "email": "sam@example.org", "safe_to_contact": False}


def case(status: str = "reported", **changes: Any) -> dict[str, Any]:
    """A repair as the API shows it to its resident."""
    promise = {
        "standard": "repairs.priority-2.completed",
        "promise": "We will finish an urgent repair within 3 working days.",
        "due_at": "2026-11-25T23:59:59Z",
        "state": "running",
    }
    return {
        "reference": "REP-7K3M-Q9TX",
        "status": status,
        "fault": "tap-not-turning",
        "summary": "Tap will not turn",
        "property": {"address": "1 Example Road", "postcode": "RM1 1AA"},
        "handler": {"name": None, "department": "repairs"},
        "contractor": None,
        "deadlines": [promise | changes.pop("promise", {})],
        **changes,
    }


LATE = {"due_at": "2026-11-20T23:59:59Z", "state": "breached"}

SAID: list[tuple[dict[str, Any], str, list[str]]] = [
    (case(), "We have it. Nobody has it yet.", ["Finished by the end of Wednesday 25 November"]),
    (
        case(handler={"name": "Officer B"}),
        "Officer B has it now.",
        ["Finished by the end of Wednesday 25 November"],
    ),
    (case(promise=LATE), "Late. We promised Friday 20 November. Nobody has it yet.", []),
    (
        case("en_route", promise=LATE, contractor="Example Plumbing"),
        "Late. We promised Friday 20 November. Example Plumbing has it now.",
        [],
    ),
    (case("completed", promise=LATE), "Finished.", []),
    (case("cancelled", promise={"state": "cancelled"}), "Called off. Nobody comes for this.", []),
    (case("made_safe", promise={"state": "met"}), "It is safe now. We still have to finish it.", []),
    (
        case(promise={"standard": "repairs.job", "promise": "Done by the date given."}),
        "We have it. Nobody has it yet.",
        ["Done by the date given. That is by the end of Wednesday 25 November."],
    ),
]


@pytest.mark.parametrize(("given", "standing", "promises"), SAID)
def test_a_case_is_said_in_honest_words(given: dict[str, Any], standing: str, promises: list[str]) -> None:
    """Late is called late with who has it; what ended was not always done."""
    said = own_case(given, AT_NOON)
    assert (said.standing, said.promises) == (standing, promises)


LIFECYCLES: Mapping[str, Any] = {
    "REP": REPAIRS,
    "CAS": (ASB,),
    "CMP": (COMPLAINTS,),
    "ENQ": (enquiry.LIFECYCLE,),
    "MTG": (appointment.LIFECYCLE,),
    "FBK": (feedback.LIFECYCLE,),
    "EST": (issue.LIFECYCLE,),
    "TEN": (TENANCIES,),
}


@pytest.mark.parametrize("prefix", LIFECYCLES)
def test_every_act_of_a_resident_has_a_form(prefix: str) -> None:
    """And none is of an act that is an officer's alone."""
    acts = {
        str(act)
        for lifecycle in LIFECYCLES[prefix]
        for act, rule in lifecycle.rules.items()
        if Role.RESIDENT in rule.who
    }
    assert set(OWN[prefix]) == acts


@pytest.mark.parametrize("prefix", OWN)
def test_the_forms_of_residents_ask_for_what_those_of_officers_do(prefix: str) -> None:
    """In fewer questions and other words, and with names that the API knows."""
    for act in OWN[prefix]:
        form = own_form(prefix, act)
        assert form is not None, act
        every = {field.name: [values_of(field)] for field in form.fields}
        assert read(form, every).errors == {}, act
        assert set(GIVEN.get((prefix, act), {})).isdisjoint(every)


def values_of(field: Any) -> str:
    """A value that such a field takes."""
    return {Kind.YES_NO: "yes", Kind.INSTANT: "2026-12-01T09:00"}.get(field.kind, "x")


def test_the_words_are_of_promises_and_statuses_that_there_are() -> None:
    """A promise that was renamed would be said in the wrong words without anybody noticing."""
    assert set(OUTCOMES) <= {row.id for row in Catalogue.bundled().standards}
    assert {prefix for prefix, _ in STANDINGS} <= set(LIFECYCLES)


async def mine(browser: httpx.AsyncClient) -> str:
    """The list with the cases of every service: under load one may be left out, and the list says so."""

    async def whole() -> str | None:
        page = (await browser.get("/board/mine")).text
        return None if "not to be had just now" in page else page

    return await eventually(whole, 20)


async def test_a_resident_reads_their_case_and_does_what_it_allows(desk: Desk) -> None:
    """From the list to the act, and back with what happened."""
    reported = await desk.report(person=RESIDENT, channel="online")
    browser, path = await desk.browser(RESIDENT), f"/board/mine/{reported['reference']}"
    assert (await browser.get("/board")).headers["location"] == "/board/mine"
    assert f'href="{path}"' in await mine(browser)
    page = await browser.get(path)
    assert "Say that you no longer need this" in page.text
    assert "Give to a firm" not in page.text
    form = await browser.get(f"{path}/cancellation")
    sent = {name: hidden(form.text, name) for name in ("csrf", "etag", "key")}
    empty = await browser.post(f"{path}/cancellation", data=sent)
    assert (empty.status_code, "Answer this: Why?" in empty.text) == (422, True)
    done = await browser.post(f"{path}/cancellation", data={**sent, "reason": "A friend did it"})
    assert (done.status_code, done.headers["location"]) == (303, path)
    page = await browser.get(path)
    assert "The repair is called off." in page.text
    assert "Called off. Nobody comes for this." in page.text
    late = await browser.post(f"{path}/cancellation", data={**sent, "key": "k2", "reason": "Once more"})
    assert late.status_code in {409, 412}
    assert "Once more" in late.text


async def test_a_resident_says_more_than_one_time_at_which_we_may_reach_them(desk: Desk) -> None:
    """The times that we know stand there already; one more is asked for without a script."""
    mornings = {"days": ["monday"], "from": "09:00", "to": "11:00"}
    contact = {"name": "Sam Jones", "phone": "01632 960001", "safe_times": [mornings]}
    case = await desk.report(person=RESIDENT, channel="online", contact=contact)
    browser, path = await desk.browser(RESIDENT), f"/board/mine/{case['reference']}"
    page = await browser.get(f"{path}/contact")
    assert re.search(r'name="safe_times.0.from"[^>]*value="09:00"', page.text)
    known = {f"safe_times.0.{name}": value for name, value in mornings.items()}
    sent = {name: hidden(page.text, name) for name in ("csrf", "etag", "key")}
    page = await browser.post(f"{path}/contact", data={**sent, **known, "add": "safe_times"})
    assert (page.status_code, 'name="safe_times.1.days"' in page.text) == (200, True)
    evenings = {"days": ["friday"], "from": "18:00", "to": "20:00"}
    more = {f"safe_times.1.{name}": value for name, value in evenings.items()}
    sent = {name: hidden(page.text, name) for name in ("csrf", "etag", "key")}
    assert (await browser.post(f"{path}/contact", data={**sent, **known, **more})).status_code == 303
    read = (await (await desk.acting(RESIDENT)).get(f"/v1/repairs/{case['reference']}")).json()
    assert read["contact"]["safe_times"] == [mornings, evenings]


async def test_a_service_that_is_down_is_named_in_the_place_of_its_cases(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is there."""
    browser = await desk.browser(RESIDENT)
    monkeypatch.delitem(desk.gateway._resources.upstreams, "estates")
    page = await browser.get("/board/mine")
    assert page.status_code == 200
    assert "Estates: your cases are not to be had just now." in page.text


@pytest.mark.parametrize("person", [None, OFFICER])
async def test_the_pages_are_for_residents(desk: Desk, person: str | None) -> None:
    """Others sign in, or find nothing."""
    browser = await desk.browser(person) if person else desk.outside
    answer = await browser.get("/board/mine")
    assert answer.status_code == (404 if person else 303)


async def test_what_is_not_theirs_is_not_there(desk: Desk) -> None:
    """The answer is that for a case of nobody's."""
    other = await desk.report()
    browser = await desk.browser(RESIDENT)
    statuses = [
        (await browser.get(f"/board/mine/{each}")).status_code
        for each in (other["reference"], "REP-0000-0000", "nothing")
    ]
    assert statuses == [404, 404, 404]


async def asked(
    browser: httpx.AsyncClient, path: str, reference: str, surname: str, postcode: str
) -> httpx.Response:
    """The answer to the three questions of a page."""
    form = {"csrf": hidden((await browser.get(path)).text, "csrf")}
    return await browser.post(
        path, data={**form, "reference": reference, "surname": surname, "postcode": postcode}
    )


async def test_a_case_that_was_phoned_in_is_claimed(desk: Desk) -> None:
    """By reference, surname and postcode."""
    phoned = await desk.report()
    browser = await desk.browser(RESIDENT)
    wrong = await asked(browser, "/board/mine/claim", phoned["reference"], "Smith", "RM1 1AA")
    assert (wrong.status_code, "We cannot show you a case" in wrong.text) == (404, True)
    right = await asked(browser, "/board/mine/claim", phoned["reference"], "Jones", "rm11aa")
    assert (right.status_code, right.headers["location"]) == (303, f"/board/mine/{phoned['reference']}")


async def test_anybody_follows_a_case_by_three_answers_that_are_all_right(desk: Desk) -> None:
    """Every refusal is the same page, whatever was wrong, and for cases that nobody may follow."""
    followed, unsafe = await desk.report(), await desk.report(contact=UNSAFE)
    shown = await asked(desk.outside, "/board/track", followed["reference"], "Jones", "RM1 1AA")
    assert shown.status_code == 200
    assert "Made safe by" in shown.text
    assert "sam@example.org" not in shown.text
    refusals = [
        await asked(desk.outside, "/board/track", *answers)
        for answers in (
            (followed["reference"], "Smith", "RM1 1AA"),
            (followed["reference"], "Jones", "RM1 1AB"),
            (unsafe["reference"], "Jones", "RM1 1AA"),
            ("CAS-7K3M-Q9TX", "Jones", "RM1 1AA"),
            ("REP", "Jones", "RM1 1AA"),
        )
    ]
    assert {answer.status_code for answer in refusals} == {404}
    assert len({said(answer) for answer in refusals}) == 1
    empty = await asked(desk.outside, "/board/track", "", "Jones", "RM1 1AA")
    assert (empty.status_code, "Give the reference" in empty.text) == (422, True)


def said(answer: httpx.Response) -> str:
    """The words of a page, without those typed and those new each time."""
    return re.sub(r'value="[^"]*"|name="csrf"', "", unescape(answer.text))


async def test_a_case_that_is_not_safe_is_on_no_list(desk: Desk) -> None:
    """It is seen by whoever has just signed in once more, and its pages can be left at once."""
    unsafe = await desk.report(person=RESIDENT, channel="online", contact=UNSAFE)
    asb = {"category": "noise", "description": "Shouting", "channel": "online", "contact": UNSAFE}
    api, browser = await desk.acting(RESIDENT), await desk.browser(RESIDENT)
    guarded = (await api.post("/v1/asb", json=asb)).json()
    references = [unsafe["reference"], guarded["reference"]]
    plain = await mine(browser)
    assert "See everything" in plain
    assert [each for each in references if each in plain] == []
    assert [(await browser.get(f"/board/mine/{each}")).status_code for each in references] == [404, 404]
    await sign_in(browser, RESIDENT)  # what they did more than a minute ago counts no longer
    assert (await browser.get("/board/mine/everything")).headers["location"] == "/board/mine"
    whole = await mine(browser)
    assert [each for each in references if each in whole] == references
    assert "Exit this page" in whole
    page = await browser.get(f"/board/mine/{guarded['reference']}")
    assert (page.status_code, "Exit this page" in page.text, "Noise" in page.text) == (200, True, False)


async def test_a_tenant_chooses_another_firm_than_the_one_that_was_late(desk: Desk) -> None:
    """From the firms that are registered; they need not ring to learn which there are."""
    late = await desk.report(
        person=RESIDENT, channel="online", fault="tap-not-turning", tenure="secure", received_at=LONG_AGO
    )
    firm = await (await desk.acting()).post("/v1/contractors", json={"name": "Example Plumbing"})
    assert firm.status_code == 201
    await desk.act(late, "assignment", {"contractor": FIRM})
    browser, address = await desk.browser(RESIDENT), f"/board/mine/{late['reference']}/second-contractor"
    page = (await browser.get(address)).text
    assert 'value="Example Plumbing"' in page
    assert f'value="{FIRM}"' not in page
    form = {name: hidden(page, name) for name in ("csrf", "etag", "key")}
    answer = await browser.post(address, data={**form, "contractor": "Example Plumbing"})
    assert answer.status_code == 303, answer.text
    case = (await (await desk.acting()).get(f"/v1/repairs/{late['reference']}")).json()
    assert case["contractor"] == "Example Plumbing"


async def test_exit_ends_the_session_and_leads_away(desk: Desk) -> None:
    """To a page that says nothing of us; the browser forgets ours."""
    browser = await desk.browser(RESIDENT)
    answer = await browser.get("/board/leave")
    assert answer.headers["location"] == "https://www.bbc.co.uk/weather"
    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert (await browser.get("/board/session")).status_code == 401
    del desk.board[RESIDENT]


@pytest.mark.parametrize("person", [FIRM, OFFICER])
async def test_whoever_works_here_loses_no_queue_by_the_page_on_safety(desk: Desk, person: str) -> None:
    """It is at the foot of their pages too; a phone keeps what is not sent, signed in or signed out."""
    browser = await desk.browser(person)
    page = await browser.get("/board/safety")
    assert "How to use this safely" in page.text
    assert not re.search(r"exit-this-page|exit\.js|http-equiv", page.text)
    left = [(await browser.get("/board/leave")).headers["clear-site-data"] for _ in range(2)]
    assert left == ['"cache", "cookies"'] * 2
    del desk.board[person]


async def test_what_was_asked_to_be_seen_is_forgotten_with_the_session(desk: Desk) -> None:
    """Whoever signs in next at the same browser, be it the same person, proves once more who they are."""
    unsafe = await desk.report(person=RESIDENT, channel="online", contact=UNSAFE)
    browser = await desk.browser(RESIDENT)
    await sign_in(browser, RESIDENT)
    await browser.get("/board/mine/everything")
    assert unsafe["reference"] in await mine(browser)
    form = await browser.get("/board/sign-out")
    await browser.post("/board/sign-out", data={"csrf": hidden(form.text, "csrf")})
    await sign_in(browser, RESIDENT)
    assert unsafe["reference"] not in await mine(browser)


async def test_the_first_pages_lead_to_reports(desk: Desk) -> None:
    """For anybody, and for residents."""
    start = (await desk.outside.get("/board")).text
    assert 'href="/board/report"' in start
    assert 'href="/board/track"' in start
    assert (await begun(desk.outside)).page.status_code == 200


async def test_the_list_of_my_cases_is_read_to_its_end(desk: Desk) -> None:
    """A page of the API holds a part of a long list."""
    cases = {(await desk.report(person=RESIDENT, channel="online"))["reference"] for _ in range(2)}
    way = Way(desk.gateway)
    way.short_pages = 1
    async with desk.board_by(way, RESIDENT) as browser:
        page = (await browser.get("/board/mine")).text
    assert set(re.findall(r'id="c-([^"]+)"', page)) >= cases
