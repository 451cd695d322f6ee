"""Forms that are too large: nothing that was typed is lost, and whoever sent one is told what to do."""

import pytest

from gateway.routes import OF_A_FORM
from services.board.large_forms import MOST_OF_A_FORM, MOST_OF_A_PHOTO
from shared.cases.attachments.policy import MOST_BYTES
from shared.http.bodies import REFUSED_BODY
from tests.services.board.desk import Desk, hidden
from tests.services.board.test_day import CONTRACTOR, PHONE, job, told
from tests.services.board.test_photos import JPEG, post


@pytest.mark.parametrize("size", [MOST_OF_A_FORM + 1, 3 * MOST_OF_A_FORM])
async def test_a_photo_of_any_size_costs_nothing_that_was_typed(desk: Desk, size: int) -> None:
    """The form stands there again, filled in, with the error beside the field and at the top."""
    reference = await job(desk)
    browser, address = await desk.browser(CONTRACTOR), f"/board/day/{reference}"
    page = (await browser.get(address)).text
    form = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key")}
    large = ("all.jpg", JPEG.ljust(size, b"\0"), "image/jpeg")
    answer = await post(browser, f"{address}/photos", large, **form, type="no_access", notes="Nobody in")
    assert answer.status_code == 422, answer.text
    assert "This photo is over 12 MB." in answer.text.partition('id="photo-photo-error"')[2]
    assert 'href="#photo-photo"' in answer.text
    assert await told(desk, reference) == ["no_access"], "and what was told with it is noted"


@pytest.mark.parametrize(
    ("address", "size", "way_back"),
    [
        ("/board/day/{reference}/photos", OF_A_FORM + 1, "/board/day/{reference}"),
        ("/board/day/{reference}/not-ours", 2 * 1024 * 1024, "/board"),
    ],
    ids=["a photo", "words"],
)
async def test_what_is_too_large_for_the_gateway_is_answered_by_a_page(
    desk: Desk, address: str, size: int, way_back: str
) -> None:
    """In the frame of all others: what to do, that nothing was sent, and the way back."""
    reference = await job(desk)
    browser = await desk.browser(CONTRACTOR)
    content, form = b"x" * size, {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await browser.post(address.format(reference=reference), content=content, headers=form)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert "Nothing was sent, and nothing was changed." in answer.text
    assert f'href="{way_back.format(reference=reference)}"' in answer.text
    assert "My day" in answer.text
    assert await told(desk, reference) == []


async def test_a_phones_queue_is_told_in_its_own_way_that_a_batch_is_too_large(desk: Desk) -> None:
    """It reads a problem, and then sends one by one; a page would leave the batch waiting for ever."""
    browser, form = await desk.browser(CONTRACTOR), {"items": "x" * 2 * 1024 * 1024}
    answer = await browser.post("/board/day/queue/updates", data=form, headers=PHONE)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


async def test_no_browser_tells_the_board_that_a_form_was_too_large(desk: Desk) -> None:
    """Only the gateway does: a header of that name does not come through."""
    answer = await (await desk.browser()).get("/board/list", headers={REFUSED_BODY: "1"})
    assert answer.status_code == 200


def test_a_photo_may_be_as_large_as_the_api_keeps_it() -> None:
    """The gateway lets more through, and a form with it is cut off beyond any photo that is kept."""
    assert MOST_OF_A_PHOTO == MOST_BYTES < MOST_OF_A_FORM < OF_A_FORM
