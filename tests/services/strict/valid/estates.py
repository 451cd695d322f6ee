"""Valid requests to estates."""

from collections.abc import Mapping

from tests.services.strict.valid.common import (
    AT,
    AT_HOME,
    CONTACT,
    HOME,
    LISTED,
    ON,
    PAGE,
    Valid,
    act,
    of_every_owner,
)

CARETAKER = {"name": "Kay Osei", "subject": "kay"}

SITE = {
    "name": "Mercury House",
    "kind": "tower_block",
    "address": "1 Mercury Gardens, Romford RM1 3SL",
    "caretaker": CARETAKER,
    "walking_order": 3,
    "landings": 12,
    "received_at": AT,
    "imported": False,
}

ISSUE = {
    "kind": "graffiti",
    "offensive": True,
    "urgent": False,
    "site": "SIT-7K3M-Q9TX",
    "location": "The back stairs",
    "description": "Words on the wall.",
    "property": HOME,
    "channel": "online",
    "contact": CONTACT,
    "received_at": AT,
    "imported": False,
}

CLEANED = {"inside": True, "outside": True, "lifts": True, "lobbies": True, "swept": True, "occurred_at": AT}

SITES, ISSUES = "/v1/estates/sites", "/v1/estates/issues"
NUMBERED = {**ON, "number": "1"}

REGISTER = (
    "name,kind,address,caretaker,caretaker_subject,walking_order,landings,received_at\n"
    f'Mercury House,tower block,"1 Mercury Gardens, RM1 3SL",Kay Osei,kay,3,12,{AT}\n'
)

TICKS = (
    {**CLEANED, "landings": [1]},
    {"follow_up": 1, "notes": "Painted over.", "occurred_at": AT},
)
"""Of the reference that every batch is tried with, which is no problem's."""

ESTATES: Mapping[tuple[str, str], Valid] = {
    ("post", SITES): Valid((SITE,)),
    ("get", SITES): Valid(
        query={"status": "registered", "kind": "tower_block", **LISTED, "department": "estates"},
        alone={"updated_since": AT},
    ),
    ("post", f"{SITES}/register"): Valid(file=("text/csv", REGISTER.encode())),
    ("get", f"{SITES}/{{reference}}"): Valid(path=ON),
    ("post", f"{SITES}/{{reference}}/assignment"): act(
        {"caretaker": CARETAKER, "walking_order": 4, "occurred_at": AT}
    ),
    ("post", f"{SITES}/{{reference}}/cleans"): act(
        {**CLEANED, "landings": [1]}, {**CLEANED, "landings": True}
    ),
    ("get", f"{SITES}/{{reference}}/cleans"): Valid(path=ON, query=PAGE),
    ("post", f"{SITES}/{{reference}}/inspections"): act(
        {"cleanliness": 3, "unsatisfactory": ["The bins"], "notes": "Not good.", "occurred_at": AT}
    ),
    ("get", f"{SITES}/{{reference}}/inspections"): Valid(path=ON, query=PAGE),
    ("post", f"{SITES}/{{reference}}/follow-ups/{{number}}/resolution"): Valid(
        ({"caretaker": "Kay Osei", "notes": "Painted over.", "occurred_at": AT},), path=NUMBERED
    ),
    ("post", f"{SITES}/{{reference}}/clearances"): act(
        {"date": "2026-12-01", "partner": "The fire brigade", "occurred_at": AT}
    ),
    ("post", f"{SITES}/{{reference}}/clearances/{{number}}/outcome"): Valid(
        ({"carried_out": True, "notes": "Two skips.", "occurred_at": AT},), path=NUMBERED
    ),
    ("post", f"{SITES}/{{reference}}/retirement"): act({"reason": "It was sold.", "occurred_at": AT}),
    ("post", ISSUES): Valid((ISSUE,), unknown="/site"),
    ("get", ISSUES): Valid(
        query={
            **{"status": "reported", "kind": "needles", "urgent": "true", "site": "SIT-7K3M-Q9TX"},
            **{**AT_HOME, **LISTED, "department": "estates"},
        },
        alone={"updated_since": AT},
    ),
    ("get", f"{ISSUES}/{{reference}}"): Valid(path=ON),
    ("post", f"{ISSUES}/{{reference}}/assignment"): act({"handler": CARETAKER, "occurred_at": AT}),
    ("post", f"{ISSUES}/{{reference}}/attendance"): act({"occurred_at": AT}),
    ("post", f"{ISSUES}/{{reference}}/appointment"): act({"at": "2026-12-01T09:00:00Z", "occurred_at": AT}),
    ("post", f"{ISSUES}/{{reference}}/referral"): act(
        {"to": "repairs", "reason": "The door is broken.", "occurred_at": AT}
    ),
    ("post", f"{ISSUES}/{{reference}}/resolution"): act(
        {"resolution": "dealt_with", "notes": "Painted over.", "occurred_at": AT}
    ),
    ("post", f"{ISSUES}/{{reference}}/contact"): act({**CONTACT, "occurred_at": AT}),
    ("get", "/v1/estates/rounds"): Valid(query={"on": "2026-11-23", "caretaker": "me"}),
    ("post", "/v1/estates/rounds/ticks"): Valid(({"ticks": [{"reference": "SIT-7K3M-Q9TX", **TICKS[0]}]},)),
    ("get", "/v1/estates/repeated-graffiti"): Valid(),
    ("get", "/internal/referrals/{reference}"): Valid(path=ON, role="service"),
    **of_every_owner("estates/issues"),
}
