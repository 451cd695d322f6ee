"""Photos with reports, cases, jobs and rounds: without script, and each mistake beside its field."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.board.pages.photos import MISSING, REFUSALS, UNKNOWN
from services.board.presenting.cases import KEEPS_PHOTOS
from shared.cases.attachments.policy import MOST_BYTES
from shared.directory import DIRECTORY
from tests.services.board.desk import ASB_OFFICER, CONTACT, FIRM, OFFICER, RESIDENT, Desk, hidden
from tests.services.board.test_day import CONTRACTOR, PHONE, job, sender, told
from tests.services.board.test_private_pages import STEPS, pages
from tests.services.board.test_reports import TAP, reference_in, walked
from tests.support.apps import app_of
from tests.support.images import TELLTALE, jpeg, opened, picture, plain
from tests.support.reading import reading_grade

JPEG = plain("JPEG")
NOISE = {"category": "noise", "description": "Shouting", "channel": "phone", "contact": CONTACT}
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
File = tuple[str, bytes, str]
PHOTO: File = ("tap.jpg", JPEG, "image/jpeg")
OF_AN_IPHONE: File = ("tap.heic", HEIC, "image/heic")


async def post(browser: httpx.AsyncClient, address: str, photo: File | None, **fields: str) -> httpx.Response:
    """A form as a browser without script sends it, with a photo or with an empty field for one."""
    return await browser.post(
        address, data=fields, files={"photo": photo or ("", b"", "application/octet-stream")}
    )


async def kept(desk: Desk, reference: str, path: str = "/v1/repairs") -> list[dict[str, Any]]:
    """The photos that are kept with a case."""
    answer = await (await desk.acting()).get(f"{path}/{reference}/attachments")
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def reported(desk: Desk) -> dict[str, str]:
    """The form of a photo on the page that answers a report by somebody who has not signed in."""
    walk = await walked(desk.outside, "water", *TAP)
    await walk.send()
    assert walk.page.status_code == 200, walk.text
    return {name: hidden(walk.page.text, name) for name in ("csrf", "booking")}


async def test_anybody_adds_photos_to_what_they_have_just_reported(desk: Desk) -> None:
    """Photos are as large as a phone takes them, and one sent twice is kept once; the reference stays."""
    form = await reported(desk)
    large = ("tap.jpg", JPEG.ljust(3 * 1024 * 1024, b"\0"), "image/jpeg")
    first = await post(desk.outside, "/board/report/photos", large, **form)
    assert first.status_code == 200, first.text
    assert "1 photo is with your report." in first.text
    reference = reference_in(first.text)
    again = await post(desk.outside, "/board/report/photos", large, **form)
    assert again.status_code == 200
    assert len(await kept(desk, reference)) == 1
    second = {name: hidden(first.text, name) for name in ("csrf", "booking")}
    more = await post(desk.outside, "/board/report/photos", ("p.png", plain("PNG"), "image/png"), **second)
    assert "2 photos are with your report." in more.text
    assert len(await kept(desk, reference)) == 2


@pytest.mark.parametrize(
    ("photo", "said"),
    [
        (None, "Choose a photo."),
        (OF_AN_IPHONE, "Most Compatible"),
        (("cat.svg", b"<svg/>", "image/svg+xml"), "We cannot show this kind of file."),
        (("half.jpg", JPEG[:-40], "image/jpeg"), "This file is not a whole photo."),
        (("all.jpg", JPEG.ljust(MOST_BYTES + 1, b"\0"), "image/jpeg"), "This photo is over 12 MB."),
    ],
    ids=["none", "HEIC", "a drawing", "half of one", "too large"],
)
async def test_a_mistake_stands_beside_the_field_and_costs_nothing_that_was_told(
    desk: Desk, photo: File | None, said: str
) -> None:
    """The report is accepted, and its reference still on the page."""
    form = await reported(desk)
    answer = await post(desk.outside, "/board/report/photos", photo, **form)
    assert answer.status_code == 422
    assert 'href="#photo"' in answer.text
    beside = answer.text.partition('id="photo-error"')[2].partition("</p>")[0]
    assert said in beside
    assert await kept(desk, reference_in(answer.text)) == []


async def test_a_resident_adds_a_photo_to_their_case_and_sees_it(desk: Desk) -> None:
    """With words in its place for whoever sees no pictures; another's case is not there."""
    case = await desk.report(person=RESIDENT, channel="online")
    browser, address = await desk.browser(RESIDENT), f"/board/mine/{case['reference']}"
    assert f'href="{address}/photos"' in (await browser.get(address)).text
    page = await browser.get(f"{address}/photos")
    form = {"csrf": hidden(page.text, "csrf")}
    wrong = await post(browser, f"{address}/photos", OF_AN_IPHONE, **form)
    assert (wrong.status_code, 'id="photo-error"' in wrong.text) == (422, True)
    added = await post(browser, f"{address}/photos", PHOTO, **form)
    assert (added.status_code, added.headers["location"]) == (303, address)
    seen = (await browser.get(address)).text
    assert "Your photo is with the case." in seen
    [[at, words]] = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', seen)
    assert words.startswith("Photo 1 of 1, ")
    picture = await browser.get(at.partition("?")[0])
    assert (picture.content, picture.headers["content-type"]) == (JPEG, "image/jpeg")
    others = await desk.report()
    for other in (f"/board/mine/{others['reference']}/photos", "/board/mine/MTG-0000-0000/photos"):
        assert (await browser.get(other)).status_code == 404
        assert (await post(browser, other, PHOTO, **form)).status_code == 404


async def test_photos_are_small_at_first_and_whole_on_a_tap(desk: Desk) -> None:
    """The browser keeps the small one, and asks each time whether it may still be seen."""
    case = await desk.report(person=RESIDENT, channel="online")
    large = jpeg(picture((1200, 900)))
    path = f"/v1/repairs/{case['reference']}/attachments?kind=photo"
    sent = {"Content-Type": "image/jpeg"}
    assert (await (await desk.acting()).post(path, content=large, headers=sent)).status_code == 201
    for person, address in ((OFFICER, "/board/cases"), (RESIDENT, "/board/mine")):
        browser = await desk.browser(person)
        page = (await browser.get(f"{address}/{case['reference']}")).text
        [[whole, small]] = re.findall(r'<a href="([^"]+)"><img src="([^"]+)"', page)
        shown = await browser.get(small)
        assert opened(shown.content).size == (240, 320), "a photo that stands on its side is put upright"
        assert [word for word in TELLTALE if word in shown.content] == []
        assert shown.headers["cache-control"] == "private, no-cache"
        again = await browser.get(small, headers={"If-None-Match": shown.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        full = await browser.get(whole)
        assert (opened(full.content).size, full.headers["cache-control"]) == ((1200, 900), "no-store")
    stranger = await (await desk.browser(FIRM)).get(small, headers={"If-None-Match": shown.headers["etag"]})
    assert stranger.status_code == 404


async def test_no_browser_keeps_a_photo_of_somebodys_behaviour_or_of_who_must_not_be_contacted(
    desk: Desk,
) -> None:
    """Small or whole: what is on this screen is gone with it."""
    asb = await desk.acting(ASB_OFFICER)
    case = (await asb.post("/v1/asb", json=NOISE)).json()
    path, sent = f"/v1/asb/{case['reference']}/attachments?kind=photo", {"Content-Type": "image/jpeg"}
    kept = await asb.post(path, content=JPEG, headers=sent)
    assert kept.status_code == 201, kept.text
    at = f"/board/cases/{case['reference']}/attachments/{kept.json()['id']}?size=small"
    shown = await (await desk.browser(ASB_OFFICER)).get(at)
    assert opened(shown.content).format == "JPEG"
    assert (shown.headers["cache-control"], "etag" in shown.headers) == ("no-store", False)


async def test_an_officer_adds_a_photo_that_somebody_brought(desk: Desk) -> None:
    """It stands on the case's page with the day on which it came; a case that is not theirs takes none."""
    case, browser = await desk.report(), await desk.browser()
    address = f"/board/cases/{case['reference']}"
    assert f'href="{address}/photos"' in (await browser.get(address)).text
    form = {"csrf": hidden((await browser.get(f"{address}/photos")).text, "csrf")}
    wrong = await post(browser, f"{address}/photos", None, **form)
    assert (wrong.status_code, 'id="photo-error"' in wrong.text) == (422, True)
    assert "No water at all, Flat 2, 14 Example Road" in wrong.text
    added = await post(browser, f"{address}/photos", PHOTO, **form)
    assert (added.status_code, added.headers["location"]) == (303, address)
    [words] = re.findall(r'<img src="[^"]+" alt="([^"]+)"', (await browser.get(address)).text)
    assert re.fullmatch(r"Photo 1 of 1, \S+ (today|yesterday)", words)
    for other in ("/board/cases/CAS-0000-0000/photos", "/board/cases/MTG-0000-0000/photos"):
        assert (await browser.get(other)).status_code == 404
        assert (await post(browser, other, PHOTO, **form)).status_code == 404


def test_photos_are_kept_with_the_kinds_of_case_that_have_a_route_for_them() -> None:
    """No page is offered for another."""
    keeping = {
        prefix
        for row in DIRECTORY.owner_rows
        for prefix, path in row.collections.items()
        if f"{path}/{{reference}}/attachments" in app_of(row.name).openapi()["paths"]
    }
    assert keeping == KEEPS_PHOTOS


async def test_whoever_tells_of_somebody_without_signing_in_is_asked_for_no_photo(desk: Desk) -> None:
    """Nobody but the team may say that there is such a case; signed in, it is added at the end."""
    *_, done = await pages(desk)
    assert done.page.status_code == 200
    assert "report/photos" not in done.page.text
    browser = await desk.browser(RESIDENT)
    walk = await walked(browser, "someone", *STEPS)
    await walk.send()
    form = {name: hidden(walk.page.text, name) for name in ("csrf", "booking")}
    added = await post(browser, "/board/report/photos", PHOTO, **form)
    assert (added.status_code, "1 photo is with your report." in added.text) == (200, True)
    assert "Exit this page" in added.text


async def test_what_a_firm_told_is_noted_though_its_photo_is_refused(desk: Desk) -> None:
    """The photo alone is sent again, beside whose field stands what was wrong."""
    reference = await job(desk)
    browser, address = await desk.browser(CONTRACTOR), f"/board/day/{reference}"
    page = (await browser.get(address)).text
    form = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key")}
    answer = await post(browser, f"{address}/photos", OF_AN_IPHONE, **form, type="en_route")
    assert answer.status_code == 422
    assert "On the way." in answer.text
    assert "Most Compatible" in answer.text.partition('id="photo-photo-error"')[2]
    assert await told(desk, reference) == ["en_route"]
    none = await post(browser, f"{address}/photos", None, **form)
    assert (none.status_code, "Choose a photo." in none.text) == (422, True)
    alone = await post(browser, f"{address}/photos", PHOTO, **form)
    assert (alone.status_code, alone.headers["location"]) == (303, address)
    assert [each["firm"] for each in await kept(desk, reference)] == [CONTRACTOR]
    assert await told(desk, reference) == ["en_route"]


async def test_a_problem_of_a_round_is_reported_with_its_photo(desk: Desk) -> None:
    """Reported though the photo is refused, which is then chosen once more."""
    browser = await desk.browser()
    page = (await browser.get("/board/round/report?where=Lobby")).text
    form = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "kind": "needles", "location": "Lobby"}
    refused = await post(browser, "/board/round/report/photos", OF_AN_IPHONE, **form)
    assert refused.status_code == 422
    assert "Most Compatible" in refused.text.partition('id="photo-error"')[2]
    assert re.search(r"What you reported is with us: [^.]*needles[^.]*, Lobby \(EST-", refused.text, re.I)
    reference = reference_in(refused.text)
    csrf = hidden(refused.text, "csrf")
    added = await post(browser, f"/board/round/report/{reference}/photos", PHOTO, csrf=csrf)
    assert (added.status_code, added.headers["location"]) == (303, "/board/round")
    assert len(await kept(desk, reference, "/v1/estates/issues")) == 1
    other = await post(browser, "/board/round/report/REP-0000-0000/photos", PHOTO, csrf=csrf)
    assert other.status_code == 404


async def test_a_photo_of_a_phones_queue_follows_its_problem(desk: Desk) -> None:
    """By the reference that the problem was answered with."""
    browser = await desk.browser()
    who = (await browser.get("/board/round/queue", headers=PHONE)).json()
    problem = {**who, "key": uuid4().hex, "kind": "needles", "location": "Stairs"}
    reference = (await browser.post("/board/round/queue/issues", data=problem, headers=PHONE)).json()[
        "reference"
    ]
    form = {**who, "key": uuid4().hex, "reference": reference}
    sent = [
        await browser.post("/board/round/queue/photos", data=form, files={"photo": PHOTO}, headers=PHONE)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert len(await kept(desk, reference, "/v1/estates/issues")) == 1


async def test_a_firms_photo_is_sent_for_nobody_else(desk: Desk) -> None:
    """A queue names who wrote it."""
    reference = await job(desk)
    browser = await desk.browser(CONTRACTOR)
    form = {**await sender(browser), "reference": reference, "key": uuid4().hex, "person": "somebody else"}
    answer = await browser.post("/board/day/queue/photos", data=form, files={"photo": PHOTO}, headers=PHONE)
    assert answer.status_code == 403
    assert await kept(desk, reference) == []


def test_what_is_wrong_with_a_photo_is_said_plainly() -> None:
    """For whoever has eight years of school."""
    assert reading_grade("\n".join((MISSING, UNKNOWN, *REFUSALS.values()))) <= 8
