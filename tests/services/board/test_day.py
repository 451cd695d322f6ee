"""A contractor's day: the visits in words, the next word without a script, and the queue of a phone."""

import io
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from tests.services.board.desk import OFFICER, RESIDENT, Desk, Way, hidden

CONTRACTOR = "demo-contractor"
PHONE = {"HX-Request": "true"}


async def job(desk: Desk, **changes: Any) -> str:
    """A repair that was given to the firm."""
    case = await desk.report(**changes)
    given = await (await desk.acting()).post(
        f"/v1/repairs/{case['reference']}/assignment", json={"contractor": CONTRACTOR}
    )
    assert given.status_code == 201, given.text
    return str(case["reference"])


async def sender(browser: httpx.AsyncClient) -> Mapping[str, str]:
    """The person that a phone may send for."""
    answer = await browser.get("/board/day/queue", headers=PHONE)
    assert answer.status_code == 200
    told: Mapping[str, str] = answer.json()
    return told


async def sent(browser: httpx.AsyncClient, items: list[dict[str, str]], **changes: str) -> httpx.Response:
    """The answer to a batch of the phone's queue."""
    form = {**await sender(browser), "key": uuid4().hex, "items": json.dumps(items), **changes}
    return await browser.post("/board/day/queue/updates", data=form, headers=PHONE)


async def told(desk: Desk, reference: str) -> list[str]:
    """The words that were recorded of a job."""
    answer = await (await desk.acting(OFFICER)).get(f"/v1/repairs/{reference}/updates")
    return [update["type"] for update in answer.json()["items"]]


def just_now() -> str:
    """An instant that is neither in the future nor before a report of this test."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


async def test_the_day_shows_an_emergency_with_its_promise_and_leads_to_its_visit(desk: Desk) -> None:
    """Words first: what, where, by when; and nobody's reference alone."""
    reference = await job(desk)
    browser = await desk.browser(CONTRACTOR)
    assert (await browser.get("/board")).headers["location"] == "/board/day"
    page = await browser.get("/board/day")
    assert page.status_code == 200
    card = page.text.partition(f'id="v-{reference}"')[2].partition("</li>")[0]
    assert "Flat 2, 14 Example Road, RM1 1AA" in card
    assert re.search(r"by ([\d:]+(am|pm)|midnight|midday) (today|tomorrow)", card)
    visit = await browser.get(f"/board/day/{reference}")
    assert visit.status_code == 200
    assert "No water since this morning" in visit.text
    assert "01632 960001" in visit.text


async def test_no_job_is_left_off_the_day_however_many_there_are(desk: Desk) -> None:
    """The pages of a list are followed; where they have no end in sight the page says that there is more."""
    references = {await job(desk) for _ in range(3)}
    way = Way(desk.gateway)
    async with desk.board_by(way, CONTRACTOR) as browser:
        assert 'id="more"' not in (await browser.get("/board/day")).text
        way.short_pages = 1
        assert set(re.findall(r'id="v-([^"]+)"', (await browser.get("/board/day")).text)) >= references
        for _ in range(8):
            await job(desk)
        assert 'id="more"' in (await browser.get("/board/day")).text


async def test_the_next_word_is_told_without_a_script_and_the_one_after_it_is_then_the_big_button(
    desk: Desk,
) -> None:
    """On my way, then Here; pressed twice it is told once."""
    reference = await job(desk)
    browser = await desk.browser(CONTRACTOR)
    page = (await browser.get(f"/board/day/{reference}")).text
    form = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "type": "en_route"}
    for _ in range(2):
        answer = await browser.post(f"/board/day/{reference}", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/board/day/{reference}")
    assert await told(desk, reference) == ["en_route"]
    after = (await browser.get(f"/board/day/{reference}")).text
    assert re.findall(r'data-word="(\d)"( hidden)?', after) == [("0", " hidden"), ("1", ""), ("2", " hidden")]
    assert "On the way." in after


async def test_what_the_api_refuses_is_shown_with_what_was_typed(desk: Desk) -> None:
    """Done needs two answers; the notes are still there."""
    reference = await job(desk)
    browser = await desk.browser(CONTRACTOR)
    page = (await browser.get(f"/board/day/{reference}")).text
    form = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "type": "completed"}
    answer = await browser.post(f"/board/day/{reference}", data={**form, "notes": "New washer <fitted>"})
    assert answer.status_code == 422
    assert "This was not taken" in answer.text
    assert "New washer &lt;fitted&gt;" in answer.text
    assert await told(desk, reference) == []


async def test_no_access_and_more_work_carry_what_was_chosen(desk: Desk) -> None:
    """How it was tried with the card that was left; the visit that was agreed, in London's time."""
    reference = await job(desk)
    browser = await desk.browser(CONTRACTOR)
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"
    items = [
        {"type": "no_access", "way": "knocked", "outcome": "no answer", "card_left": "yes"},
        {
            "type": "follow_on_needed",
            "slot": "other",
            "visit_on": tomorrow,
            "visit_from": "08:00",
            "visit_to": "12:00",
        },
    ]
    items = [{**item, "reference": reference, "occurred_at": just_now()} for item in items]
    results = (await sent(browser, items)).json()["results"]
    assert [result["status"] for result in results] == [201, 201]
    updates = (await (await desk.acting()).get(f"/v1/repairs/{reference}/updates")).json()["items"]
    assert updates[0]["way"] == "knocked, card left"
    assert updates[1]["appointment"]["starts_at"].startswith(tomorrow)


async def test_a_batch_that_is_sent_again_under_its_key_is_told_once_and_each_item_has_its_own_answer(
    desk: Desk,
) -> None:
    """The answer was lost in the lift shaft; another firm's job is not there, what is invalid says why."""
    mine, others = await job(desk), (await desk.report())["reference"]
    browser = await desk.browser(CONTRACTOR)
    at = just_now()
    items = [
        {"reference": mine, "type": "attended", "occurred_at": at},
        {"reference": others, "type": "attended", "occurred_at": at},
        {"reference": mine, "type": "made_safe", "occurred_at": "2090-01-01T00:00:00Z"},
    ]
    key = uuid4().hex
    for _ in range(2):
        answer = await sent(browser, items, key=key)
        assert answer.status_code == 201
        assert [result["status"] for result in answer.json()["results"]] == [201, 404, 422]
    assert await told(desk, mine) == ["attended"]


async def test_nothing_is_sent_for_another_person_than_wrote_it(desk: Desk) -> None:
    """A queue names its person, an officer has no day, and an ended session is a 401 to a phone."""
    reference = await job(desk)
    browser = await desk.browser(CONTRACTOR)
    items = [{"reference": reference, "type": "attended", "occurred_at": just_now()}]
    assert (await sent(browser, items, person="somebody else")).status_code == 403
    assert (await sent(browser, items, csrf="")).status_code == 403
    assert await told(desk, reference) == []
    assert (await desk.outside.get("/board/day/queue", headers=PHONE)).status_code == 401
    assert (await (await desk.browser()).get("/board/day")).status_code == 404


@pytest.mark.parametrize("items", ["no list", '{"a": 1}', "[1]", '[{"type": 1}]'])
async def test_a_batch_that_cannot_be_read_is_refused_whole(desk: Desk, items: str) -> None:
    """So the phone keeps it, and sends its items one by one."""
    browser = await desk.browser(CONTRACTOR)
    form = {**await sender(browser), "key": uuid4().hex, "items": items}
    answer = await browser.post("/board/day/queue/updates", data=form, headers=PHONE)
    assert answer.status_code == 422


async def test_a_photo_is_kept_once_with_its_job(desk: Desk) -> None:
    """Sent after the facts, and again where the answer was lost."""
    reference = await job(desk)
    browser = await desk.browser(CONTRACTOR)
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "JPEG")
    key = uuid4().hex
    for _ in range(2):
        answer = await browser.post(
            "/board/day/queue/photos",
            data={**await sender(browser), "reference": reference, "key": key},
            files={"photo": ("p.jpg", picture.getvalue(), "image/jpeg")},
            headers=PHONE,
        )
        assert answer.status_code == 201, answer.text
    kept = await (await desk.acting(CONTRACTOR)).get(f"/v1/repairs/{reference}/attachments")
    assert len(kept.json()["items"]) == 1


async def test_a_form_of_an_ended_session_is_kept_to_be_sent_again(desk: Desk) -> None:
    """With all that was typed, and the way to sign in beside it."""
    reference = await job(desk)
    form = {"csrf": "x", "key": "k", "type": "no_access", "notes": "Nobody in"}
    answer = await desk.outside.post(f"/board/day/{reference}", data=form)
    assert answer.status_code == 401
    assert 'name="notes" value="Nobody in"' in answer.text
    assert "Sign in in a new tab" in answer.text
    back = await desk.outside.post(f"/board/day/{reference}/not-ours", data={**form, "why": "other"})
    assert (back.status_code, 'name="why" value="other"' in back.text) == (401, True)
    assert f'action="/board/day/{reference}/not-ours"' in back.text


async def test_a_job_of_another_firm_is_not_there(desk: Desk) -> None:
    """The same page as for what is no reference at all."""
    others = (await desk.report())["reference"]
    browser = await desk.browser(CONTRACTOR)
    for typed in (others, "REP-0000-0000", "CMP-7K3M-Q9TX"):
        assert (await browser.get(f"/board/day/{typed}")).status_code == 404


async def test_a_job_that_is_not_the_firms_goes_back_to_the_office(desk: Desk) -> None:
    """With the reason; it is on the day no more, nobody has it, and the officer gives it to another."""
    reference = await job(desk)
    browser, address = await desk.browser(CONTRACTOR), f"/board/day/{reference}"
    page = (await browser.get(address)).text
    form = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "type": "not_ours", "notes": "<Boiler>"}
    empty = await browser.post(f"{address}/not-ours", data=form)
    assert (empty.status_code, 'id="why-error"' in empty.text) == (422, True)
    assert "&lt;Boiler&gt;" in empty.text
    answer = await browser.post(f"{address}/not-ours", data={**form, "why": "not_our_trade"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/board/day")
    day = (await browser.get("/board/day")).text
    assert "With the office again: No water at all, Flat 2, 14 Example Road, RM1 1AA." in day
    assert f'id="v-{reference}"' not in day
    assert (await browser.get(address)).status_code == 404
    case = (await (await desk.acting()).get(f"/v1/repairs/{reference}")).json()
    assert (case["contractor"], "handback" in case["allowed"]) == (None, False)


async def test_a_phone_hands_a_job_back_once_it_has_signal(desk: Desk) -> None:
    """Sent again under its key, where the answer was lost, it is answered the same."""
    reference = await job(desk)
    browser = await desk.browser(CONTRACTOR)
    form = {**await sender(browser), "key": uuid4().hex, "reference": reference}
    wrong = await browser.post("/board/day/queue/handbacks", data=form, headers=PHONE)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/reason")
    form |= {"key": uuid4().hex, "why": "no_capacity", "occurred_at": just_now()}
    answers = [await browser.post("/board/day/queue/handbacks", data=form, headers=PHONE) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1].json() == answers[0].json() == {"reference": reference, "view": "past_contractor"}


@pytest.mark.parametrize(
    ("person", "pages"), [(CONTRACTOR, "/board/day"), (OFFICER, "/board/round")], ids=["day", "round"]
)
async def test_the_worker_may_serve_the_pages_below_its_own_address_alone(
    desk: Desk, person: str, pages: str
) -> None:
    """Its address stays, so that a new one takes the place of an old one."""
    answer = await (await desk.browser(person)).get(f"{pages}/worker.js")
    assert answer.headers["service-worker-allowed"] == pages
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")


async def test_a_sign_in_tells_a_phone_whose_pages_it_may_show(desk: Desk) -> None:
    """The mark of a queue names nobody, and only those who work outside have one."""
    browser = await desk.browser(CONTRACTOR)
    assert browser.cookies.get("board-mark") == (await sender(browser))["person"]
    assert (await desk.browser(RESIDENT)).cookies.get("board-mark") is None
