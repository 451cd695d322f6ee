"""Reports of somebody's behaviour: as any other from outside, left at once, and nothing stays or is told."""

import re

import pytest

from services.board.reporting.answers import Answers
from services.board.reporting.kinds import KINDS
from tests.services.board.desk import Desk
from tests.services.board.test_reports import Walk, begun, reference_in, walked
from tests.support.reading import reading_grade

REACH = {
    "contact.safe_channels": "phone",
    "contact.phone": "01632 960001",
    "contact.safe_times.0.from": "10:00",
}
WHAT = {
    "category": "domestic_abuse",
    "description": "He shouts, and I am afraid",
    "contact.name": "Sam Jones",
}
STEPS: tuple[dict[str, str], ...] = ({}, {"safe_here": "yes"}, REACH, WHAT)


async def pages(desk: Desk) -> list[Walk]:
    """Every page of such a report from the first that knows what it is, with the answer."""
    walk, seen = await begun(desk.outside), []
    await walk.answer("someone", 1, {"report": "someone"})
    for number, given in enumerate(STEPS, 2):
        seen.append(Walk(walk.browser, walk.page))
        await walk.answer("someone", number, given)
    seen.append(Walk(walk.browser, walk.page))
    await walk.send()
    return [*seen, walk]


async def test_each_page_can_be_left_at_once(desk: Desk) -> None:
    """By button, by a second skip link, by the keyboard; without script after ten minutes as well."""
    for walk in await pages(desk):
        page = walk.page.text
        assert walk.page.status_code == 200, walk.text
        assert "govuk-js-exit-this-page-button" in page
        assert 'class="govuk-skip-link govuk-js-exit-this-page-skiplink"' in page
        assert '<noscript><meta http-equiv="refresh" content="600;url=/board/leave"></noscript>' in page
        assert re.search(r"assets/\w+/exit\.js", page)
        assert re.search(r"assets/\w+/private\.css", page)


async def test_title_address_and_fields_say_nothing(desk: Desk) -> None:
    """They are those of a leaking tap; nothing is filled in by a browser, nothing can be rung by a touch."""
    tap = await walked(desk.outside, "water")
    [title] = re.findall(r"<title>.*</title>", tap.page.text)
    for walk in await pages(desk):
        page = walk.page.text
        assert title in page
        assert walk.page.request.url.path in {
            *(f"/board/report/{n}" for n in range(2, 7)),
            "/board/report/send",
        }
        assert "tel:" not in page
        assert not re.search(r'autocomplete="(?!off)', page)
        assert set(re.findall(r'<(?:input|textarea)[^>]* name="([^"]+)"', page)) <= {
            *("csrf", "answers", "of"),
            *(f"q{n}" for n in range(8)),
        }


async def test_first_comes_what_to_know_then_if_it_is_safe_to_answer(desk: Desk) -> None:
    """And where it is not, nothing more is asked here."""
    first, second, *_ = await pages(desk)
    assert "Before you go on" in first.text
    assert "ten minutes" in first.text
    assert "Is it safe for you to answer here?" in second.text
    await second.answer("someone", 3, {"safe_here": "no"})
    assert "ring us from another phone" in second.text
    assert 'name="q0"' not in second.page.text


async def test_the_answer_promises_no_page_and_the_case_has_the_safe_ways(desk: Desk) -> None:
    """Hours without days are of each day."""
    done = (await pages(desk))[-1]
    assert "You cannot follow this online; we will reach you as you asked." in done.text
    assert "/board/track" not in done.text
    assert "We will contact you within 1 working day" in done.text
    officer = await desk.acting("demo-asb-officer")
    case = (await officer.get(f"/v1/asb/{reference_in(done.text)}")).json()
    assert case["contact"]["safe_channels"] == ["phone"]
    assert case["contact"]["safe_times"][0]["from"] == "10:00"
    assert len(case["contact"]["safe_times"][0]["days"]) == 7


async def test_what_is_carried_can_be_read_by_us_alone(desk: Desk) -> None:
    """The words are in no cookie and in no hidden field that anybody could read."""
    *_, check, _ = await pages(desk)
    assert "afraid" in check.text
    carried = "".join(re.findall(r'type="hidden"[^>]*value="([^"]*)"', check.page.text))
    assert carried
    assert "afraid" not in carried
    assert "afraid" not in "".join(desk.outside.cookies.values())


@pytest.mark.parametrize("kind", [code for code, kind in KINDS.items() if not kind.for_officers])
def test_the_questions_are_plain(kind: str) -> None:
    """For whoever has eight years of school, as letters are."""
    lines = [each for step in KINDS[kind].steps for each in (step.title, step.lead)]
    fields = [field for step in KINDS[kind].steps for field in step.fields]
    lines += [each for field in fields for each in (field.label, field.hint, *field.choices.values())]
    text = "\n".join(each if each[-1] in ".?" else f"{each}." for each in lines if each)
    assert reading_grade(text) <= 8, text


def test_no_report_has_more_than_six_pages() -> None:
    """Danger, what, three of its own, and the check; it takes one more to keep somebody safe."""
    for kind in KINDS.values():
        steps = Answers(typed={"report": [kind.code]}, seed="", by_officer=True).steps
        asking = [step for step in steps if not step.warns]
        assert 1 + len(asking) + 1 <= 6 + kind.private, kind.code
