"""Every message as it leaves: for each event and rung, each audience, and each way in which it may leave."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.notifications.models import Notice
from services.notifications.notices.addressing import NoFormLeft
from services.notifications.notices.channels import Form
from services.notifications.notices.check import CASE, NOON, TWO, said
from services.notifications.notices.compose import Composed, compose
from services.notifications.notices.parts import CaseContext, Part
from services.notifications.notices.rows import Message, bundled
from services.notifications.notices.texts import is_sendable, parts_of
from services.notifications.notices.wording import Outcome, Promise
from services.notifications.policy import OUTSIDE, TAKES_BACK, Kind
from shared.app_state import AppState
from shared.cases.schemas import ContactForNotice, Handler
from shared.standards.catalogue import Catalogue

MESSAGES, CATALOGUE = bundled(), Catalogue.bundled()
ROWS = [(row, audience) for row in MESSAGES.rows if not row.kept_by_owner for audience in row.audiences]
EMAIL, PHONE = {"email": "sam@example.org"}, {"phone": "07700 900123", "phone_e164": "+447700900123"}
CONTACTS: Mapping[str, Mapping[str, Any]] = {
    "email": EMAIL,
    "letter": {"address": "1 High Street, Romford RM1 1AA"},
    "text": PHONE,
    "call": {"phone": "01708 434343", "phone_e164": "+441708434343"},
    "unsafe": {**EMAIL, "safe_to_contact": False},
    "another language": {**EMAIL, "language": "Somali"},
    "a language of ours": {**EMAIL, "language": "Polish"},
}


def parts(row: Message, audience: str) -> Iterator[Part]:
    """The shares of a notice in its letter, with each value that the facts of its event may have."""
    notice = Notice(
        id=uuid4(),
        reference="REP-7K3M-Q9TX",
        kind=row.kind or row.on,
        audience=audience,
        urgency=row.urgency,
        started_by=1,
        rung=row.kind or row.on,
        stands_for=["reminder"],
        failed_forms=[],
    )
    if row.is_about_a_deadline:
        for outcome in Outcome if row.on in TAKES_BACK else [None]:
            yield Part(notice, row, promises(row, outcome), reasons=["we are closed that day"])
        return
    for facts in said(CATALOGUE.vocabulary.facts_of(row.on)):
        yield Part(notice, row, TWO if row.tells_dates else [], facts, NOON)


def promises(row: Message, outcome: Outcome | None) -> list[Promise]:
    before = NOON - timedelta(days=1) if row.on == Kind.NEW_DATES else None
    return [
        Promise(
            one.standard, 1, one.promise, one.source, one.due_at, before, outcome, NOON if outcome else None
        )
        for one in TWO
    ]


def letters(
    state: AppState, part: Part, contact: Mapping[str, Any], *, is_guarded: bool = False
) -> list[Composed]:
    handler = Handler(name="Siân O’Brien", department="repairs")
    owner = ContactForNotice(contact={"name": "Sam Jones", **contact}, handler=handler, summary=CASE)
    known = CaseContext(owner, [], NOON, is_guarded=is_guarded)
    return compose(state, MESSAGES, uuid4(), [part], known)


async def test_every_message_is_said_to_everybody_in_every_form(resources: AppState) -> None:
    """With no blank in the place of a word, to somebody, under a subject; a text is no longer than may be."""
    longest = 0
    for row, audience in ROWS:
        for part in parts(row, audience):
            for way, contact in CONTACTS.items() if audience in OUTSIDE else [("staff", EMAIL)]:
                for one in letters(resources, part, contact):
                    where = f"{row} ({part.facts}) by {way}"
                    assert one.recipients, where
                    assert one.letter.subject.strip(), where
                    assert part.notice.reference in f"{one.letter.subject}\n{one.letter.text}", where
                    assert "None" not in one.letter.text, where
                    assert "{" not in one.letter.text, where
                    assert "\n\n\n" not in one.letter.text, where
                    if one.form is Form.TEXT:
                        assert part.notice.reference in one.letter.text, where
                        assert is_sendable(one.letter.text), where
                        longest = max(longest, parts_of(one.letter.text))
    assert 1 < longest <= 6


@pytest.mark.parametrize("way", [way for way in CONTACTS if way in set(Form)])
async def test_a_way_to_a_resident_is_the_form_of_their_letters(resources: AppState, way: str) -> None:
    """Each of the forms is really looked at above."""
    row = MESSAGES.by_id["reminder.resident"]
    (part,) = parts(row, "resident")
    (letter,) = letters(resources, part, CONTACTS[way])
    assert letter.form == way


async def test_a_text_about_a_guarded_case_does_not_name_it(resources: AppState) -> None:
    """Whoever lies beside the telephone reads it, and could ask after the case by its reference."""
    for row, audience in ROWS:
        for part in parts(row, audience) if audience in OUTSIDE else ():
            for one in letters(resources, part, PHONE, is_guarded=True):
                assert one.form is Form.TEXT, str(row)
                assert part.notice.reference not in one.letter.text, str(row)


async def test_what_is_too_long_for_a_text_leaves_in_the_next_form(resources: AppState) -> None:
    """Where there is none that may be, somebody has to find a way: no part of it leaves alone."""
    (short,) = parts(MESSAGES.by_id["reminder.resident"], "resident")
    long = replace(short, promises=[replace(TWO[0], promise="We will do it. " * 70)])
    every = {**PHONE, **CONTACTS["letter"], "preferred_channel": "mobile"}
    assert [letter.form for letter in letters(resources, short, every)] == [Form.TEXT]
    (letter,) = letters(resources, long, every)
    assert (letter.form, letter.recipients[0].address) == (Form.LETTER, every["address"])
    assert "Yours, Havering Council" in letter.letter.text
    with pytest.raises(NoFormLeft):
        letters(resources, long, PHONE)
    with pytest.raises(NoFormLeft):
        letters(resources, long, every, is_guarded=True)


def test_every_event_that_a_message_is_about_is_published() -> None:
    """And every audience of a ladder has words for each rung."""
    about = {row.on for row in MESSAGES.rows if not row.is_about_a_deadline}
    assert all(CATALOGUE.vocabulary.facts_of(type) is not None for type in about)
    told = {who for row in CATALOGUE.standards for rung in row.ladder for who in rung.tell}
    for kind in (Kind.REMINDER, Kind.BREACH, Kind.ESCALATION):
        assert all(MESSAGES.about_deadline(kind, who) for who in told)
