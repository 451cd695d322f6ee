"""Enquiries at the service: what each channel promises, and every act on them."""

from typing import Any

import pytest

from tests.services.enquiries.asking import OLA, Desk, due

# the tests' own hour: Friday 27 November 2026, shortly before midnight


async def test_an_email_from_its_arrival_to_the_answer(desk: Desk) -> None:
    """The officer is named before the letter that counts can be written; a holding reply moves the date."""
    case = await desk.ask()
    reference = case["reference"]
    assert due(case) == {"email.acknowledgement": "2026-12-01", "response": "2026-12-11"}
    refused = await desk.try_to("acknowledgement", reference)
    assert (refused.status_code, "assignment" in refused.json()["allowed"]) == (409, True)
    case = await desk.act("assignment", reference, handler=OLA)
    assert (case["status"], case["handler"]["name"]) == ("assigned", "Ola Reyes")
    case = await desk.act("acknowledgement", reference)
    assert "email.acknowledgement" in due(case)  # it is not delivered yet
    case = await desk.act("holding-reply", reference, reason="A survey is needed.", respond_by="2026-12-18")
    assert due(case)["response"] == "2026-12-18"
    case = await desk.act("response", reference, message="To the left of the door.")
    assert (case["status"], due(case)) == ("answered", {})
    written = (await desk.read(f"enquiries/{reference}/messages"))["items"]
    assert [each["kind"] for each in written] == ["holding_reply", "response"]
    assert "A survey is needed." in written[0]["text"]
    assert "full answer by Friday 18 December 2026" in written[0]["text"]
    assert "To the left of the door." in written[1]["text"]
    assert "Ola Reyes" in written[1]["text"]


@pytest.mark.parametrize(
    ("told", "status", "promised"),
    [
        ({"channel": "letter"}, "received", {"response": "2026-12-11"}),
        ({"channel": "online"}, "received", {"promised-answer": "2026-12-11"}),
        ({"channel": "phone", "expected_answer_on": "2026-12-04"}, "received",
         {"promised-answer": "2026-12-04"}),
        ({"channel": "in_person", "resolved_at_first_contact": True}, "resolved", {}),
        ({"channel": "in_person", "expected_answer_on": "2026-11-30", "referred_to": "estates"}, "received",
         {"promised-answer": "2026-11-30"}),
        ({"channel": "email", "kind": "freedom_of_information"}, "received",
         {"email.acknowledgement": "2026-12-01", "freedom-of-information": "2026-12-30"}),
    ],
)  # fmt: skip
async def test_what_is_promised_depends_on_how_it_came(
    desk: Desk, told: dict[str, Any], status: str, promised: dict[str, str]
) -> None:
    """By writing as the standards say, by word of mouth as was said, and a request as its law says."""
    case = await desk.ask(**told)
    assert (case["status"], due(case)) == (status, promised)


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({"channel": "phone"}, "/expected_answer_on"),
        ({"channel": "phone", "expected_answer_on": "2026-11-26"}, "/expected_answer_on"),
        ({"channel": "phone", "resolved_at_first_contact": True, "referred_to": "repairs"},
         "/resolved_at_first_contact"),
        ({"channel": "phone", "kind": "freedom_of_information"}, "/channel"),
        ({"kind": "subject_access", "expected_answer_on": "2026-12-04"}, "/expected_answer_on"),
    ],
)  # fmt: skip
async def test_nobody_leaves_without_an_answer_or_a_date(
    desk: Desk, told: dict[str, Any], pointer: str
) -> None:
    """Nor is a date given that is past, or one that a law gives."""
    answer = await desk.try_to_ask(**told)
    found = {error["pointer"] for error in answer.json()["errors"]}
    assert (answer.status_code, found) == (422, {pointer})


async def test_an_enquiry_becomes_a_complaint_once_and_goes_on(desk: Desk) -> None:
    """Its enquirer may ask for it."""
    case = await desk.ask(desk.resident, channel="online")
    reference = case["reference"]
    case = await desk.act("complaint", reference, desk.resident, about="estates")
    assert (case["status"], "complaint" in case["allowed"]) == ("received", False)
    again = await desk.try_to("complaint", reference, desk.resident)
    assert (again.status_code, again.json()["allowed"]) == (409, ["contact", "reply"])


async def test_a_reply_after_the_answer_opens_an_enquiry_again(desk: Desk) -> None:
    """And is owed an answer of its own; nobody else can write to it."""
    case = await desk.ask(desk.resident)
    reference = case["reference"]
    assert (
        await desk.try_to("reply", reference, desk.callers.resident("jo"), message="Hm")
    ).status_code == 404
    await desk.act("response", reference, message="To the left.")
    case = await desk.act("reply", reference, desk.resident, message="Which left?", channel="email")
    assert (case["status"], due(case)) == ("reopened", {"response": "2026-12-11"})


async def test_a_request_waits_for_what_it_needs_and_is_extended_once(desk: Desk) -> None:
    """By the law of its kind; a fee may be paid for three months."""
    case = await desk.ask(channel="letter", kind="subject_access")
    reference = case["reference"]
    assert due(case) == {"subject-access": "2026-12-29"}  # the 27th is a Sunday, the 28th a bank holiday
    wrong = await desk.try_to("need", reference, need="fee", message="Please pay.")
    assert wrong.status_code == 422
    case = await desk.act("need", reference, need="identity", message="Please show us who you are.")
    assert (case["status"], due(case)) == ("waiting", {})
    assert "extension" not in case["allowed"]
    refused = await desk.try_to("closure", reference, ground="fee_not_paid", reason="Not paid.")
    assert refused.status_code == 409
    case = await desk.act("need/met", reference)
    assert due(case) == {"subject-access": "2026-12-29"}
    case = await desk.act("extension", reference, reason="There are many files.")
    assert (due(case), case["respond_by"]) == ({"subject-access": "2027-03-01"}, "2027-03-01")
    again = await desk.try_to("extension", reference, reason="There are more.")
    assert (again.status_code, again.json()["detail"]) == (409, "The time was extended before.")


async def test_no_law_extends_what_is_past(desk: Desk) -> None:
    """Nor an ordinary enquiry, nor to a day that is no later."""
    late = await desk.ask(channel="letter", kind="freedom_of_information", received_at="2026-10-01T09:00:00Z")
    refused = await desk.try_to("extension", late["reference"], reason="Many.", respond_by="2026-12-24")
    assert (refused.status_code, "The last day is past" in refused.json()["detail"]) == (409, True)
    plain = await desk.ask()
    assert (await desk.try_to("extension", plain["reference"], reason="Many.")).status_code == 409
    fresh = await desk.ask(channel="letter", kind="freedom_of_information")
    refused = await desk.try_to("extension", fresh["reference"], reason="Many.", respond_by="2026-12-30")
    assert refused.json()["errors"][0]["pointer"] == "/respond_by"


async def test_what_was_written_is_read_page_by_page(desk: Desk) -> None:
    """In order, each once."""
    reference = (await desk.ask())["reference"]
    for number in range(3):
        await desk.act("reply", reference, message=f"Reply {number}", channel="email")
    path = f"enquiries/{reference}/messages"
    first = await desk.read(path, limit="2")
    second = await desk.read(path, limit="2", cursor=first["next"])
    assert [each["text"] for each in first["items"] + second["items"]] == ["Reply 0", "Reply 1", "Reply 2"]
    assert second["next"] is None
