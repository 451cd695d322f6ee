"""Following and claiming a case: three answers that are all right, and one refusal for all that are not."""

import re
from html import unescape

import httpx

from tests.services.board.desk import RESIDENT, Desk, hidden
from tests.services.board.residents import UNSAFE


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
