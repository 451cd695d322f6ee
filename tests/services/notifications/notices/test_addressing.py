"""Whom a letter to a resident really goes to, and in which form."""

from typing import Any

import pytest

from services.notifications.notices.addressing import (
    NoFormLeft,
    choose,
    form_for,
    forms_for,
    is_safe,
    is_safe_online,
    needs_help,
    needs_large_print,
    resident,
)
from services.notifications.notices.channels import Form, Recipient
from shared.cases.schemas import Channel

EMAIL, ADDRESS = {"email": "sam@example.org"}, {"address": "1 High Street, Romford, RM1 3SL"}
LANDLINE = {"phone": "01708 434343", "phone_e164": "+441708434343"}
MOBILE = {"phone": "07700 900123", "phone_e164": "+447700900123"}
NO_POSTCODE = {"address": "1 High Street, Romford"}
EVERY = {**EMAIL, **ADDRESS, **LANDLINE}


@pytest.mark.parametrize(
    ("contact", "form"),
    [
        (EVERY, Form.EMAIL),
        ({**ADDRESS, **LANDLINE}, Form.LETTER),
        (LANDLINE, Form.CALL),
        (MOBILE, Form.TEXT),
        ({**EVERY, "preferred_channel": "letter"}, Form.LETTER),
        ({**EVERY, "preferred_channel": "phone"}, Form.CALL),
        ({**EVERY, "preferred_channel": "mobile"}, Form.EMAIL),
        ({**EVERY, **MOBILE, "preferred_channel": "mobile"}, Form.TEXT),
        ({**LANDLINE, "preferred_channel": "mobile"}, Form.CALL),
        ({**EVERY, "preferred_channel": "in_person"}, Form.CALL),
        ({**EVERY, "preferred_channel": "officer"}, Form.EMAIL),
        ({**ADDRESS, "preferred_channel": "email"}, Form.LETTER),
        ({**EMAIL, "preferred_channel": "phone"}, Form.EMAIL),
        ({**NO_POSTCODE, **MOBILE}, Form.TEXT),
        ({**NO_POSTCODE, **EMAIL, "preferred_channel": "letter"}, Form.EMAIL),
        ({**NO_POSTCODE, **LANDLINE, "preferred_channel": "letter"}, Form.CALL),
        (NO_POSTCODE, Form.CALL),
    ],
)
def test_a_resident_is_told_in_the_way_they_prefer(contact: dict[str, Any], form: Form) -> None:
    """If it reaches them; a landline is rung, as nobody can read a text there."""
    assert form_for(contact) is form


def test_a_name_is_a_line_of_an_address() -> None:
    """With it three lines are enough to post to, which a street and a postcode alone are not."""
    contact = {"address": "1 High Street, RM1 3SL", **LANDLINE}
    assert form_for(contact) is Form.CALL
    assert form_for({**contact, "name": "Sam Jones"}) is Form.LETTER


@pytest.mark.parametrize("preferred", [*Channel, None])
@pytest.mark.parametrize("phone", [LANDLINE, MOBILE], ids=["landline", "mobile"])
@pytest.mark.parametrize(
    ("agreed", "guarded"),
    [(None, True), (["email"], False), (["letter", "mobile"], False), (["phone"], True)],
)
def test_nothing_that_was_agreed_or_is_guarded_takes_another_way(
    preferred: Channel | None, phone: dict[str, Any], agreed: list[str] | None, *, guarded: bool
) -> None:
    """Who reads the next may be the one from whom it is kept: there is no next, whatever they have."""
    contact = {**EVERY, **phone, "preferred_channel": preferred, "safe_channels": agreed}
    [only] = forms_for(contact, guarded=guarded)
    assert choose(contact, guarded=guarded) is only
    with pytest.raises(NoFormLeft):
        choose(contact, guarded=guarded, failed={only})


def test_without_an_agreement_the_next_form_takes_over() -> None:
    """The rule can fail: the same person's letters about a case that is not guarded have others."""
    contact = {**EVERY, **MOBILE}
    assert forms_for(contact) == [Form.EMAIL, Form.LETTER, Form.TEXT]
    assert choose(contact, failed={Form.EMAIL}) is Form.LETTER
    assert forms_for({**contact, **NO_POSTCODE}) == [Form.EMAIL, Form.TEXT]


def test_an_agreed_letter_that_cannot_be_posted_is_not_sent_otherwise() -> None:
    """The department is told, and finds a way that is safe."""
    assert not is_safe({**NO_POSTCODE, **EMAIL, "preferred_channel": "letter", "safe_channels": ["letter"]})


REACHED_BY_ALL = {**EMAIL, **ADDRESS, **MOBILE}


@pytest.mark.parametrize(
    ("preferred", "agreed", "written", "kept"),
    [
        ("mobile", ["mobile"], Form.TEXT, None),
        ("mobile", ["mobile", "phone"], Form.TEXT, Form.CALL),
        ("mobile", ["mobile", "letter"], Form.TEXT, Form.LETTER),
        ("mobile", ["phone"], Form.CALL, Form.CALL),
        ("mobile", ["email"], Form.EMAIL, Form.EMAIL),
        ("email", ["letter"], Form.LETTER, Form.LETTER),
        ("email", ["mobile"], Form.TEXT, None),
        ("phone", ["online"], Form.EMAIL, Form.EMAIL),
        ("letter", ["in_person"], Form.CALL, Form.CALL),
        (None, ["officer"], Form.CALL, Form.CALL),
        ("email", ["contractor"], None, None),
    ],
)
def test_only_what_was_agreed_is_used_whatever_is_preferred(
    preferred: str | None, agreed: list[str], written: Form | None, kept: Form | None
) -> None:
    """A letter that is kept is no text, and whoever may only be texted is not rung in its place."""
    contact = {**REACHED_BY_ALL, "preferred_channel": preferred, "safe_channels": agreed}
    for is_kept, form in ((False, written), (True, kept)):
        assert is_safe(contact, kept=is_kept) is (form is not None)
        assert form is None or choose(contact, kept=is_kept) is form


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ({}, True),
        ({"safe_channels": ["letter", "online"]}, True),
        ({"safe_channels": ["letter", "email"]}, False),
        ({"safe_channels": ["online"], "safe_to_contact": False}, False),
    ],
)
def test_letters_are_shown_online_where_that_is_safe(contact: dict[str, Any], *, shown: bool) -> None:
    """An email account is not the account of the council's website."""
    assert is_safe_online(contact) is shown


def test_a_letter_by_post_has_no_other_address() -> None:
    """Whoever asked for letters is not sent an email too."""
    assert resident({"name": "Sam", **EVERY}, Form.LETTER) == Recipient("Sam", **ADDRESS)


@pytest.mark.parametrize(
    ("contact", "needs"),
    [
        ({}, False),
        ({"language": "English"}, False),
        ({"language": "en-GB"}, False),
        ({"language": "Polish"}, True),
        ({"access_needs": "Uses a wheelchair; ring first."}, False),
        ({"access_needs": "Large print, please"}, True),
        ({"access_needs": "I can’t read well"}, True),
    ],
)
def test_whom_no_text_of_ours_reaches_is_found(contact: dict[str, Any], needs: bool) -> None:
    """By their language, or the form that they need; needs at a visit are for those who come."""
    assert needs_help(contact) is needs


def test_a_letter_in_their_language_reaches_them() -> None:
    """Unless they need another form of it besides."""
    assert not needs_help({"language": "Polish"}, "pl")
    assert needs_help({"language": "Polish", "access_needs": "Braille"}, "pl")


@pytest.mark.parametrize(
    ("needs", "large"), [("LARGE print please", True), ("big print", True), ("Braille", False), (None, False)]
)
def test_whoever_asks_for_large_print_gets_it_on_paper(needs: str | None, large: bool) -> None:
    """By the words of their access needs."""
    assert needs_large_print({"access_needs": needs}) is large
