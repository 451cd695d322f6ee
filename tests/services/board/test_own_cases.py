"""A resident's own cases: honest words, the acts that are allowed, and none that others must not see."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

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
from tests.services.board.desk import FIRM, OFFICER, RESIDENT, Desk, Way, hidden
from tests.services.board.residents import mine
from tests.services.board.test_reports import begun

AT_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""A Monday."""

LONG_AGO = "2026-06-01T10:00:00Z"
"""A Monday."""


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
