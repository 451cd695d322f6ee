"""Letters about a case that a scope guards: no word of what was reported, and only in a way that is safe."""

import re
from datetime import datetime
from typing import Any

import pytest

from services.notifications.notices.addressing import form_for, is_safe, is_safe_at
from services.notifications.notices.channels import Form
from services.notifications.notices.check import COMMON
from services.notifications.notices.recipients import recipients_of
from services.notifications.notices.rows import FOLDER, bundled
from services.notifications.notices.wording import handler
from shared.standards.catalogue import Catalogue
from tests.services.repairs.reporting import london

TELLING = re.compile(r"\b(asb|anti-social|hate|victim|violence|perpetrator)", re.IGNORECASE)
CONTEXT = {**COMMON, "reference": "CAS-7K3M-Q9TX", "subject": "We have your report", "paragraphs": "Thanks."}
MOBILE = {"phone": "07700 900123", "phone_e164": "+447700900123"}
EVERYWHERE = {"email": "sam@example.org", "address": "1 High Street, Romford RM1 1AA", **MOBILE}
WINDOW = [{"days": ["monday", "friday"], "from": "10:00", "to": "14:00"}]


def test_no_word_to_a_resident_tells_what_was_reported() -> None:
    """Rows to residents, their promises, and the name of the team; the words of letters, not their facts."""
    rows = [row for row in bundled().rows if "resident" in row.audiences]
    promises = [row.promise for row in Catalogue.bundled().standards if not row.regime.for_staff]
    said = [text for row in rows for text in (row.subject, row.paragraph)] + promises
    files = [path.read_text() for path in FOLDER.glob("frames/[rt]e*.txt")]
    team = recipients_of(None).team("asb")
    named = [handler("Alex", team), handler(None, team)]
    assert [text for text in [*said, *files, *named] if TELLING.search(text)] == []


@pytest.mark.parametrize("frame", ["resident", "text"])
@pytest.mark.parametrize("is_guarded", [True, False])
def test_the_reference_of_a_guarded_case_is_in_no_subject(frame: str, is_guarded: bool) -> None:
    """Nor anywhere in a text message: whoever lies beside the telephone reads it."""
    subject, text = bundled().framed(frame, {**CONTEXT, "is_guarded": is_guarded})
    assert ("CAS-7K3M-Q9TX" in subject) is not is_guarded
    if frame == "text":
        assert "CAS" not in text


@pytest.mark.parametrize(
    ("contact", "form", "safe"),
    [
        ({}, Form.EMAIL, True),
        ({"safe_to_contact": False}, Form.EMAIL, False),
        ({"safe_channels": ["letter"]}, Form.LETTER, True),
        ({"safe_channels": ["mobile"]}, Form.TEXT, True),
        ({"safe_channels": ["phone"]}, Form.CALL, True),
        ({"safe_channels": ["email"], "preferred_channel": "mobile"}, Form.EMAIL, True),
        ({"safe_channels": ["email", "mobile"], "preferred_channel": "mobile"}, Form.TEXT, True),
        ({"safe_channels": ["letter"], "address": None}, Form.EMAIL, False),
    ],
)
def test_only_a_safe_channel_reaches_a_resident(contact: dict[str, Any], form: Form, safe: bool) -> None:
    """An unsafe notice is told by the department; no form that was not agreed takes its place."""
    whole = {**EVERYWHERE, **contact}
    assert (form_for(whole), is_safe(whole)) == (form, safe)


@pytest.mark.parametrize(
    ("at", "safe"),
    [
        ("Monday 2026-11-23 09:59", False),
        ("Monday 2026-11-23 10:00", True),
        ("Friday 2026-11-27 13:59", True),
        ("Friday 2026-11-27 14:00", False),
        ("Tuesday 2026-11-24 11:00", False),
        ("Monday 2026-06-01 10:00", True),  # by summer time
        ("Monday 2026-06-01 14:30", False),
    ],
)
def test_a_letter_waits_for_a_safe_time(at: str, safe: bool) -> None:
    """By London's clocks; without any times each is safe."""
    instant: datetime = london(at)
    assert is_safe_at({"safe_times": WINDOW}, instant) is safe
    assert is_safe_at({}, instant)
