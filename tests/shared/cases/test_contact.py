"""Contacts: somebody can be reached by what they give, and a correction counts at once."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from shared.app_state import AppState
from shared.cases import contact
from shared.cases.contact import ContactCorrection, ContactOut, ReportedContact, e164, is_placeholder
from shared.cases.queries import get_for_update
from shared.errors import Invalid
from shared.http.problems import InvalidFields, errors_of, problem_of
from shared.work import unit_of_work
from tests.shared.cases.rows import ADA, stored_case
from tests.shared.example.events import PermitIssued
from tests.shared.example.models import Permit

SAM = {"name": "Sam Jones", "email": "sam@example.org", "safe_to_contact": True}


class Report(BaseModel):
    """A report, which may be of an old system."""

    imported: bool = False
    contact: ReportedContact


def pointer(given: dict[str, Any], model: type[BaseModel] = Report) -> str:
    """The place of what is at fault."""
    with pytest.raises(ValidationError) as refused:
        model.model_validate_json(json.dumps(given))
    problem = problem_of(InvalidFields(errors_of(refused.value)))
    [error] = problem.errors or []
    return error.pointer


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({}, "/contact"),
        ({"name": "Sam Jones"}, "/contact"),
        ({"phone": "\u200b" * 5}, "/contact/phone"),
        ({"phone": "n/a n/a"}, "/contact/phone"),
        ({"phone": "Mrs Jones (neighbour)"}, "/contact/phone"),
        ({"phone": "00000"}, "/contact/phone"),
        ({"phone": "999"}, "/contact/phone"),
        ({"phone": "call 07700 900123"}, "/contact/phone"),
        ({"phone": "0800 REPAIRS"}, "/contact/phone"),
        ({"phone": "٠٧٧٠٠٩٠٠١٢٣"}, "/contact/phone"),
        ({"address": "NFA"}, "/contact/address"),
        ({"address": "0"}, "/contact/address"),
        ({"email": "Sam Jones <sam@example.org>"}, "/contact/email"),
        ({"email": "sam@example.org", "phone": "Mrs Jones (neighbour)"}, "/contact/phone"),
        ({"address": "N/A"}, "/contact/address"),
        ({"address": "none"}, "/contact/address"),
        ({"address": "–"}, "/contact/address"),
        ({"address": "Not known."}, "/contact/address"),
        ({"address": "unknown", "phone": "n/a"}, "/contact/phone"),
        ({"address": "\u2060"}, "/contact/address"),
        ({"email": "n/a"}, "/contact/email"),
    ],
    ids=ascii,
)
def test_what_reaches_nobody_is_refused(given: dict[str, Any], at: str) -> None:
    """A field that only had to be filled in is no way to reach anybody."""
    assert pointer({"contact": given}) == at


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("1 High Street\nRomford\nRM1 3SL", "1 High Street, Romford, RM1 3SL"),
        ("1 High Street,\r\n\r\n Romford,\r\nRM1 3SL\n", "1 High Street, Romford, RM1 3SL"),
        ("1 High Street, Romford RM1 3SL", "1 High Street, Romford RM1 3SL"),
    ],
)
def test_the_lines_of_an_address_are_kept(typed: str, stored: str) -> None:
    """With commas between: whoever prints an envelope must know where each of them ends."""
    report = Report.model_validate_json(json.dumps({"contact": {"address": typed}}))
    assert report.contact.address == stored


@pytest.mark.parametrize("way", ["phone", "address"])
def test_beside_another_way_a_field_that_says_nothing_is_left_out(way: str) -> None:
    """So that nobody posts a letter to "N/A"."""
    report = Report.model_validate({"contact": {"email": "sam@example.org", way: "N/A"}})
    assert getattr(report.contact, way) is None


@pytest.mark.parametrize("phone", ["n/a", "Mrs Jones (neighbour)", "00000", "0208 x 1"])
def test_what_an_old_system_had_is_kept_as_text(phone: str) -> None:
    """It is history, and nobody is written to about it."""
    report = Report.model_validate({"imported": True, "contact": {"phone": phone}})
    assert report.contact.phone == phone


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("+44 (0) 7700 900123", "+447700900123"),
        ("07700\u00a0900\u00a0123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("01708 434343", "+441708434343"),
        ("01708 434343 ext. 12", "+441708434343"),
        ("+1 202 555 0123", "+12025550123"),
        ("434343", None),
        ("00000", None),
        ("n/a", None),
        (None, None),
    ],
)
def test_a_number_is_dialled_in_one_form(typed: str | None, dialled: str | None) -> None:
    """However it was typed; one without its area is somebody's, and can be dialled from nowhere else."""
    assert e164(typed) == dialled


@pytest.mark.parametrize(
    "said", ["n/a", "N / A", "none", "-", "?", "unknown", "Not Known", "no address", "nil"]
)
def test_a_filler_says_nothing(said: str) -> None:
    """Old forms had to be filled in."""
    assert is_placeholder(said)


@pytest.mark.parametrize("said", ["1 Na Street", "No 7", "The Old Mill", "Aberdeen", "Flat A, Romford"])
def test_an_address_says_something(said: str) -> None:
    """One number or one name is enough."""
    assert not is_placeholder(said)


async def corrected(state: AppState, before: dict[str, Any], **changes: Any) -> tuple[dict[str, Any], int]:
    """The contact after a correction, and how many events tell of it."""
    reference = await stored_case(state, contact=before)
    async with unit_of_work(state, ADA) as work:
        case = await get_for_update(work, Permit, reference)
        await contact.correct(work, case, ContactCorrection.model_validate(changes), PermitIssued())
        return case.contact, len(work.recorded)


async def test_a_correction_changes_what_it_names(state: AppState) -> None:
    """Whoever corrects a telephone number does not make it safe to write to a victim."""
    unsafe = {**SAM, "safe_to_contact": False}
    after, events = await corrected(state, unsafe, phone="07700 900123", email=None)
    assert after == {
        "name": "Sam Jones",
        "safe_to_contact": False,
        "phone": "07700 900123",
        "phone_e164": "+447700900123",
    }
    assert events == 1
    assert ContactOut.of(after).phone_e164 == "+447700900123"


async def test_a_number_that_goes_is_not_dialled_any_more(state: AppState) -> None:
    """Neither as it was typed nor in E.164, also where somebody says so in words."""
    before = {**SAM, "phone": "07700 900123", "phone_e164": "+447700900123"}
    assert (await corrected(state, before, phone="n/a"))[0] == SAM
    assert (await corrected(state, before, phone=None))[0] == SAM


async def test_what_is_right_already_is_no_event(state: AppState) -> None:
    """The same correction sent twice is one."""
    assert await corrected(state, SAM, name="Sam  Jones") == (SAM, 0)


async def test_somebody_stays_to_be_reached_unless_that_is_not_safe(state: AppState) -> None:
    """Even the last way to reach somebody may be taken away from a victim's case."""
    with pytest.raises(Invalid):
        await corrected(state, SAM, email=None)
    with pytest.raises(Invalid):
        await corrected(state, {"safe_to_contact": False}, safe_to_contact=True)
    after, _ = await corrected(state, SAM, email=None, safe_to_contact=False)
    assert after == {"name": "Sam Jones", "safe_to_contact": False}


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"phone": "Mrs Jones (neighbour)"}, "/phone"),
        ({"name": "\u200b"}, "/name"),
        ({"phone_e164": "+447700900123"}, ""),
        ({"safe_to_contact": None}, "/safe_to_contact"),
        ({"safe_channels": []}, "/safe_channels"),
        ({"safe_times": [{"days": ["monday"], "from": "14:00", "to": "10:00"}]}, "/safe_times/0/to"),
    ],
    ids=[
        "no number",
        "nothing left",
        "derived",
        "neither safe nor unsafe",
        "no channel",
        "a time that ends before it begins",
    ],
)
def test_a_correction_that_cannot_be_right_is_refused(given: dict[str, Any], at: str) -> None:
    """A derived field is taken from nobody; an unknown field is told where it is, not by its name."""
    assert pointer(given, ContactCorrection) == at
