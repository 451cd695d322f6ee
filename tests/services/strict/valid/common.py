"""The parts of which the tables of valid requests are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.caller import SERVICE
from tests.services.callers import Callers, Headers

REFERENCE = "REP-7K3M-Q9TX"

UUID = "00000000-0000-4000-8000-000000000000"

AT = "2026-11-23T09:30:00Z"  # a Monday

LATER = "2026-11-23T12:00:00Z"

HOME = {
    "uprn": "100023456789",
    "property_reference": "HAV-0042",
    "address": "1 Mercury Gardens",
    "postcode": "RM1 3SL",
}

CONTACT = {
    "name": "Ada Okafor",
    "email": "ada@example.org",
    "phone": "01708 434343",
    "address": "1 Mercury Gardens, Romford",
    "preferred_channel": "email",
    "safe_to_contact": True,
    "safe_channels": ["email"],
    "safe_times": [{"days": ["monday"], "from": "10:00", "to": "14:00"}],
    "access_needs": "The bell is broken.",
    "language": "English",
}

WHY = {"reason": "It has to be.", "occurred_at": AT}

PAGE = {"limit": "5"}

LISTED = {
    "department": "repairs",
    "handler": "me",
    "unassigned": "false",
    "reference": REFERENCE,
    "received_from": AT,
    "received_to": LATER,
    "imported": "false",
    "mine": "false",
    "sort": "received_at",
    **PAGE,
}

AT_HOME = {"uprn": "100023456789", "property_reference": "HAV-0042", "postcode": "RM1 3SL"}

OFFICERS_OF, SCOPES = ("repairs", "residents", "asb", "estates"), ("asb", "manager", "mail", "calendar")

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Valid:
    """Valid bodies of a route, with every field in at least one, its query and path, and who sends them.

    `alone` are parameters that another of the query contradicts; `unknown` points at a field that names
    another case, and there is none.
    """

    bodies: tuple[Body, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    alone: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    role: str = "officer"
    file: tuple[str, bytes] | None = None
    unknown: str = ""

    def headers(self, callers: Callers) -> Headers:
        if self.role in SERVICE:
            return callers.service("contacts", "cases", "households", "mail")
        if self.role in ("frontend", "resident"):
            return callers.frontend() if self.role == "frontend" else callers.resident()
        if self.role == "provider":
            return callers.notify()
        return callers.ops() if self.role == "ops" else callers.officer(*OFFICERS_OF, scopes=SCOPES)


ON = {"reference": REFERENCE}

TRACKED = {"surname": "Okafor", "postcode": "RM1 3SL"}


def act(*bodies: Body) -> Valid:
    """An act on a case that there is not: 404 where it is valid."""
    return Valid(bodies, path=ON)


MAIL = b"From: Ada <ada@example.org>\r\nSubject: Bins\r\nMessage-ID: <1@example.org>\r\n\r\nWhere?\r\n"


def of_every_owner(cases: str) -> Mapping[tuple[str, str], Valid]:
    """The routes that every service of cases has: attachments, and what is asked inside.

    Enquiries takes mail in by a route of its own.
    """
    mail = {
        ("post", "/internal/mail/{reference}"): Valid(path=ON, role="service", file=("message/rfc822", MAIL)),
        ("post", "/internal/texts/{reference}"): Valid(
            ({"sender": "+447700900123", "message": "Any news?"},), path=ON, role="service"
        ),
    }
    return {
        **(mail if cases != "enquiries" else {}),
        ("post", f"/v1/{cases}/{{reference}}/attachments"): Valid(
            query={"kind": "photo"}, path=ON, file=("application/pdf", b"%PDF-1.4\n%%EOF\n")
        ),
        ("get", f"/v1/{cases}/{{reference}}/attachments"): Valid(path=ON),
        ("get", f"/v1/{cases}/{{reference}}/attachments/{{id}}"): Valid(
            path={**ON, "id": UUID}, query={"size": "small"}
        ),
        ("post", "/internal/claims"): Valid(({"reference": REFERENCE, **TRACKED},), role="resident"),
        ("get", "/internal/contacts/{reference}"): Valid(path=ON, role="service"),
        ("get", "/internal/contacts"): Valid(query={"reference": REFERENCE}, role="service"),
        ("get", "/internal/open-cases"): Valid(
            query={"recorded_before": AT, "after": REFERENCE, "limit": "5"}, role="service"
        ),
        ("get", "/internal/cases"): Valid(query={"reference": REFERENCE}, role="service"),
        ("get", "/internal/cases/{reference}/events"): Valid(path=ON, role="service"),
        ("get", "/internal/status"): Valid(),
        ("get", "/internal/metrics"): Valid(),
    }


OFFICER = {"name": "Ola Reyes", "department": "complaints", "subject": "o-1"}
