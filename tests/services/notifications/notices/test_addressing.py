"""Whom a letter to a resident really goes to, and in which form."""

from typing import Any

import pytest

from services.notifications.notices.addressing import form_for, needs_help, needs_large_print, resident
from services.notifications.notices.channels import Form, Recipient

EMAIL, ADDRESS = {"email": "sam@example.org"}, {"address": "1 High Street"}
LANDLINE = {"phone": "01708 434343", "phone_e164": "+441708434343"}
MOBILE = {"phone": "07700 900123", "phone_e164": "+447700900123"}
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
    ],
)
def test_a_resident_is_told_in_the_way_they_prefer(contact: dict[str, Any], form: Form) -> None:
    """If it reaches them; a landline is rung, as nobody can read a text there."""
    assert form_for(contact) is form


def test_a_letter_by_post_has_no_other_address() -> None:
    """Whoever asked for letters is not sent an email too."""
    assert resident({"name": "Sam", **EVERY}, Form.LETTER) == Recipient("Sam", address="1 High Street")


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
