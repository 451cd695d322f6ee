"""A caretaker's round: the sheet, ticks from paper and from the queue, and problems seen on the way."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tests.services.board.desk import Desk, hidden

PHONE = {"HX-Request": "true"}
A_YEAR_AGO = "2025-11-03T08:00:00Z"


async def site(desk: Desk, **changes: Any) -> str:
    """A tower block whose clean is overdue."""
    body = {
        "name": "Example Tower",
        "kind": "tower_block",
        "address": "1 Example Road",
        "received_at": A_YEAR_AGO,
        **changes,
    }
    answer = await (await desk.acting()).post("/v1/estates/sites", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["reference"])


async def cleaned(desk: Desk, reference: str) -> str | None:
    """The instant of the last whole clean."""
    answer = await (await desk.acting()).get(f"/v1/estates/sites/{reference}")
    at: str | None = answer.json()["cleaned_at"]
    return at


async def test_the_round_is_a_sheet_to_print_and_a_card_a_site(desk: Desk) -> None:
    """Each part of the site can be ticked; nothing that is not there is offered."""
    reference = await site(desk, name="Sheet Tower")
    page = await (await desk.browser()).get("/board/round?whose=all")
    assert page.status_code == 200
    card = page.text.partition(f'id="c-{reference}"')[2].partition("</section>")[0]
    names = re.findall(r'data-tick[^>]*|value="([^"]*)"', card)
    assert f"{reference}|clean||lifts" in names
    assert f"{reference}|clean||landings" not in names
    assert "All of it" in card
    sheet = page.text.partition("field-sheet-table")[2].partition("</table>")[0]
    assert "Sheet Tower" in sheet
    assert "☐" in sheet


async def test_ticks_from_paper_keep_the_promise_with_one_time_for_all(desk: Desk) -> None:
    """All of it stands for the parts that were offered."""
    reference = await site(desk)
    browser, today = await desk.browser(), f"{datetime.now(UTC):%Y-%m-%d}"
    page = (await browser.get("/board/round/paper?whose=all")).text
    offered = " ".join(f"{reference}|clean||{part}" for part in ("inside", "outside", "lifts", "lobbies"))
    form = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "on": today, "whose": "all"}
    without_time = await browser.post("/board/round/paper", data={**form, "all": offered})
    assert without_time.status_code == 422
    assert "Write when it was done" in without_time.text
    answer = await browser.post("/board/round/paper", data={**form, "all": offered, "at": "0:00"})
    assert answer.status_code == 303, answer.text
    assert await cleaned(desk, reference) is not None


async def test_a_tick_that_is_refused_says_where_and_keeps_the_others(desk: Desk) -> None:
    """A time that is still to come, or is no time."""
    reference = await site(desk, name="Late Tower")
    browser = await desk.browser()
    page = (await browser.get("/board/round/paper?whose=all")).text
    form = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "on": "2090-01-02", "whose": "all"}
    ticked = {"tick": f"{reference}|clean||inside"}
    refused = await browser.post("/board/round/paper", data={**form, **ticked, "at": "9:00"})
    assert refused.status_code == 422
    assert "Late Tower, 1 Example Road: This time is in the future." in refused.text
    wrong = await browser.post("/board/round/paper", data={**form, **ticked, "at": "soon"})
    assert "Write each time as 7:12" in wrong.text


async def test_ticks_of_the_queue_are_answered_each_on_its_own(desk: Desk) -> None:
    """The parts of a site are one clean; sent again it is one still."""
    reference = await site(desk)
    browser = await desk.browser()
    who = (await browser.get("/board/round/queue", headers=PHONE)).json()
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    parts = " ".join(f"{reference}|clean||{part}" for part in ("inside", "outside", "lifts", "lobbies"))
    items = [{"ticks": parts, "occurred_at": at}, {"ticks": "SIT-0000-0000|clean||inside", "occurred_at": at}]
    for _ in range(2):
        form = {**who, "key": uuid4().hex, "items": json.dumps(items)}
        answer = await browser.post("/board/round/queue/ticks", data=form, headers=PHONE)
        assert [each["status"] for each in answer.json()["results"]] == [201, 404]
    assert await cleaned(desk, reference) is not None
    history = await (await desk.acting()).get(f"/v1/cases/{reference}/timeline")
    assert history.text.count("site-cleaned") <= 1


async def test_a_problem_is_reported_with_the_site_filled_in(desk: Desk) -> None:
    """Hateful graffiti is graffiti that is offensive; what is left out is said beside the form."""
    reference = await site(desk)
    browser = await desk.browser()
    page = (await browser.get(f"/board/round/report?site={reference}&where=Example+Tower")).text
    assert hidden(page, "site") == reference
    form = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "site": reference}
    wrong = await browser.post("/board/round/report", data={**form, "location": "Lobby"})
    assert wrong.status_code == 422
    told = {**form, "kind": "offensive_graffiti", "location": "Lobby", "key": uuid4().hex}
    answer = await browser.post("/board/round/report", data=told)
    assert answer.status_code == 303, answer.text
    found = await (await desk.acting()).get("/v1/estates/issues", params={"site": reference})
    assert [(each["kind"], each["offensive"]) for each in found.json()["items"]] == [("graffiti", True)]
