"""The letters: every part that the Code asks for, plain words, and values that are never markup."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from services.complaints.letters import LetterKind, MissingParts, render
from shared.standards.catalogue import Catalogue
from shared.standards.ombudsmen import Ombudsman
from tests.services.complaints.complaining import ANSWER, UNDERSTOOD, Team
from tests.support.reading import reading_grade

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
DETAILS = SimpleNamespace(name="Bo", web="w", phone="1", email="e", address="a")
SHORT = SimpleNamespace(name="Bo", web="w", phone="1", email=None, address=None)
FULL: dict[str, Any] = {
    "reference": "CMP",
    "name": "Sam",
    "stage": 1,
    "started_at": NOON,
    "handler": "Bo",
    "handler_named": True,
    "council": "The council",
    "code": "housing",
    "ombudsmen": [{"details": DETAILS, "points": [1, 3]}, {"details": DETAILS, "points": [2]}],
    "points": [
        {"text": "It is wet.", "ours": True},
        {"text": "It is cold.", "ours": False, "reason": "It is."},
    ],
    "reply_by": datetime(2026, 11, 20, 12, tzinfo=UTC),
    "answer_by": NOON,
    "reply_is_late": False,
    "code_by": datetime(2026, 11, 25, 12, tzinfo=UTC),
    "update_by": NOON,
    "message": "We wait for the firm.",
    "understanding": "The roof is wet.",
    "next_steps": "We look at it.",
    "outcome_sought": "Mend it.",
    "reason": "We need to look at it.",
    "good_reason": "It is wet.",
    "ground": "over_twelve_months",
    "discretion": "We could not.",
    "outcome": "partly_upheld",
    "findings": "We were late.",
    "decisions": [{"point": 1, "outcome": "upheld", "findings": "It is."}],
    "remedies": [
        {"kind": "apology", "description": None},
        {"kind": "money", "amount": Decimal("1250.5"), "by": date(2026, 12, 1), "basis": "We were late."},
        {"kind": "action", "description": "We mend it."},
    ],
    "actions": [{"by": date(2026, 12, 1), "description": "We mend it.", "owner": "Bo"}],
    "promised": "We mend it.",
    "alternative": {
        "description": "We pay.",
        "amount": Decimal("50"),
        "by": date(2026, 12, 1),
        "owner": "Bo",
    },
}
BARE = FULL | {
    "stage": 2, "handler_named": False, "points": [], "code_by": None, "good_reason": None,
    "ground": "other", "discretion": None, "decisions": [], "remedies": [], "actions": [],
    "alternative": {"description": "We do.", "amount": None, "by": date(2026, 12, 1), "owner": None},
    "code": "local-government-and-social-care", "ombudsmen": [{"details": SHORT, "points": ()}],
    "update_by": None,
}  # fmt: skip


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("values", [FULL, BARE], ids=["with everything", "with the least"])
def test_every_letter_can_be_read_after_eight_years_of_school(
    kind: LetterKind, values: dict[str, Any]
) -> None:
    """With short stand-ins for what people say: their words are theirs."""
    letter = render(kind, values)
    assert reading_grade(letter.text) <= 8, f"{reading_grade(letter.text):.1f}:\n{letter.text}"
    assert "None" not in letter.text


@pytest.mark.parametrize(
    ("kind", "empty", "part"),
    [
        (LetterKind.UPDATE, "message", "how far we are"),
        (LetterKind.ACKNOWLEDGEMENT, "understanding", "definition"),
        (LetterKind.ACKNOWLEDGEMENT, "outcome_sought", "outcome sought"),
        (LetterKind.STAGE_1, "understanding", "definition"),
        (LetterKind.STAGE_2, "understanding", "definition"),
        (LetterKind.EXTENSION, "reason", "reason"),
    ],
)
def test_a_letter_that_lacks_a_part_is_not_written(kind: LetterKind, empty: str, part: str) -> None:
    with pytest.raises(MissingParts) as refused:
        render(kind, BARE | {"code": "housing", empty: ""})
    assert refused.value.parts == [part]


@pytest.mark.parametrize("kind", [LetterKind.ACKNOWLEDGEMENT, LetterKind.STAGE_1, LetterKind.STAGE_2])
def test_the_other_code_asks_for_no_definition(kind: LetterKind) -> None:
    """The Local Government and Social Care Ombudsman's has no duty to write down what was understood."""
    letter = render(kind, BARE | {"understanding": "", "outcome_sought": None})
    assert "WHAT WE UNDERSTOOD" not in letter.text


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("housing", "The rules of the Ombudsman give us until Wednesday 25 November 2026."),
        (
            "local-government-and-social-care",
            "The Ombudsman's code says that we should write by Wednesday 25 November 2026.",
        ),
    ],
)
def test_each_code_has_its_own_word_of_duty(code: str, says: str) -> None:
    """One is law for a landlord, the other is guidance for a council."""
    assert says in render(LetterKind.ACKNOWLEDGEMENT, FULL | {"code": code}).text


HOSTILE = "[Pay your rent](http://evil.example)"
FINDINGS = "<script>alert(1)</script>\n\n# Heading\nends with\n---"


async def test_text_from_outside_is_no_markup(team: Team) -> None:
    """It stands in the text as it was typed, and in the HTML as what a reader sees."""
    reference = await team.complain(contact={"name": HOSTILE, "phone": "01708 434343"})
    await team.act("triage", reference, route="stage_1", handler="Ola Reyes\r\nBcc: all@example.org")
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    await team.act("response", reference, outcome="upheld", findings=FINDINGS)
    letter = await team.letter(reference, "stage-1")
    assert f"Dear {HOSTILE}," in letter["text"]
    assert FINDINGS in letter["text"]
    assert "Ola Reyes Bcc: all@example.org, the complaints team" in letter["text"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in letter["html"]
    for markup in ("<script", "<a ", "<hr", "<h1>Heading", "<h2>Heading"):
        assert markup not in letter["html"]


async def test_the_final_answer_names_the_right_ombudsman(team: Team) -> None:
    """By what the complaint is about, with the details in force on the day."""
    for about, which in (("estates", Ombudsman.HOUSING), ("other_service", Ombudsman.LOCAL_GOVERNMENT)):
        reference = await team.answered(about=about)
        await team.act("escalation", reference)
        second = team.officer("bo")
        await team.act("acknowledgement", reference, second, **UNDERSTOOD)
        case = await team.act("response", reference, second, **ANSWER)
        assert case["letters"] == ["acknowledgement", "stage-1", "stage-2"]
        text = (await team.letter(reference, "stage-2"))["text"]
        details = Catalogue.bundled().ombudsman(which, NOON.date())
        assert details.name in text
        assert details.phone in text
        assert case["ombudsman"] == which


async def test_a_late_acknowledgement_promises_no_day_that_is_past(team: Team) -> None:
    """It says that we were late; the Code counts from the acknowledgement, so its day is to come."""
    reference = await team.complain(received_at="2026-11-02T09:00:00Z")  # a Monday
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    text = (await team.letter(reference, "acknowledgement"))["text"]
    assert "We should have written to you by Monday 16 November 2026. We are sorry that we did not." in text
    assert "The rules of the Ombudsman give us until Friday 11 December 2026." in text
    assert "We will write to you by" not in text
    late = render(LetterKind.ACKNOWLEDGEMENT, FULL | {"reply_is_late": True})
    assert reading_grade(late.text) <= 8


async def test_a_complaint_from_before_every_promise_is_acknowledged_without_a_day(team: Team) -> None:
    """One that is brought over from an old system: there is the day of the Code alone, from today on."""
    reference = await team.complain(received_at="1999-03-01T09:00:00Z")
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    text = (await team.letter(reference, "acknowledgement"))["text"]
    assert "will deal with it.\nThe rules of the Ombudsman give us until Friday 11 December 2026." in text


@pytest.mark.parametrize(
    ("given", "says", "outstanding"),
    [
        (
            {"remedies": [{"kind": "money", "amount": "120.00"}]},
            "We will pay you £120.00 by Tuesday 29 December 2026.",
            "By Tuesday 29 December 2026: Pay you £120.00.",
        ),
        ({}, "We are sorry for what went wrong.", "There is nothing more for us to do."),
        ({"outcome": "not_upheld"}, "We found nothing that we need to put right.", "There is nothing more"),
    ],
)
async def test_an_answer_says_of_its_remedy_what_is_so(
    team: Team, given: dict[str, Any], says: str, outstanding: str
) -> None:
    """A payment has a day, whoever gave none; what is upheld has something to put right."""
    reference = await team.complain()
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    await team.act("response", reference, **{**ANSWER, **given})
    text = (await team.letter(reference, "stage-1"))["text"]
    remedy, still = text.split("HOW WE PUT IT RIGHT")[1].split("WHAT IS STILL TO BE DONE")
    assert says in remedy
    assert outstanding in still.split("IF YOU ARE NOT HAPPY")[0]


async def test_every_letter_can_be_read_again_as_it_was_sent(team: Team) -> None:
    """Both acknowledgements, and each update of several; without saying which, the latest of its kind."""
    reference = await team.complain(received_at="2026-10-01T09:00:00Z")
    for message in ("We wait for the firm.", "The firm has the tiles."):
        await team.act("updates", reference, message=message)
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    await team.act("response", reference, **ANSWER)
    await team.act("escalation", reference)
    await team.act("acknowledgement", reference, **{**UNDERSTOOD, "next_steps": "Bo looks at it."})
    path = f"/v1/complaints/{reference}/letters"

    async def read(kind: str, **which: Any) -> Any:
        return await team.client.get(f"{path}/{kind}", params=which, headers=team.officer())

    listed = (await team.client.get(path, headers=team.officer())).json()["items"]
    assert [(letter["kind"], letter["stage"]) for letter in listed] == [
        ("update", 1), ("update", 1), ("acknowledgement", 1), ("stage-1", 1), ("acknowledgement", 2),
    ]  # fmt: skip
    for letter in listed:
        answer = await read(letter["kind"], sequence=letter["sequence"])
        assert answer.json()["subject"] == letter["subject"]
    assert "We wait for the firm." in (await read("update", sequence=listed[0]["sequence"])).json()["text"]
    assert "The firm has the tiles." in (await read("update")).json()["text"]
    assert "We ask the firm why." in (await read("acknowledgement", stage=1)).json()["text"]
    assert "Bo looks at it." in (await read("acknowledgement")).json()["text"]
    assert (await read("update", sequence=listed[2]["sequence"])).status_code == 404, "of another kind"
    assert (await read("acknowledgement", stage=3)).status_code == 422
