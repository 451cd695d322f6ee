"""A valid request for every route that takes a body or a parameter: the hostile ones are made from these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.repairs.actions.update_schemas import BatchedUpdate
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
REPORT = {
    "property": HOME,
    "fault": "tap-not-turning",
    "description": "It does not turn.",
    "channel": "phone",
    "contact": CONTACT,
    "vulnerable": False,
    "other_working_toilet": True,
    "at_toilet_pan": False,
    "tenure": "secure",
    "caused_by_resident": False,
    "handyperson": False,
    "hazard": {
        "hazard": "damp-and-mould",
        "severity": "significant",
        "aware_at": AT,
        "household_health": "A child has asthma.",
    },
    "received_at": AT,
    "imported": False,
}
WHY = {"reason": "It has to be.", "occurred_at": AT}
SLOT = {
    "trade": "plumbing",
    "starts_at": "2026-12-01T09:00:00Z",
    "ends_at": "2026-12-01T12:00:00Z",
    "capacity": 3,
    "contractor": "Fixit",
}
COMPLETED = {
    "type": "completed",
    "occurred_at": AT,
    "operative": "J. Mason",
    "notes": "A new washer.",
    "clean_and_tidy": True,
    "identification_shown": True,
}
NO_ACCESS = {"type": "no_access", "way": "knocked", "outcome": "no answer"}
FOLLOW_ON = {"type": "follow_on_needed", "appointment": {"starts_at": AT, "ends_at": LATER}}
IN_A_SLOT = {"type": "follow_on_needed", "appointment": {"slot_id": UUID}}
UPDATES = (COMPLETED, NO_ACCESS, FOLLOW_ON, IN_A_SLOT)
SERVICED = {"occurred_at": AT, "certificate": "GS-1", "notes": "Cleaned."}
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
CELLS = (
    "kind,address,postcode,uprn,property_reference,location,last_serviced_on\n"
    "heating,2 Mercury Gardens,RM1 3SL,12,HAV-0042,Hall,31/03/2026\n"
)

OFFICERS_OF, SCOPES = ("repairs", "residents", "asb"), ("asb", "manager", "mail", "calendar")

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Valid:
    """Valid bodies of a route, with every field in at least one, its query and path, and who sends them.

    `alone` are parameters that another of the query contradicts.
    """

    bodies: tuple[Body, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    alone: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    role: str = "officer"
    file: tuple[str, bytes] | None = None

    def headers(self, callers: Callers) -> Headers:
        if self.role in SERVICE:
            return callers.service("contacts", "cases", "households")
        if self.role in ("frontend", "resident"):
            return callers.frontend() if self.role == "frontend" else callers.resident()
        return callers.ops() if self.role == "ops" else callers.officer(*OFFICERS_OF, scopes=SCOPES)


ON = {"reference": REFERENCE}
TRACKED = {"surname": "Okafor", "postcode": "RM1 3SL"}
RIGHT = "/v1/repairs/{reference}/right-to-repair"
HAZARD = "/v1/repairs/{reference}/hazard"


def act(*bodies: Body) -> Valid:
    """An act on a case that there is not: 404 where it is valid."""
    return Valid(bodies, path=ON)


def _of_every_owner(cases: str) -> Mapping[tuple[str, str], Valid]:
    """The routes that every service of cases has: attachments, and what is asked inside."""
    return {
        ("post", f"/v1/{cases}/{{reference}}/attachments"): Valid(
            query={"kind": "photo"}, path=ON, file=("application/pdf", b"%PDF-1.4\n%%EOF\n")
        ),
        ("get", f"/v1/{cases}/{{reference}}/attachments"): Valid(path=ON),
        ("get", f"/v1/{cases}/{{reference}}/attachments/{{id}}"): Valid(path={**ON, "id": UUID}),
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


REPAIRS: Mapping[tuple[str, str], Valid] = {
    ("get", "/v1/repairs/guide"): Valid(query={"on": "2026-11-23"}),
    ("post", "/v1/repairs"): Valid((REPORT,)),
    ("get", "/v1/repairs"): Valid(
        query={
            "status": "reported",
            "priority": "1",
            "queue": "handyperson",
            "contractor": "Fixit",
            "visit_on": "2026-11-23",
            **AT_HOME,
            **LISTED,
        },
        alone={"updated_since": AT},
    ),
    ("get", "/v1/repairs/{reference}"): Valid(path=ON),
    ("post", "/v1/repairs/{reference}/tracking"): Valid((TRACKED,), path=ON, role="frontend"),
    ("post", "/v1/repairs/{reference}/contact"): act({**CONTACT, "occurred_at": AT}),
    ("post", "/v1/repairs/updates"): Valid(({"updates": [{"reference": REFERENCE, **NO_ACCESS}]},)),
    ("post", "/v1/repairs/{reference}/assignment"): act(
        {"contractor": "Fixit", "handler": "Ola Reyes"},
        {"contractor": "Fixit", "handler": {"name": "Ola Reyes", "department": "repairs", "subject": "o-1"}},
    ),
    ("post", "/v1/repairs/{reference}/updates"): act(*UPDATES),
    ("get", "/v1/repairs/{reference}/updates"): Valid(query=PAGE, path=ON),
    ("post", "/v1/repairs/{reference}/updates/{number}/decision"): Valid(
        ({"accepted": True, "reason": "The log book says so."},), path={**ON, "number": "7"}
    ),
    ("post", "/v1/repairs/{reference}/estimate"): act({"amount": "120.00", "occurred_at": AT}),
    ("post", "/v1/repairs/{reference}/priority"): act({**WHY, "priority": 1}),
    ("post", "/v1/repairs/{reference}/cancellation"): act(WHY),
    ("get", "/v1/repairs/{reference}/reasons"): Valid(path=ON),
    ("get", "/v1/repairs/{reference}/appointment-offers"): Valid(path=ON),
    ("post", "/v1/repairs/{reference}/appointment"): act({"slot_id": UUID, "occurred_at": AT}),
    ("post", "/v1/repairs/{reference}/appointment/cancellation"): act(WHY),
    ("post", "/v1/slots"): Valid((SLOT,)),
    ("get", "/v1/slots"): Valid(
        query={"trade": "plumbing", "contractor": "Fixit", "from": AT, "to": LATER, **PAGE}
    ),
    ("get", "/v1/slots/{slot_id}"): Valid(path={"slot_id": UUID}),
    ("post", "/v1/slots/{slot_id}/withdrawal"): Valid(path={"slot_id": UUID}),
    ("post", "/v1/repairs/{reference}/recharge"): act(
        {"reason": "Kicked in.", "estimated_cost": "120.00", "administration_charge": "18.00"}
    ),
    ("get", "/v1/repairs/{reference}/recharge"): Valid(path=ON),
    ("post", "/v1/repairs/{reference}/recharge/signature"): act(
        {"signed_by": "Ada Okafor", "signature": "Ada Okafor", "occurred_at": AT}
    ),
    ("post", "/v1/repairs/{reference}/recharge/decline"): act({"reason": "Not mine."}),
    ("post", "/v1/repairs/{reference}/recharge/waiver"): act({"reason": "Wear and tear."}),
    ("post", "/v1/repairs/{reference}/second-contractor"): act({"contractor": "Mendem", "occurred_at": AT}),
    ("post", f"{RIGHT}/suspension"): act(WHY),
    ("post", f"{RIGHT}/resumption"): act(WHY),
    ("post", f"{RIGHT}/end"): act({**WHY, "because": "no_access"}),
    ("post", "/v1/repairs/{reference}/compensation/set-off"): act({"amount": "12.00", "reason": "Rent."}),
    ("post", HAZARD): act(
        {
            "hazard": "damp-and-mould",
            "severity": "significant",
            "aware_at": AT,
            "household_health": "A child has asthma.",
        }
    ),
    ("post", f"{HAZARD}/material-change"): act(
        {
            "severity": "emergency",
            "change": "It spread.",
            "household_health": "A child has asthma.",
            "occurred_at": AT,
        }
    ),
    ("post", f"{HAZARD}/in-person-request"): act({"occurred_at": AT}),
    ("post", f"{HAZARD}/decant/answer"): act(
        {"accepted": True, "suitability": "Near school.", "occurred_at": AT}
    ),
    ("post", f"{HAZARD}/reasonable-step"): act({"kind": "specialist", "step": "Asked.", "occurred_at": AT}),
    ("post", f"{HAZARD}/end"): act({"because": "moved_out", "reason": "Keys returned.", "occurred_at": AT}),
    ("post", f"{HAZARD}/investigation"): act(
        {
            "finding": "significant",
            "further_work_needed": True,
            "in_person": False,
            "investigator": {"name": "A. Surveyor", "competence": "Chartered"},
            "occurred_at": AT,
        }
    ),
    ("post", f"{HAZARD}/summary"): act(
        {
            "hazard": "damp-and-mould",
            "action": "We treat it.",
            "begin_by": "2026-12-01",
            "complete_by": "2026-12-23",
            "contact": "01708 434343",
            "how_to_complain": "Write to us.",
            "delivery": "Posted.",
            "occurred_at": AT,
        },
        {
            "hazard": "none",
            "why_no_action": "It is dry.",
            "contact": "01708 434343",
            "how_to_complain": "Write to us.",
        },
        {"told": "All is done."},
    ),
    ("post", f"{HAZARD}/safety-work"): act({"work": "Taped off.", "occurred_at": AT}),
    ("post", f"{HAZARD}/preventive-work"): act(
        {"steps": "Ordered.", "occurred_at": AT},
        {"begun": True, "occurred_at": AT},
        {"begin_by": "2026-12-23", "reason": "Parts.", "occurred_at": AT},
    ),
    ("post", f"{HAZARD}/decant"): act(
        {
            "reason": "Damp.",
            "suitability": "Near school.",
            "from": "2026-11-23",
            "to": "2026-12-23",
            "occurred_at": AT,
        }
    ),
    ("post", f"{HAZARD}/access-attempt"): act({"way": "phoned", "outcome": "no answer", "occurred_at": AT}),
    ("post", "/v1/appliances"): Valid(
        (
            {
                "kind": "heating",
                "property": HOME,
                "location": "Hall",
                "last_serviced_on": "2026-01-05",
                "received_at": AT,
            },
        )
    ),
    ("get", "/v1/appliances"): Valid(
        query={"status": "registered", "kind": "heating", **AT_HOME, **LISTED},
        alone={"due_before": AT, "overdue": "true", "updated_since": AT},
    ),
    ("post", "/v1/appliances/register"): Valid(file=("text/csv", CELLS.encode())),
    ("get", "/v1/appliances/{reference}"): Valid(path=ON),
    ("get", "/v1/appliances/{reference}/services"): Valid(path=ON),
    ("post", "/v1/appliances/{reference}/services"): act(SERVICED, {"serviced_on": "2026-11-23"}),
    ("post", "/v1/appliances/{reference}/removal"): act(WHY),
    ("post", "/v1/appliances/{reference}/contact"): act({**CONTACT, "occurred_at": AT}),
    **_of_every_owner("repairs"),
}

COMPLAINT = {
    "imported": False,
    "about": "repairs",
    "about_reference": REFERENCE,
    "description": "Nobody came.",
    "points": ["The roof leaks."],
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
OFFICER = {"name": "Ola Reyes", "department": "complaints", "subject": "o-1"}
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
            "occurred_at": AT,
        }
    ),
    ("post", "/v1/complaints/{reference}/points"): act({"points": ["The door, too."], "occurred_at": AT}),
    ("post", "/v1/complaints/{reference}/extension"): act(
        {**WHY, "working_days": 5, "good_reason": "A survey is needed."}
    ),
    ("post", "/v1/complaints/{reference}/contact-restriction"): act(
        {**WHY, "restriction": "By letter alone.", "review_on": "2027-02-01"}
    ),
    ("post", "/v1/complaints/{reference}/contact-restriction-lifting"): act(WHY),
    ("post", "/v1/complaints/{reference}/updates"): act(
        {"message": "We wait for the firm.", "occurred_at": AT}
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
    ("get", "/v1/complaints/{reference}/letters/{kind}"): Valid(path={**ON, "kind": "stage-1"}),
    ("get", "/v1/complaints/{reference}/reasons"): Valid(path=ON),
    ("get", "/internal/referrals/{reference}"): Valid(path=ON, role="service"),
    ("get", "/internal/letters/{reference}/{sequence}"): Valid(path={**ON, "sequence": "1"}, role="service"),
    **_of_every_owner("complaints"),
}

PLAN = {
    "summary": "A good start.",
    "needs": "Help with electricity.",
    "goals": "Bills on time.",
    "actions": "We ring together.",
    "review_on": "2027-01-11",
}
TENANCY = {
    "tenant": "Ada Okafor",
    "joint_tenants": [{"tenant": "Ben Okafor", "contact": CONTACT}],
    "property": HOME,
    "started_on": "2026-11-02",
    "care_leaver": False,
    "vulnerable": False,
    "channel": "officer",
    "contact": CONTACT,
    "resident": "ada",
    "received_at": AT,
    "imported": False,
}
VISIT = "/v1/tenancies/{reference}/settling-in-visit"
SUPPORT_PLAN = "/v1/tenancies/{reference}/support-plan"
HOMES = (
    "address,postcode,uprn,property_reference,block,estate\n2 Mercury Gardens,RM1 3SL,12,HAV-0042,A,Town\n"
)

RESIDENTS: Mapping[tuple[str, str], Valid] = {
    ("post", "/v1/tenancies"): Valid((TENANCY,)),
    ("get", "/v1/tenancies"): Valid(
        query={"status": "started", **AT_HOME, **LISTED, "department": "residents"},
        alone={"updated_since": AT},
    ),
    ("get", "/v1/tenancies/{reference}"): Valid(path=ON),
    ("get", "/v1/tenancies/{reference}/reads"): Valid(path=ON, query=PAGE),
    ("post", f"{VISIT}/booking"): act({"at": "2026-12-01T09:00:00Z", "occurred_at": AT}),
    ("post", VISIT): act(
        {"completed_at": AT, "support_plan": PLAN, "identification_shown": True},
        {"completed_at": AT, "support_plan": None, "why_no_plan": "None wished."},
    ),
    ("post", f"{SUPPORT_PLAN}/request"): act({"occurred_at": AT}),
    ("post", SUPPORT_PLAN): act({"support_plan": PLAN, "occurred_at": AT}),
    ("post", "/v1/tenancies/{reference}/joint-tenants"): act({"joint_tenants": [], "occurred_at": AT}),
    ("post", "/v1/tenancies/{reference}/vulnerability"): act({"vulnerable": True, "occurred_at": AT}),
    ("post", "/v1/tenancies/{reference}/contact"): act({**CONTACT, "occurred_at": AT}),
    ("post", "/v1/tenancies/{reference}/end"): act({"occurred_at": AT}, {"ended_on": "2026-11-23"}),
    ("post", "/v1/properties"): Valid(({**HOME, "block": "Mercury House", "estate": "Town"},)),
    ("post", "/v1/properties/register"): Valid(file=("text/csv", HOMES.encode())),
    ("post", "/v1/properties/announcement"): Valid(),
    ("get", "/v1/properties"): Valid(query={**AT_HOME, **PAGE}),
    ("get", "/v1/properties/{id}"): Valid(path={"id": UUID}),
    ("get", "/internal/households"): Valid(
        query={"purpose": "a repair is reported", "uprn": "12", "property_reference": "HAV-0042"},
        role="service",
    ),
    **_of_every_owner("tenancies"),
}

ASB_ROUTE = "/v1/asb/{reference}"
ON_ASB = {"reference": "CAS-7K3M-Q9TX"}
INCIDENT = {
    "description": "They shouted.",
    "happened_on": "2026-11-20",
    "reported_on": "2026-11-21",
    "reported_to": "police",
}
ASB_REPORT = {
    "category": "noise",
    "hate_incident": False,
    "description": "Every night.",
    "contact": CONTACT,
    "reporter": "witness",
    "property": HOME,
    "incidents": [INCIDENT],
    "alleged_perpetrator": {
        "name": "Robin Loud",
        "address": "3 Mercury Gardens",
        "description": "Tall.",
        "subject": "somebody",
    },
    "channel": "phone",
    "received_at": AT,
    "imported": False,
}
APPLICATION = {
    "grounds": "It goes on.",
    "applicant": {"name": "Bo Smith", "contact": CONTACT},
    "consent": True,
    "occurred_at": AT,
}
DECISION = {"threshold_met": True, "persistence": "Weekly.", "harm": "Fear.", "adequacy": "Little."}
RECOMMENDATION = {"recommendation": "Patrol.", "body": "police", "by": "2026-12-24"}


def asb_act(*bodies: Body) -> Valid:
    """An act on a case that there is not, by an officer of that team."""
    return Valid(tuple({**body, "occurred_at": AT} for body in bodies), path=ON_ASB)


ASB: Mapping[tuple[str, str], Valid] = {
    ("post", "/v1/asb"): Valid((ASB_REPORT,)),
    ("get", "/v1/asb"): Valid(
        query={
            **LISTED,
            "status": "open",
            "category": "noise",
            "priority": "2",
            "risk": "high",
            "risk_to_assess": "true",
            "department": "asb",
        },
        alone={"updated_since": AT},
    ),
    ("get", "/v1/asb/break-glass"): Valid(query=PAGE),
    ("get", "/v1/asb/case-reviews"): Valid(query={"year": "2026"}),
    ("get", ASB_ROUTE): Valid(path=ON_ASB),
    ("get", f"{ASB_ROUTE}/diary"): Valid(path=ON_ASB),
    ("get", f"{ASB_ROUTE}/reads"): Valid(query=PAGE, path=ON_ASB),
    ("get", f"{ASB_ROUTE}/suggestions"): Valid(path=ON_ASB),
    ("post", f"{ASB_ROUTE}/priority"): asb_act({"priority": 1, "reason": "Threats."}),
    ("post", f"{ASB_ROUTE}/victim-contact"): asb_act({"method": "phone", "reached": True, "notes": "Well."}),
    ("post", f"{ASB_ROUTE}/visit"): asb_act(
        {"action_plan_agreed": True, "plan": "A diary.", "identification_shown": True}
    ),
    ("post", f"{ASB_ROUTE}/action-plan"): asb_act({"plan": "A diary."}),
    ("post", f"{ASB_ROUTE}/updates"): asb_act({"message": "We wrote to them."}),
    ("post", f"{ASB_ROUTE}/update-frequency"): asb_act({"every": "weekly", "reason": "Asked."}),
    ("post", f"{ASB_ROUTE}/risk"): asb_act({"score": "high", "reason": "Threats."}),
    ("post", f"{ASB_ROUTE}/risk/review"): asb_act({"outcome": "Patrols."}),
    ("post", f"{ASB_ROUTE}/incidents"): asb_act({**INCIDENT, "category": "noise", "hate_incident": False}),
    ("post", f"{ASB_ROUTE}/actions"): asb_act(
        {"kind": "warning", "reference": "W-1", "date": "2026-11-20", "notes": "By hand."}
    ),
    ("post", f"{ASB_ROUTE}/joining"): asb_act({"reference": "CAS-7K3M-Q9TX", "reason": "The same people."}),
    ("post", f"{ASB_ROUTE}/home"): asb_act({"property": HOME}),
    ("post", f"{ASB_ROUTE}/damage"): asb_act(
        {
            "fault": "window-frames",
            "for_contractor": "One pane.",
            "description": "A stone.",
            "repair_responsibility": True,
        }
    ),
    ("post", f"{ASB_ROUTE}/closure"): asb_act(
        {"reason": "It has stopped.", "agreed_with_victim": False, "why_not": "Not reached."}
    ),
    ("post", f"{ASB_ROUTE}/survey"): asb_act({}),
    ("post", f"{ASB_ROUTE}/survey/answers"): asb_act(
        {"satisfied": False, "comments": "Slow.", "complaint": True}
    ),
    ("post", f"{ASB_ROUTE}/review"): asb_act({"outcome": "reopen", "reason": "It goes on."}),
    ("post", f"{ASB_ROUTE}/case-review"): Valid((APPLICATION,), path=ON_ASB),
    ("post", f"{ASB_ROUTE}/case-review/referrals"): asb_act({"body": "police", "sent_on": "2026-11-20"}),
    ("post", f"{ASB_ROUTE}/case-review/decision"): asb_act(DECISION),
    ("post", f"{ASB_ROUTE}/case-review/outcome"): asb_act(
        {"outcome": "More patrols.", "recommendations": [RECOMMENDATION], "told_on": "2026-11-20"}
    ),
    ("post", f"{ASB_ROUTE}/case-review/completion"): asb_act(
        {"recommendation": 1, "completed_on": "2026-11-20"}
    ),
    ("post", f"{ASB_ROUTE}/team"): asb_act(
        {
            "members": ["officer-7"],
            "handler": {"name": "Ola Reyes", "department": "asb", "subject": "officer-7"},
        }
    ),
    ("post", f"{ASB_ROUTE}/break-glass"): asb_act({"reason": "Somebody is in danger."}),
    ("post", f"{ASB_ROUTE}/contact"): asb_act(CONTACT),
    ("get", "/internal/damages/{reference}/{number}"): Valid(path={**ON_ASB, "number": "1"}, role="service"),
    ("get", "/internal/complaints/{reference}"): Valid(path=ON_ASB, role="service"),
    **_of_every_owner("asb"),
}

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

MAIL = b"From: Ada <ada@example.org>\r\nSubject: Bins\r\nMessage-ID: <1@example.org>\r\n\r\nWhere?\r\n"
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
    ("get", "/v1/enquiries/{reference}/messages"): Valid(path=ON),
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
    ("post", "/v1/calls"): Valid((CALL, {"queued_at": AT, "abandoned_at": AT})),
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
    ("post", "/v1/feedback"): Valid((FEEDBACK,)),
    ("get", "/v1/feedback"): Valid(query={"status": "open", **LISTED}, alone={"updated_since": AT}),
    ("get", "/v1/feedback/{reference}"): Valid(path=ON),
    ("post", "/v1/feedback/improvements"): Valid(
        ({"about": "repairs", "you_said": "Late.", "we_did": "More vans.", "done_on": "2026-11-02"},)
    ),
    ("get", "/v1/feedback/improvements"): Valid(),
    ("post", "/v1/feedback/{reference}/follow-up"): act({"outcome": "We rang.", "occurred_at": AT}),
    ("post", "/v1/feedback/{reference}/complaint"): act({"occurred_at": AT}),
    **_of_every_owner("enquiries"),
}

NOTIFICATIONS: Mapping[tuple[str, str], Valid] = {
    ("get", "/v1/standards"): Valid(),
    ("get", "/v1/deadlines"): Valid(
        query={
            "state": "running",
            "service": "repairs",
            "standard": "repairs.priority-1",
            "department": "repairs",
            "reference": REFERENCE,
            "due_before": AT,
            **PAGE,
        }
    ),
    ("get", "/v1/cases/{reference}/deadlines"): Valid(path=ON),
    ("get", "/v1/cases/{reference}/timeline"): Valid(path=ON),
    ("get", "/v1/worklist"): Valid(
        query={"department": "repairs", "handler": "me", "unassigned": "false", "due": "late", **PAGE}
    ),
    ("get", "/v1/notices"): Valid(query={"reference": REFERENCE, "status": "sent", **PAGE}),
    ("get", "/v1/performance"): Valid(query={"from": "2026-11-01", "to": "2026-11-23"}),
    ("get", "/v1/performance/measures"): Valid(query={"year": "2026"}),
    ("get", "/v1/calendar"): Valid(query={"year": "2026"}),
    ("post", "/v1/calendar/closures"): Valid(
        ({"date": "2100-11-30", "reason": "Burst main"},), query={"dry_run": "true"}
    ),
    ("post", "/v1/calendar/closures/{day}/withdrawal"): Valid(
        ({"reason": "Mended."},), query={"dry_run": "false"}, path={"day": "2100-11-29"}
    ),
    ("post", "/v1/reconciliations"): Valid(role="ops"),
    ("get", "/v1/reconciliations"): Valid(role="ops"),
    ("get", "/v1/dead-letters"): Valid(query={"queue": "repairs"}, role="ops"),
    ("post", "/v1/dead-letters/replay"): Valid(({"queue": "repairs", "limit": 5},), role="ops"),
    ("get", "/internal/status"): Valid(),
    ("get", "/internal/metrics"): Valid(),
}

SERVICES = {
    "repairs": REPAIRS,
    "complaints": COMPLAINTS,
    "notifications": NOTIFICATIONS,
    "residents": RESIDENTS,
    "asb": ASB,
    "enquiries": ENQUIRIES,
}

GATEWAY: Mapping[tuple[str, str], Valid] = {
    ("get", "/v1/me/cases"): Valid(query=PAGE, role="resident"),
    ("post", "/v1/me/cases/claims"): Valid(role="resident"),  # its owner judges the body, at /internal/claims
    ("post", "/v1/token"): Valid(),  # its form is OAuth's, with errors of its own (RFC 6749, section 5.2)
    ("get", "/status"): Valid(),
    ("get", "/metrics"): Valid(role="ops"),
}

# Monitors and browsers may add what they like to these: nothing of a query is looked at.
ANY_QUERY = {("get", path) for path in ("/health/live", "/health/ready", "/.well-known/jwks.json")}

ITEMS: Mapping[tuple[str, str], tuple[str, type[BatchedUpdate], tuple[Body, ...]]] = {
    ("post", "/v1/repairs/updates"): (
        "updates",
        BatchedUpdate,
        tuple({"reference": REFERENCE, **update} for update in UPDATES),
    )
}
"""For each batch, the field with the items, which are judged one by one; their model; and valid ones."""
