"""Valid requests to complaints."""

from collections.abc import Mapping

from tests.services.strict.valid.common import (
    AT,
    AT_HOME,
    CONTACT,
    HOME,
    LISTED,
    OFFICER,
    ON,
    REFERENCE,
    WHY,
    Valid,
    act,
    of_every_owner,
)

COMPLAINT = {
    "imported": False,
    "about": "repairs",
    "about_reference": REFERENCE,
    "description": "Nobody came.",
    "points": ["The roof leaks.", {"text": "The bin lorry blocks the road.", "about": "other_service"}],
    "outcome_sought": "Mend it.",
    "property": HOME,
    "hazard": {"hazard": "damp-and-mould", "severity": "significant", "aware_at": AT},
    "occurred_on": "2026-11-01",
    "aware_on": "2026-11-02",
    "channel": "phone",
    "contact": CONTACT,
    "representative": {"name": "Sam Okafor", "relationship": "son", "consent": True},
    "complainants": ["Bo Okafor", {"name": "Cy Okafor"}],
    "received_at": AT,
}

TO_BE_DONE = {"description": "Mend it.", "by": "2026-12-23", "owner": "Fixit"}

COMPLAINTS: Mapping[tuple[str, str], Valid] = {
    ("post", "/v1/complaints"): Valid((COMPLAINT,)),
    ("get", "/v1/complaints"): Valid(
        query={"status": "received", "about": "repairs", **AT_HOME, **LISTED}, alone={"updated_since": AT}
    ),
    ("get", "/v1/complaints/annual-report"): Valid(query={"year": "2026", "format": "csv"}),
    ("get", "/v1/complaints/{reference}"): Valid(path=ON),
    ("post", "/v1/complaints/{reference}/triage"): act(
        {
            **WHY,
            "route": "refused",
            "handler": OFFICER,
            "service": "repairs",
            "choice": "service_request",
            "other_body": {"name": "The water company", "told_by": "phone"},
            "ground": "over_twelve_months",
            "evidence": "The letter of 2024.",
            "discretion": "Nothing kept the resident from complaining.",
            "considered": "Nobody vulnerable.",
        },
        {"route": "stage_1", "handler": "Ola Reyes"},
    ),
    ("post", "/v1/complaints/{reference}/assignment"): act({"handler": OFFICER, "occurred_at": AT}),
    ("post", "/v1/complaints/{reference}/conflict-of-interest"): act({**WHY, "officer": OFFICER}),
    ("post", "/v1/complaints/{reference}/acknowledgement"): act(
        {
            "method": "letter",
            "understanding": "The roof leaks.",
            "next_steps": "We look at it.",
            "outcome_sought": "Mend it.",
            "not_ours": [{"point": 1, "reason": "It is the neighbour's."}],
            "adjustments_made": True,
            "occurred_at": AT,
        }
    ),
    ("post", "/v1/complaints/{reference}/points"): act(
        {"points": ["The door, too.", {"text": "The bins.", "about": "other_service"}], "occurred_at": AT}
    ),
    ("post", "/v1/complaints/{reference}/extension"): act(
        {**WHY, "working_days": 5, "good_reason": "A survey is needed.", "adjustments_made": True}
    ),
    ("post", "/v1/complaints/{reference}/contact-restriction"): act(
        {**WHY, "restriction": "By letter alone.", "review_on": "2027-02-01"}
    ),
    ("post", "/v1/complaints/{reference}/contact-restriction-lifting"): act(WHY),
    ("post", "/v1/complaints/{reference}/updates"): act(
        {"message": "We wait for the firm.", "adjustments_made": True, "occurred_at": AT}
    ),
    ("post", "/v1/complaints/{reference}/update-interval"): act({"every": "weekly", "occurred_at": AT}),
    ("post", "/v1/complaints/{reference}/adjustments"): act(
        {**WHY, "adjustments": ["Large print."], "large_print": True, "review_on": "2027-02-01"},
        {**WHY, "adjustments": []},
    ),
    ("post", "/v1/complaints/{reference}/response"): act(
        {
            "outcome": "upheld",
            "findings": "We were late.",
            "points": [{"point": 1, "outcome": "upheld", "findings": "We were late."}],
            "remedies": [
                "apology",
                {
                    "kind": "money",
                    "amount": "120.00",
                    "basis": "Delay",
                    "description": "x",
                    "by": "2026-12-23",
                },
            ],
            "actions": [TO_BE_DONE],
            "understanding": "The roof leaks.",
            "learning": "We look at roofs each year.",
            "adjustments_made": True,
            "occurred_at": AT,
        }
    ),
    ("post", "/v1/complaints/{reference}/escalation"): act(WHY),
    ("post", "/v1/complaints/{reference}/actions/{n}/completion"): Valid(
        ({"notes": "Done.", "occurred_at": AT},), path={**ON, "n": "1"}
    ),
    ("post", "/v1/complaints/{reference}/actions/{n}/failure"): Valid(
        (
            {
                **WHY,
                "alternative": "Pay you £50.",
                "by": "2026-12-23",
                "amount": "50.00",
                "owner": "Fixit",
                "occurred_at": AT,
            },
        ),
        path={**ON, "n": "1"},
    ),
    ("post", "/v1/complaints/{reference}/ombudsman-referral"): act(
        {"their_reference": "202600001", "occurred_at": AT}
    ),
    ("post", "/v1/complaints/{reference}/ombudsman-determination"): act(
        {"outcome": "maladministration", "findings": "Late.", "orders": [TO_BE_DONE], "occurred_at": AT}
    ),
    ("post", "/v1/complaints/{reference}/reopening"): act(WHY),
    ("post", "/v1/complaints/{reference}/withdrawal"): act(WHY),
    ("post", "/v1/complaints/{reference}/contact"): act({**CONTACT, "occurred_at": AT}),
    ("get", "/v1/complaints/{reference}/letters"): Valid(path=ON),
    ("get", "/v1/complaints/{reference}/letters/{kind}"): Valid(
        path={**ON, "kind": "stage-1"}, query={"stage": "1", "sequence": "1"}
    ),
    ("get", "/v1/complaints/{reference}/reasons"): Valid(path=ON),
    ("get", "/internal/referrals/{reference}"): Valid(path=ON, role="service", query={"asked_by": "asb"}),
    ("get", "/internal/letters/{reference}/{sequence}"): Valid(path={**ON, "sequence": "1"}, role="service"),
    **of_every_owner("complaints"),
}
