"""Valid requests to enquiries."""

from collections.abc import Mapping

from tests.services.strict.valid.common import (
    AT,
    CONTACT,
    LISTED,
    MAIL,
    OFFICER,
    ON,
    REFERENCE,
    UUID,
    WHY,
    Valid,
    act,
    of_every_owner,
)

ENQUIRY = {
    "channel": "letter",
    "kind": "enquiry",
    "subject": "Bins",
    "message": "Where do the bins go?",
    "contact": CONTACT,
    "resolved_at_first_contact": False,
    "expected_answer_on": "2026-12-23",
    "referred_to": "estates",
    "about_reference": REFERENCE,
    "received_at": AT,
    "imported": False,
}

ANSWERED = {
    "answered_at": AT,
    "answered_by": {"name": "Ola Reyes", "department": "enquiries"},
    "resolved_at_first_contact": False,
    "referred_to": "repairs",
    "expected_answer_on": "2026-12-23",
    "told_about_online": True,
    "recording_reference": "R-1",
}

CALL = {"queued_at": AT, **ANSWERED}

CALLS = "call_id,queued_at\n1,2026-11-23T09:30:00Z\n"

APPOINTMENT = {
    "subject": "Rent",
    "at": "2099-12-01T09:00:00Z",
    "with": {**OFFICER, "department": "enquiries"},
    "place": "office",
    "contact": CONTACT,
    "access_needs": "A ramp",
    "private_room": True,
    "channel": "phone",
    "received_at": AT,
    "imported": False,
}

FEEDBACK = {
    "about": "repairs",
    "kind": "feedback",
    "score": 2,
    "comment": "Late.",
    "reference": REFERENCE,
    "channel": "online",
    "contact": CONTACT,
}

ENQUIRIES: Mapping[tuple[str, str], Valid] = {
    ("post", "/v1/enquiries"): Valid((ENQUIRY,)),
    ("get", "/v1/enquiries"): Valid(
        query={"status": "received", "kind": "enquiry", "about_reference": REFERENCE, **LISTED},
        alone={"updated_since": AT},
    ),
    ("get", "/v1/enquiries/{reference}"): Valid(path=ON),
    ("get", "/v1/enquiries/{reference}/messages"): Valid(query={"limit": "5"}, path=ON),
    ("get", "/v1/enquiries/{reference}/messages/{message}/attachments/{number}"): Valid(
        path={**ON, "message": "1", "number": "1"}
    ),
    ("post", "/v1/enquiries/{reference}/assignment"): act(
        {"handler": {**OFFICER, "department": "enquiries"}, "occurred_at": AT}
    ),
    ("post", "/v1/enquiries/{reference}/acknowledgement"): act({"occurred_at": AT}),
    ("post", "/v1/enquiries/{reference}/holding-reply"): act(
        {**WHY, "respond_by": "2026-12-23", "message": "The bins go left."}
    ),
    ("post", "/v1/enquiries/{reference}/referral"): act(
        {**WHY, "to": "estates", "expected_answer_on": "2026-12-23"}
    ),
    ("post", "/v1/enquiries/{reference}/need"): act(
        {"need": "fee", "message": "Please pay.", "amount": "12.00", "occurred_at": AT}
    ),
    ("post", "/v1/enquiries/{reference}/need/met"): act({"message": "Paid.", "occurred_at": AT}),
    ("post", "/v1/enquiries/{reference}/extension"): act({**WHY, "respond_by": "2026-12-23"}),
    ("post", "/v1/enquiries/{reference}/response"): act({"message": "Left.", "occurred_at": AT}),
    ("post", "/v1/enquiries/{reference}/reply"): act(
        {"message": "And the glass?", "channel": "email", "occurred_at": AT}
    ),
    ("post", "/v1/enquiries/{reference}/complaint"): act({"about": "estates", "occurred_at": AT}),
    ("post", "/v1/enquiries/{reference}/closure"): act({**WHY, "ground": "withdrawn"}),
    ("post", "/v1/enquiries/{reference}/contact"): act({**CONTACT, "occurred_at": AT}),
    ("get", "/v1/enquiries/{reference}/reasons"): Valid(path=ON),
    ("get", "/internal/complaints/{reference}"): Valid(path=ON, role="service"),
    ("get", "/internal/letters/{reference}/{sequence}"): Valid(path={**ON, "sequence": "1"}, role="service"),
    ("post", "/v1/mail"): Valid(file=("message/rfc822", MAIL)),
    ("post", "/v1/callbacks/notify/inbound"): Valid(
        (
            {
                "id": UUID,
                "source_number": "447700900123",
                "destination_number": "07700900456",
                "message": "Where do the bins go?",
                "date_received": AT,
            },
        ),
        role="provider",
    ),
    ("post", "/v1/calls"): Valid((CALL, {"queued_at": AT, "abandoned_at": AT})),
    ("get", "/v1/mail"): Valid(query={"limit": "5"}),
    ("post", "/v1/calls/parts"): Valid(({"call_id": "1", **CALL}, {"call_id": "1", "abandoned_at": AT})),
    ("post", "/v1/calls/register"): Valid(file=("text/csv", CALLS.encode())),
    ("get", "/v1/calls"): Valid(query={"status": "queued", **LISTED}, alone={"updated_since": AT}),
    ("get", "/v1/calls/{reference}"): Valid(path=ON),
    ("post", "/v1/calls/{reference}/answer"): act(ANSWERED),
    ("post", "/v1/calls/{reference}/abandonment"): act({"abandoned_at": AT}),
    ("post", "/v1/calls/{reference}/resolution"): act({"occurred_at": AT}),
    ("post", "/v1/visits"): Valid(({"subject": "Rent", "access_needs": "A ramp", "arrived_at": AT},)),
    ("get", "/v1/visits"): Valid(query={"status": "waiting", **LISTED}, alone={"updated_since": AT}),
    ("get", "/v1/visits/{reference}"): Valid(path=ON),
    ("post", "/v1/visits/{reference}/seeing"): act(
        {
            "seen_at": AT,
            "seen_by": {**OFFICER, "department": "enquiries"},
            "resolved_at_first_contact": True,
            "passed_to": "repairs",
        }
    ),
    ("post", "/v1/visits/{reference}/departure"): act({"left_at": AT}),
    ("post", "/v1/appointments"): Valid((APPOINTMENT,)),
    ("get", "/v1/appointments"): Valid(query={"status": "booked", **LISTED}, alone={"updated_since": AT}),
    ("get", "/v1/appointments/{reference}"): Valid(path=ON),
    ("post", "/v1/appointments/{reference}/move"): act({"at": "2099-12-01T09:00:00Z", "occurred_at": AT}),
    ("post", "/v1/appointments/{reference}/outcome"): act(
        {
            "kept": True,
            "identification_shown": True,
            "access_needs_met": True,
            "notes": "Well.",
            "occurred_at": AT,
        }
    ),
    ("post", "/v1/appointments/{reference}/cancellation"): act({**WHY, "by": "council"}),
    ("post", "/v1/appointments/{reference}/contact"): act({**CONTACT, "occurred_at": AT}),
    ("post", "/v1/feedback"): Valid((FEEDBACK,)),
    ("get", "/v1/feedback"): Valid(query={"status": "open", **LISTED}, alone={"updated_since": AT}),
    ("get", "/v1/feedback/{reference}"): Valid(path=ON),
    ("post", "/v1/feedback/improvements"): Valid(
        ({"about": "repairs", "you_said": "Late.", "we_did": "More vans.", "done_on": "2026-11-02"},)
    ),
    ("get", "/v1/feedback/improvements"): Valid(),
    ("post", "/v1/feedback/{reference}/follow-up"): act({"outcome": "We rang.", "occurred_at": AT}),
    ("post", "/v1/feedback/{reference}/complaint"): act({"occurred_at": AT}),
    **of_every_owner("enquiries"),
}
